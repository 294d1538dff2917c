import { createHmac, fromBase64 } from "../shared/hmac.ts";

export const SIGNATURE_HEADER = "x-line-signature";

/**
 * HMAC-SHA256 of the raw body in standard base64. https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/
 * The SDK's `validateSignature` also takes other spellings of base64, so it is not used.
 */
export function createVerify(channelSecret: string): (headers: Headers, body: Uint8Array) => Promise<boolean> {
  const hmac = createHmac(channelSecret);
  return (headers, body) => hmac.verify(fromBase64(headers.get(SIGNATURE_HEADER)), body);
}
