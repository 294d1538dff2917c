import { fromBase64, toBase64 } from "../core/base64.ts";
import { MalformedError } from "../core/errors.ts";
import type { Page } from "../core/ports.ts";
import type { Seal } from "../core/seal.ts";

/** Cursors leave sealed and come back only if they are ours: opaque, and of no use with another shop's keys. */
export function createPaging(seal: Seal) {
  const encoder = new TextEncoder();
  return {
    async open(cursor: string | undefined, scope: string): Promise<string | undefined> {
      if (cursor === undefined) return undefined;
      const [body = "", signature = ""] = cursor.split(".");
      let keys = "";
      try {
        keys = new TextDecoder("utf-8", { fatal: true }).decode(
          fromBase64(body.replaceAll("-", "+").replaceAll("_", "/")),
        );
      } catch {
        // not base64, so not ours: refused below
      }
      if (keys !== "" && (await seal.verify("cursor", `${scope}|${keys}`, signature))) return keys;
      throw new MalformedError("request.invalid_cursor", "The cursor is not one this list gave out.");
    },
    async close<T, U>(page: Page<T>, scope: string, map: (item: T) => U): Promise<{ items: U[]; next: string | null }> {
      const next =
        page.next === null
          ? null
          : `${toBase64(encoder.encode(page.next)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}.${await seal.sign("cursor", `${scope}|${page.next}`)}`;
      return { items: page.items.map(map), next };
    },
  };
}
export type Paging = ReturnType<typeof createPaging>;
