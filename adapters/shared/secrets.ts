import { ConfigError } from "../../src/core/errors.ts";

/** No platform's secret is longer; what a request carries beyond it shows in its length. */
const WIDTH = 1024;
const encoder = new TextEncoder();

/**
 * Compares a secret that a request carries with ours in constant time, both brought to one length first, so that neither length nor
 * content shows in how long it takes (`security.md` WH-3).
 * @throws {ConfigError} when our own secret is blank: an inbox without a secret must not start.
 */
export function createSecretCheck(expected: string): (given: string | null) => Promise<boolean> {
  if (expected.trim() === "" || encoder.encode(expected).length > WIDTH)
    throw new ConfigError("channel.secret_missing", `The channel needs its secret, of at most ${WIDTH} bytes.`);
  const ours = widen(expected);
  return async (given) => sameBytes(widen(given ?? ""), ours);
}

/** A text's length and then its bytes, in as many bytes as any other's. */
function widen(text: string): Uint8Array {
  const bytes = new Uint8Array(4 + WIDTH);
  new DataView(bytes.buffer).setUint32(0, text.length);
  encoder.encodeInto(text, bytes.subarray(4));
  return bytes;
}

/** Constant-time for equal lengths; lengths are public (digests, signatures). */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (let index = 0; index < a.length; index += 1) difference |= (a[index] ?? 0) ^ (b[index] ?? 0);
  return difference === 0;
}

export async function sha256(text: string): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
