/** Secrets at rest and signed words, from one deployment secret; `security.md` §8. Web Crypto only, so it runs anywhere. */
import { fromBase64, toBase64 } from "./base64.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Seal {
  /** AES-256-GCM under a fresh nonce; `context` (shop, table, row, column) must be the same to open it. */
  seal(plain: string, context: string): Promise<string>;
  /** @throws when the key or the context is another, or the text was changed */
  open(sealed: string, context: string): Promise<string>;
  /** Hex HMAC-SHA-256 for one purpose; keys of different purposes never agree. */
  sign(purpose: string, text: string): Promise<string>;
  verify(purpose: string, text: string, signature: string): Promise<boolean>;
}

const PREFIX = "enc:1:";

export function isSealed(value: unknown): value is string {
  return typeof value === "string" && value.startsWith(PREFIX);
}

export function createSeal(secret: string): Seal {
  const base = crypto.subtle.importKey("raw", encoder.encode(secret), "HKDF", false, ["deriveKey", "deriveBits"]);
  const keys = new Map<string, Promise<CryptoKey>>();
  const hkdf = (purpose: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(0),
    info: encoder.encode(`xiaoer:${purpose}`),
  });
  const key = (purpose: string, kind: "aes" | "hmac"): Promise<CryptoKey> => {
    const known = keys.get(purpose);
    if (known !== undefined) return known;
    const made = base.then((material) =>
      kind === "aes"
        ? crypto.subtle.deriveKey(hkdf(purpose), material, { name: "AES-GCM", length: 256 }, false, [
            "encrypt",
            "decrypt",
          ])
        : crypto.subtle.deriveKey(hkdf(purpose), material, { name: "HMAC", hash: "SHA-256", length: 256 }, false, [
            "sign",
            "verify",
          ]),
    );
    keys.set(purpose, made);
    return made;
  };
  return {
    async seal(plain, context) {
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const body = await crypto.subtle.encrypt(
        { name: "AES-GCM", iv, additionalData: encoder.encode(context) },
        await key("at-rest", "aes"),
        encoder.encode(plain),
      );
      return `${PREFIX}${toBase64(iv)}:${toBase64(new Uint8Array(body))}`;
    },
    async open(sealed, context) {
      const [iv = "", body = ""] = sealed.slice(PREFIX.length).split(":");
      const plain = await crypto.subtle.decrypt(
        { name: "AES-GCM", iv: fromBase64(iv), additionalData: encoder.encode(context) },
        await key("at-rest", "aes"),
        fromBase64(body),
      );
      return decoder.decode(plain);
    },
    async sign(purpose, text) {
      return toHex(new Uint8Array(await crypto.subtle.sign("HMAC", await key(purpose, "hmac"), encoder.encode(text))));
    },
    async verify(purpose, text, signature) {
      const bytes = fromHex(signature);
      return (
        bytes !== undefined && crypto.subtle.verify("HMAC", await key(purpose, "hmac"), bytes, encoder.encode(text))
      );
    },
  };
}

/** SHA-256 in hex: how tokens are stored. */
export async function digest(text: string): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(text))));
}

/** 256 random bits, URL-safe. */
export function randomToken(): string {
  return toBase64(crypto.getRandomValues(new Uint8Array(32)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
}

export function toHex(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return text;
}

/** Undefined for anything but pairs of hex digits. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return undefined;
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(i * 2, i * 2 + 2), 16));
}
