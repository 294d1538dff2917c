import { ConfigError } from "../../src/core/errors.ts";

/**
 * Compares a secret that a request carries with ours in constant time, by their SHA-256 digests, so that neither length nor content
 * shows in how long it takes (`security.md` WH-3).
 * @throws {ConfigError} when our own secret is blank: an inbox without a secret must not start.
 */
export function createSecretCheck(expected: string): (given: string | null) => Promise<boolean> {
  if (expected.trim() === "") throw new ConfigError("channel.secret_missing", "The channel needs its secret.");
  const ours = sha256(expected);
  return async (given) => sameBytes(await sha256(given ?? ""), await ours);
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
