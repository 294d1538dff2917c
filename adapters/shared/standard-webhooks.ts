import { z } from "zod";
import type { AdapterDeps, WebhookRequest } from "../../src/core/adapter.ts";
import { ConfigError } from "../../src/core/errors.ts";
import { callPlatform, type PlatformAnswer, type PlatformCall } from "./call.ts";
import { createHmac, fromBase64, toBase64 } from "./hmac.ts";

// https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const PREFIX = "whsec_";
/** The specification's least: 24 bytes. */
const MIN_BYTES = 24;
const TOLERANCE_MS = 300_000;
const ROTATION_MS = 24 * 3_600_000;

/** `whsec_` and base64, base64 alone, or (where the other side can do no better) any text of 24 characters and more. */
export const webhookSecret = z
  .string()
  .trim()
  .refine(
    (secret) => toKey(secret) !== undefined,
    "A secret is whsec_ and base64 of 24 bytes or more, or 24 characters or more.",
  );

/** The secret before, which signs for another 24 hours after the change (`security.md` WH-4). */
export const rotationFields = {
  previousSecret: webhookSecret,
  secretChangedAt: z.iso.datetime({ offset: true }),
} as const;

export interface WebhookSecrets {
  readonly secret: string;
  readonly previousSecret?: string | undefined;
  /** When the secret took the place of the previous one. */
  readonly secretChangedAt?: string | undefined;
}

/**
 * Whether the request is signed with our secret, within 5 minutes; its `webhook-id` when it is.
 * @throws {ConfigError} when a secret is unusable.
 */
export function createWebhookVerify(
  { secret, previousSecret, secretChangedAt }: WebhookSecrets,
  now: () => number,
): (request: Pick<WebhookRequest, "headers" | "body">) => Promise<string | undefined> {
  const current = createHmac(keyOf(secret));
  const previous = previousSecret === undefined ? undefined : createHmac(keyOf(previousSecret));
  const previousUntil = secretChangedAt === undefined ? 0 : Date.parse(secretChangedAt) + ROTATION_MS;
  return async ({ headers, body }) => {
    const id = headers.get("webhook-id") ?? "";
    const timestamp = headers.get("webhook-timestamp") ?? "";
    const signatures = readSignatures(headers.get("webhook-signature") ?? "");
    if (!/^[\x21-\x7e]{1,500}$/.test(id) || !/^\d{1,12}$/.test(timestamp)) return undefined;
    if (Math.abs(Number(timestamp) * 1000 - now()) > TOLERANCE_MS) return undefined;
    const signed = toSigned(id, timestamp, body);
    const keys = previous !== undefined && now() < previousUntil ? [current, previous] : [current];
    const checks = keys.flatMap((key) => signatures.map((signature) => key.verify(signature, signed)));
    return (await Promise.all(checks)).includes(true) ? id : undefined;
  };
}

/** Signs what we send; a repeat has the same id and a fresh time. */
export function createWebhookSigner(secret: string) {
  const hmac = createHmac(keyOf(secret));
  return async (id: string, at: number, body: string | Uint8Array): Promise<Record<string, string>> => {
    const timestamp = String(Math.floor(at / 1000));
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const signature = toBase64(await hmac.sign(toSigned(id, timestamp, bytes)));
    return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
  };
}

/** Posts a signed JSON body; redirects are not followed, as the specification asks. */
export function createWebhookPost(
  deps: AdapterDeps,
  { url, secret }: { readonly url: string; readonly secret: string },
) {
  const sign = createWebhookSigner(secret);
  const fetch: typeof globalThis.fetch = (input, init) => deps.fetch(input, { ...init, redirect: "manual" });
  return async (id: string, json: unknown, signal: PlatformCall["signal"]): Promise<PlatformAnswer> => {
    const body = JSON.stringify(json);
    const headers = { "content-type": "application/json", ...(await sign(id, deps.now(), body)) };
    return callPlatform({ ...deps, fetch }, { url, headers, body, signal });
  };
}

/** `v1,<base64>` separated by spaces, of any version; one that is not so makes all of them void. */
function readSignatures(header: string): readonly Uint8Array[] {
  const parts = header.split(" ");
  if (parts.length > 10 || !parts.every((part) => /^v[0-9a-z]+,[A-Za-z0-9+/]+={0,2}$/.test(part))) return [];
  return parts.flatMap((part) => (part.startsWith("v1,") ? (fromBase64(part.slice(3)) ?? []) : []));
}

function toSigned(id: string, timestamp: string, body: Uint8Array): Uint8Array {
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  return signed;
}

function toKey(secret: string): Uint8Array | undefined {
  const bare = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : secret;
  const decoded = fromBase64(bare);
  if (decoded !== undefined || bare !== secret)
    return decoded !== undefined && decoded.length >= MIN_BYTES ? decoded : undefined;
  return secret.length >= MIN_BYTES ? new TextEncoder().encode(secret) : undefined;
}

function keyOf(secret: string): Uint8Array {
  const key = toKey(secret);
  if (key === undefined) throw new ConfigError("channel.secret_missing", "The channel needs its secret.");
  return key;
}
