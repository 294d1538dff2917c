import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAccessTokens } from "../../adapters/shared/access-token.ts";
import { callPlatform } from "../../adapters/shared/call.ts";
import { createFakeClock, createFakeState } from "../../adapters/shared/fake.ts";
import { createHmac, fromBase64, fromHex, toBase64 } from "../../adapters/shared/hmac.ts";
import { parseJson } from "../../adapters/shared/json.ts";
import { refused, refusedByStatus } from "../../adapters/shared/receipts.ts";
import { createSecretCheck, sameBytes, toHex } from "../../adapters/shared/secrets.ts";
import { createShortValues } from "../../adapters/shared/short-values.ts";
import { ConfigError, PayloadError, UnavailableError } from "../../src/core/errors.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("parseJson", () => {
  test("reads what JSON.parse reads", () => {
    fc.assert(
      fc.property(
        fc.json({ maxDepth: 5 }).filter((text) => !/\d{16}/.test(text)),
        (text) => {
          expect(parseJson(bytes(text))).toEqual(JSON.parse(text));
        },
      ),
    );
  });
  test("keeps integers beyond 2^53 as text, wherever they stand, and other numbers as they are", () => {
    const text =
      '{"a":24681012345678901,"b":[-9007199254740993],"c":"24681012345678901","d":1.5e20,"e":9007199254740991,"f":0.1234567890123456}';
    expect(parseJson(bytes(text))).toEqual({
      a: "24681012345678901",
      b: ["-9007199254740993"],
      c: "24681012345678901",
      d: 1.5e20,
      e: 9007199254740991,
      f: 0.1234567890123456,
    });
  });
  test("takes 32 levels and refuses 33, not counting brackets in strings", () => {
    const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
    expect(parseJson(bytes(nested(32)))).toBeDefined();
    expect(() => parseJson(bytes(nested(33)))).toThrow(PayloadError);
    const inString = JSON.stringify({ text: `${"[{".repeat(50)}\\"` });
    expect(parseJson(bytes(inString))).toEqual(JSON.parse(inString));
  });
  test("refuses invalid UTF-8 and what is no JSON", () => {
    expect(() => parseJson(new Uint8Array([0x22, 0xff, 0x22]))).toThrow(PayloadError);
    expect(() => parseJson(bytes("{'a':1}"))).toThrow(PayloadError);
    expect(() => parseJson(bytes(""))).toThrow(PayloadError);
  });
  test("sets no prototype", () => {
    const value = parseJson(bytes('{"__proto__":{"admin":true}}'));
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

describe("secrets and signatures", () => {
  test("a secret equals itself only", async () => {
    const isOurs = createSecretCheck("correct-horse");
    expect(await isOurs("correct-horse")).toBe(true);
    for (const wrong of ["correct-hors", "correct-horse ", "Correct-horse", "", "undefined", null])
      expect(await isOurs(wrong)).toBe(false);
  });
  test("bytes are the same only when all of them are", () => {
    expect(sameBytes(bytes("abc"), bytes("abc"))).toBe(true);
    for (const wrong of ["abd", "ab", "abcd", ""]) expect(sameBytes(bytes("abc"), bytes(wrong))).toBe(false);
  });
  test("a blank secret is refused", () => {
    expect(() => createSecretCheck("  ")).toThrow(ConfigError);
    expect(() => createHmac("")).toThrow(ConfigError);
  });
  test("signs as RFC 4231 test case 2 and RFC 2202 test case 2", async () => {
    const data = "what do ya want for nothing?";
    const sha256 = await createHmac("Jefe").sign(data);
    expect(toHex(sha256)).toBe("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    expect(toHex(await createHmac("Jefe", "SHA-1").sign(data))).toBe("effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
    expect(await createHmac("Jefe").verify(sha256, data)).toBe(true);
    expect(await createHmac("Jefe").verify(sha256.slice(1), data)).toBe(false);
    expect(await createHmac("Jefe").verify(undefined, data)).toBe(false);
  });
  test("decodes one spelling only", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (value) => {
        expect(fromHex(toHex(value))).toEqual(value);
        expect(fromBase64(toBase64(value))).toEqual(value);
      }),
    );
    for (const wrong of ["", "a", "0g", " 00", "00\n", null]) expect(fromHex(wrong)).toBeUndefined();
    for (const wrong of ["", "AA", "AB==", "A-A=", "AAAA\n", "AA==AA==", null])
      expect(fromBase64(wrong)).toBeUndefined();
  });
});

