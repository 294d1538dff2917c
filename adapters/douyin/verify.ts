import { fromHex } from "../shared/hmac.ts";
import { sameBytes } from "../shared/secrets.ts";

export const SIGNATURE_HEADER = "x-douyin-signature";

/** A plain hash of the secret and the body, as hexadecimal. https://developer.open-douyin.com/docs/resource/zh-CN/dop/develop/webhooks/overview */
export async function signBody(clientSecret: string, body: Uint8Array): Promise<Uint8Array> {
  const secret = new TextEncoder().encode(clientSecret);
  const both = new Uint8Array(secret.length + body.length);
  both.set(secret);
  both.set(body, secret.length);
  return new Uint8Array(await crypto.subtle.digest("SHA-1", both));
}

/** Whether a webhook is Douyin's. A header sent twice arrives joined with a comma, which is no hexadecimal. */
export function createVerify(clientSecret: string): (headers: Headers, body: Uint8Array) => Promise<boolean> {
  return async (headers, body) => {
    const given = fromHex(headers.get(SIGNATURE_HEADER));
    const expected = await signBody(clientSecret, body);
    return given !== undefined && sameBytes(given, expected);
  };
}
