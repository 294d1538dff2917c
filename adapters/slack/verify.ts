import { createHmac, fromHex } from "../shared/hmac.ts";

export const SIGNATURE_HEADER = "x-slack-signature";
export const TIMESTAMP_HEADER = "x-slack-request-timestamp";
const MAX_SKEW_S = 300;

/** What Slack signs: version, time and the raw body. https://docs.slack.dev/authentication/verifying-requests-from-slack */
export function signedBytes(timestamp: string, body: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`v0:${timestamp}:`);
  const bytes = new Uint8Array(head.length + body.length);
  bytes.set(head);
  bytes.set(body, head.length);
  return bytes;
}

/** HMAC-SHA256 in hex behind `v0=`, at most five minutes from now either way. */
export function createVerify(
  signingSecret: string,
  now: () => number,
): (headers: Headers, body: Uint8Array) => Promise<boolean> {
  const hmac = createHmac(signingSecret);
  return async (headers, body) => {
    const timestamp = headers.get(TIMESTAMP_HEADER) ?? "";
    const [, hex] = /^v0=([0-9a-f]{64})$/.exec(headers.get(SIGNATURE_HEADER) ?? "") ?? [];
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now() / 1000 - Number(timestamp)) > MAX_SKEW_S) return false;
    return hmac.verify(fromHex(hex), signedBytes(timestamp, body));
  };
}
