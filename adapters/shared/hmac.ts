import { fromBase64 as bytesOf, toBase64 } from "../../src/core/base64.ts";
import { ConfigError } from "../../src/core/errors.ts";

type Hash = "SHA-1" | "SHA-256" | "SHA-512";

/** Makes and checks HMAC signatures; `crypto.subtle.verify` compares in constant time on every runtime (`security.md` WH-3). */
export interface Hmac {
  sign(data: string | Uint8Array): Promise<Uint8Array>;
  /** A signature that could not be decoded (`undefined`) is simply wrong. */
  verify(signature: Uint8Array | undefined, data: string | Uint8Array): Promise<boolean>;
}

/** @throws {ConfigError} when the secret is blank. */
export function createHmac(secret: string | Uint8Array, hash: Hash = "SHA-256"): Hmac {
  const bytes = toBytes(secret);
  if (bytes.every((byte) => byte <= 0x20)) {
    throw new ConfigError("channel.secret_missing", "The channel needs its secret.");
  }
  const algorithm = { name: "HMAC", hash };
  let imported: Promise<CryptoKey> | undefined;
  const key = () => {
    imported ??= crypto.subtle.importKey("raw", bytes, algorithm, false, ["sign", "verify"]);
    return imported;
  };
  return {
    sign: async (data) => new Uint8Array(await crypto.subtle.sign("HMAC", await key(), toBytes(data))),
    verify: async (signature, data) =>
      signature !== undefined && crypto.subtle.verify("HMAC", await key(), new Uint8Array(signature), toBytes(data)),
  };
}

/** Hexadecimal of either case and nothing else; undefined when it is not. */
export function fromHex(text: string | null | undefined): Uint8Array | undefined {
  if (text === null || text === undefined || !/^(?:[0-9a-f]{2})+$/i.test(text)) return undefined;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

/** Standard base64 with its padding, in its one canonical spelling; undefined when it is not. */
export function fromBase64(text: string | null | undefined): Uint8Array | undefined {
  if (text === null || text === undefined || !/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0)
    return undefined;
  const bytes = bytesOf(text);
  return toBase64(bytes) === text ? bytes : undefined;
}

export { toBase64 };

function toBytes(data: string | Uint8Array): Uint8Array<ArrayBuffer> {
  return typeof data === "string" ? new TextEncoder().encode(data) : new Uint8Array(data);
}
