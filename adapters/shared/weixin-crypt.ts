import { fromBase64, fromHex, toBase64 } from "./hmac.ts";
import { sameBytes, toHex } from "./secrets.ts";

/**
 * The signatures and sealed packets of WeChat and WeCom callbacks, by Web Crypto alone.
 * https://developers.weixin.qq.com/doc/oplatform/developers/dev/auth/encrypt.html
 */

/** The hexadecimal sha1 of the token and the parts, sorted as bytes and joined. */
export async function signParts(token: string, parts: readonly string[]): Promise<string> {
  // All are ASCII, of which the default order is that of the bytes.
  const joined = [token, ...parts].sort().join("");
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-1", encoder.encode(joined))));
}

/** Constant-time; a missing or ill-formed signature is simply wrong. */
export async function isSigned(
  signature: string | undefined,
  token: string,
  parts: readonly string[],
): Promise<boolean> {
  const given = fromHex(signature);
  const expected = fromHex(await signParts(token, parts));
  return given !== undefined && expected !== undefined && sameBytes(given, expected);
}

/** What a callback's address says about it. */
export interface SignedQuery {
  readonly timestamp: string;
  readonly nonce: string;
  /** The other parameters, each of which stands once. */
  get(name: string): string | undefined;
}

const MAX_SKEW_MS = 5 * 60_000;

/**
 * Reads a callback's query: undefined if a parameter stands twice, or time and nonce are not what the platform sends. The signed text has no
 * separators, so only fixed forms keep its parts from being cut elsewhere (`security.md` WH-4).
 */
export function readSignedQuery(url: URL, now: number): SignedQuery | undefined {
  const names = [...url.searchParams.keys()];
  if (new Set(names).size !== names.length) return undefined;
  const get = (name: string) => url.searchParams.get(name) ?? undefined;
  const timestamp = get("timestamp") ?? "";
  const nonce = get("nonce") ?? "";
  if (!/^\d{10}$/.test(timestamp) || Math.abs(Number(timestamp) * 1000 - now) > MAX_SKEW_MS) return undefined;
  return /^[A-Za-z0-9]{1,32}$/.test(nonce) ? { timestamp, nonce, get } : undefined;
}

/** Opens and makes the packets: 16 random bytes, the message's length in 4, the message, the receiver's id. */
export interface Packets {
  /** Undefined for every fault alike: padding, length, receiver. */
  open(encrypted: string | undefined): Promise<Uint8Array | undefined>;
  seal(message: string | Uint8Array): Promise<string>;
}

/** @param options.receiver The app id (WeChat) or corp id (WeCom) every packet ends in. */
export function createPackets(options: { readonly encodingAesKey: string; readonly receiver: string }): Packets {
  // 43 characters hold 258 bits; the platform does not clear the last two, so the strict decoder would refuse its keys.
  const keyBytes = Uint8Array.from(atob(`${options.encodingAesKey}=`), (character) => character.charCodeAt(0));
  const iv = keyBytes.slice(0, 16);
  const receiver = encoder.encode(options.receiver);
  let imported: Promise<CryptoKey> | undefined;
  const key = () => {
    imported ??= crypto.subtle.importKey("raw", keyBytes, "AES-CBC", false, ["encrypt", "decrypt"]);
    return imported;
  };
  const encrypt = async (from: Uint8Array<ArrayBuffer>, data: Uint8Array<ArrayBuffer>) =>
    new Uint8Array(await crypto.subtle.encrypt({ name: "AES-CBC", iv: from }, await key(), data));

  return {
    async open(encrypted) {
      const sealed = fromBase64(encrypted);
      if (sealed === undefined || sealed.length % 16 !== 0) return undefined;
      // Web Crypto insists on the padding of 16-byte blocks, and these packets have their own, of 32. Encrypting nothing, chained to the last
      // block, makes exactly the block of padding it wants to find, and take off.
      const tail = await encrypt(sealed.slice(-16), new Uint8Array());
      const whole = concat(sealed, tail);
      const packet = new Uint8Array(await crypto.subtle.decrypt({ name: "AES-CBC", iv }, await key(), whole));
      return messageOf(packet, receiver);
    },
    async seal(message) {
      const bytes = typeof message === "string" ? encoder.encode(message) : message;
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, bytes.length);
      const packet = concat(crypto.getRandomValues(new Uint8Array(16)), length, bytes, receiver);
      const padding = BLOCK - (packet.length % BLOCK);
      const padded = concat(packet, new Uint8Array(padding).fill(padding));
      // The last block is Web Crypto's own padding.
      return toBase64((await encrypt(iv, padded)).slice(0, padded.length));
    },
  };
}

/** What a packet of the largest XML is in base64, with its envelope. */
export const MAX_ENVELOPE_BYTES = 360 * 1024;

const encoder = new TextEncoder();
const BLOCK = 32;
const HEAD = 20;

function messageOf(packet: Uint8Array, receiver: Uint8Array): Uint8Array | undefined {
  const padding = packet.at(-1) ?? 0;
  const end = packet.length - padding;
  if (padding < 1 || padding > BLOCK || end < HEAD) return undefined;
  const length = new DataView(packet.buffer, packet.byteOffset).getUint32(16);
  if (HEAD + length > end || !sameBytes(packet.subarray(HEAD + length, end), receiver)) return undefined;
  return packet.slice(HEAD, HEAD + length);
}

function concat(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
