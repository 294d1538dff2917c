import type { AdapterState, WebhookRequest } from "../../src/core/adapter.ts";
import { createHmac, fromHex } from "../shared/hmac.ts";
import { createSecretCheck, sha256, toHex } from "../shared/secrets.ts";
import { createWebhookVerify } from "../shared/standard-webhooks.ts";

const MAX_AGE_MS = 300_000;

/**
 * Whether the mail is handed on by who has our secret: a Standard Webhooks signature, or (for a pipe or a worker that can sign nothing) the
 * secret itself as Bearer token. A request that has any signature header must have a good one.
 */
export function createVerify(secret: string, now: () => number): (request: WebhookRequest) => Promise<boolean> {
  const verify = createWebhookVerify({ secret }, now);
  const isOurs = createSecretCheck(secret);
  return async (request) => {
    const signs = [...request.headers.keys()].some((name) => name.startsWith("webhook-"));
    if (signs) return (await verify(request)) !== undefined;
    // https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    return isOurs(/^Bearer (\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null);
  };
}

export interface MailgunProof {
  readonly token: string;
  /** Told once the mail is stored: a second use of the token is a replay. */
  readonly remember: () => Promise<void>;
}

/**
 * Mailgun signs a time and a token, not the mail; both hold for 5 minutes, and a token once.
 * https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
 */
export function createMailgunVerify(
  signingKey: string,
  { now, state }: { readonly now: () => number; readonly state: AdapterState },
) {
  const hmac = createHmac(signingKey);
  return async (fields: ReadonlyMap<string, string>): Promise<MailgunProof | undefined> => {
    const { timestamp, token, signature } = Object.fromEntries(fields);
    if (timestamp === undefined || token === undefined || !/^\d{1,12}$/.test(timestamp) || token.length > 200)
      return undefined;
    if (Math.abs(Number(timestamp) * 1000 - now()) > MAX_AGE_MS) return undefined;
    if (!(await hmac.verify(fromHex(signature), timestamp + token))) return undefined;
    const key = `mailgun:${toHex(await sha256(token))}`;
    if ((await state.get(key)) !== undefined) return undefined;
    return { token, remember: () => state.set(key, "1", { ttlMs: 2 * MAX_AGE_MS }) };
  };
}
