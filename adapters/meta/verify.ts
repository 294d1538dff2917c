import type { WebhookRequest } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { createHmac, fromHex } from "../shared/hmac.ts";
import { plainText } from "../shared/plain-text.ts";
import { createSecretCheck } from "../shared/secrets.ts";

export const SIGNATURE_HEADER = "x-hub-signature-256";

/** Whether Meta signed these bytes. https://developers.facebook.com/docs/graph-api/webhooks/getting-started#validate-payloads */
export function createVerify(
  appSecret: string,
): (request: Pick<WebhookRequest, "headers" | "body">) => Promise<boolean> {
  const hmac = createHmac(appSecret);
  return async ({ headers, body }) => {
    const [, hex] = /^sha256=([0-9a-f]{64})$/.exec(headers.get(SIGNATURE_HEADER) ?? "") ?? [];
    return hmac.verify(fromHex(hex), body);
  };
}

/**
 * Answers the subscription check with its challenge. https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests
 * @returns a function that throws {SignatureError} unless the token is ours; every parameter may be given once.
 */
export function createHandshake(verifyToken: string): (url: URL) => Promise<Response> {
  const isOurs = createSecretCheck(verifyToken);
  return async ({ searchParams }) => {
    const only = (name: string) => (searchParams.getAll(name).length === 1 ? searchParams.get(name) : null);
    const challenge = only("hub.challenge") ?? "";
    const known = await isOurs(only("hub.verify_token"));
    if (!known || only("hub.mode") !== "subscribe" || !/^[\w.-]{1,200}$/.test(challenge)) throw new SignatureError();
    return plainText(challenge);
  };
}
