import fc from "fast-check";
import { afterEach, expect, it, vi } from "vitest";
import { fromBase64, toBase64 } from "../../src/core/base64.ts";

afterEach(() => vi.unstubAllGlobals());

it.each(["built in", "by hand"])("%s, bytes come back as they were, and the text is what others write", (how) => {
  if (how === "by hand")
    vi.stubGlobal(
      "Uint8Array",
      class extends Uint8Array {
        static readonly fromBase64 = undefined;
      },
    );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), (bytes) => {
      if (how === "by hand") Object.defineProperty(bytes, "toBase64", { value: undefined });
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString("base64"));
      expect(Buffer.from(fromBase64(text)).equals(Buffer.from(bytes))).toBe(true);
    }),
  );
  expect(() => fromBase64("%%%")).toThrow();
});
