import { ConfigError } from "../../src/core/errors.ts";
import { fromHex } from "../shared/hmac.ts";

export const SIGNATURE_HEADER = "x-signature-ed25519";
export const TIMESTAMP_HEADER = "x-signature-timestamp";

/** What Discord signs: the time as it is sent, and the raw body. */
export function signedBytes(timestamp: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new TextEncoder().encode(timestamp);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/**
 * Ed25519 by the application's key; Discord probes the address with bad signatures and wants 401. A repeated request has a known interaction id,
 * so its time is not judged. https://docs.discord.com/developers/interactions/overview#setting-up-an-endpoint-validating-security-request-headers
 */
export function createVerify(publicKey: string): (headers: Headers, body: Uint8Array) => Promise<boolean> {
  const raw = fromHex(publicKey);
  if (raw?.length !== 32) throw new ConfigError("channel.secret_missing", "The channel needs its public key.");
  let imported: Promise<CryptoKey> | undefined;
  return async (headers, body) => {
    const timestamp = headers.get(TIMESTAMP_HEADER) ?? "";
    const signature = fromHex(headers.get(SIGNATURE_HEADER));
    if (!/^\d{1,20}$/.test(timestamp) || signature?.length !== 64) return false;
    imported ??= crypto.subtle.importKey("raw", new Uint8Array(raw), "Ed25519", false, ["verify"]);
    return crypto.subtle.verify("Ed25519", await imported, new Uint8Array(signature), signedBytes(timestamp, body));
  };
}
