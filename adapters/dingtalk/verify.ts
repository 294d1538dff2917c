import type { AdapterState, WebhookRequest } from "../../src/core/adapter.ts";
import { createHmac, fromBase64 } from "../shared/hmac.ts";
import { sha256, toHex } from "../shared/secrets.ts";

const MAX_AGE_MS = 3_600_000;

export interface Proof {
  /** Told once the message is stored: with another body the signature is worth nothing any more. */
  readonly remember: () => Promise<void>;
}

/**
 * Whether DingTalk signed the request, within an hour. The signature does not cover the body: one that was used is taken again for the same
 * bytes only (`security.md` WH-4). https://open.dingtalk.com/document/orgapp/receive-message
 */
export function createVerify(
  appSecret: string,
  { now, state }: { readonly now: () => number; readonly state: AdapterState },
): (request: Pick<WebhookRequest, "headers" | "body">) => Promise<Proof | undefined> {
  const hmac = createHmac(appSecret);
  return async ({ headers, body }) => {
    const timestamp = headers.get("timestamp") ?? "";
    const sign = headers.get("sign") ?? "";
    if (!/^\d{13}$/.test(timestamp) || Math.abs(Number(timestamp) - now()) > MAX_AGE_MS) return undefined;
    if (!(await hmac.verify(fromBase64(sign), `${timestamp}\n${appSecret}`))) return undefined;
    const key = `sign:${toHex(await sha256(sign)).slice(0, 40)}`;
    const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", new Uint8Array(body))));
    const used = await state.get(key);
    if (used !== undefined && used !== digest) return undefined;
    return { remember: () => state.set(key, digest, { ttlMs: 2 * MAX_AGE_MS }) };
  };
}