describe("callPlatform", () => {
  const call = (fetch: typeof globalThis.fetch, signal?: AbortSignal) =>
    callPlatform({ fetch, timeoutMs: 20 }, { url: "https://api.example/secret-token/send", json: { a: 1 }, signal });
  const failing = (error: unknown) => () => Promise.reject(error);
  const network = (code: string) =>
    new TypeError("fetch failed: https://api.example/secret-token", {
      cause: Object.assign(new Error(code), { code }),
    });

  test("gives status, headers and JSON, or no body where there is none", async () => {
    expect(await call(async () => Response.json({ ok: 1 }, { status: 201 }))).toMatchObject({
      answered: true,
      status: 201,
      body: { ok: 1 },
    });
    expect(await call(async () => new Response("<html>", { status: 502 }))).toMatchObject({
      answered: true,
      status: 502,
      body: undefined,
    });
  });
  test.each([
    [network("ECONNREFUSED"), "delivery.unavailable"],
    [network("ENOTFOUND"), "delivery.unavailable"],
    [
      new TypeError("fetch failed", { cause: new AggregateError([network("ECONNREFUSED"), network("ENETUNREACH")]) }),
      "delivery.unavailable",
    ],
    [
      new TypeError("fetch failed", { cause: new AggregateError([network("ECONNREFUSED"), network("ECONNRESET")]) }),
      "delivery.outcome_unknown",
    ],
    [network("ECONNRESET"), "delivery.outcome_unknown"],
    [network("UND_ERR_SOCKET"), "delivery.outcome_unknown"],
    [new UnavailableError("outbound.refused", "private"), "delivery.unavailable"],
    ["odd", "delivery.outcome_unknown"],
  ])("reads %s as %s, without its words", async (error, code) => {
    const answer = await call(failing(error));
    expect(answer).toMatchObject({ answered: false, receipt: { code, retryable: true } });
    expect(JSON.stringify(answer)).not.toContain("secret-token");
  });
  test("does not know the outcome of what broke while the answer was read, or took too long", async () => {
    const broken = new ReadableStream({ pull: (controller) => controller.error(network("ECONNRESET")) });
    expect(await call(async () => new Response(broken))).toMatchObject({
      receipt: { code: "delivery.outcome_unknown" },
    });
    const hanging: typeof fetch = (_, init) =>
      new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
    expect(await call(hanging)).toMatchObject({ receipt: { code: "delivery.outcome_unknown" } });
    const cancel = new AbortController();
    const cancelled = call(hanging, cancel.signal);
    cancel.abort();
    expect(await cancelled).toMatchObject({ receipt: { code: "delivery.cancelled", retryable: false } });
  });
});

test.each([
  [429, "delivery.rate_limited", 7000],
  [503, "delivery.unavailable", 7000],
  [500, "delivery.unavailable", 7000],
  [502, "delivery.outcome_unknown", undefined],
  [504, "delivery.outcome_unknown", undefined],
  [200, "delivery.outcome_unknown", undefined],
  [401, "delivery.unauthorized", undefined],
  [400, "delivery.bad_request", undefined],
])("status %i alone means %s", (status, code, retryAfterMs) => {
  expect(refusedByStatus(status, new Headers({ "retry-after": "7" }), "x")).toMatchObject({
    code,
    ...(retryAfterMs && { retryAfterMs }),
  });
});

describe("createShortValues", () => {
  test("carries any value through 64 bytes and back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme", minLength: 1, maxLength: 300 }), async (value) => {
        const values = createShortValues(createFakeState(createFakeClock()), 64);
        const data = await values.shorten(value);
        expect(bytes(data).length).toBeLessThanOrEqual(64);
        expect(await values.expand(data)).toBe(value);
        expect(await values.shorten(value)).toBe(data);
      }),
    );
  });
  test("does not take a value for another's token", async () => {
    const values = createShortValues(createFakeState(createFakeClock()), 64);
    expect(await values.expand(await values.shorten("~pretender"))).toBe("~pretender");
    expect(await values.expand("~unknown")).toBeUndefined();
  });
});

describe("createAccessTokens", () => {
  function setUp() {
    const clock = createFakeClock();
    const state = createFakeState(clock);
    let fetched = 0;
    const fetchToken = async () => {
      fetched += 1;
      return { ok: true, token: `t${fetched}`, expiresInMs: 7_200_000 } as const;
    };
    const create = () => createAccessTokens({ state, now: clock.now }, "token", fetchToken);
    return { clock, create, count: () => fetched };
  }
  test("fetches once for many, shares with other processes, and renews before the end", async () => {
    const { clock, create, count } = setUp();
    const tokens = create();
    await Promise.all([tokens.get(), tokens.get(), tokens.get()]);
    expect(await create().get()).toEqual({ ok: true, token: "t1" });
    expect(count()).toBe(1);
    clock.advance(7_000_000);
    expect(await tokens.get()).toEqual({ ok: true, token: "t2" });
  });
  test("replaces a refused token once, by another process's newer one if there is one", async () => {
    const { create, count } = setUp();
    const [one, other] = [create(), create()];
    await one.get();
    await other.get();
    expect(await one.renew("t1")).toEqual({ ok: true, token: "t2" });
    expect(await one.renew("t1")).toEqual({ ok: true, token: "t2" });
    expect(await other.renew("t1")).toEqual({ ok: true, token: "t2" });
    expect(count()).toBe(2);
  });
  test("passes a refusal on and asks again the next time", async () => {
    const clock = createFakeClock();
    const receipt = refused("delivery.unauthorized", "no");
    const tokens = createAccessTokens({ state: createFakeState(clock), now: clock.now }, "k", async () => ({
      ok: false,
      receipt,
    }));
    expect(await tokens.get()).toEqual({ ok: false, receipt });
    expect(await tokens.get()).toEqual({ ok: false, receipt });
  });
});
