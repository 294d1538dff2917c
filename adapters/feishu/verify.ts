import { z } from "zod";
import type { WebhookRequest } from "../../src/core/adapter.ts";
import { PayloadError, SignatureError } from "../../src/core/errors.ts";
import { fromBase64, fromHex } from "../shared/hmac.ts";
import { parseJson } from "../shared/json.ts";
import { createSecretCheck, sameBytes } from "../shared/secrets.ts";
import type { FeishuConfig } from "./config.ts";

export const SIGNATURE_HEADER = "x-lark-signature";
export const TIMESTAMP_HEADER = "x-lark-request-timestamp";
export const NONCE_HEADER = "x-lark-request-nonce";
/** A delivery is repeated for six hours with its first timestamp or a new one; what is older is a replay. */
const MAX_AGE_MS = 7 * 3_600_000;

const encryptedSchema = z.object({ encrypt: z.string().max(1_500_000) });
const proofSchema = z.object({
  type: z.string().optional(),
  token: z.string().optional(),
  challenge: z
    .string()
    .regex(/^[\w-]{1,200}$/)
    .optional(),
  header: z.object({ token: z.string().optional(), app_id: z.string().optional() }).optional(),
});

export interface Opened {
  readonly body: unknown;
  /** Of the URL check, to be given back. */
  readonly challenge?: string;
}

/**
 * Opens what Feishu posted: with an encrypt key signed and encrypted, without one proven by its token alone.
 * https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/encrypt-key-encryption-configuration-case
 * @throws {SignatureError} for every cause alike.
 */
export function createOpen(
  config: FeishuConfig,
  now: () => number,
): (request: Pick<WebhookRequest, "headers" | "body">) => Promise<Opened> {
  const { encryptKey, verificationToken, appId } = config;
  const isOurToken = createSecretCheck(verificationToken);
  return async (request) => {
    const isFreshlySigned = isFresh(request.headers, now());
    if (isFreshlySigned && (await verifyCardSignature(verificationToken, request)))
      return { body: parseJson(request.body) };
    const isSigned = encryptKey !== undefined && isFreshlySigned && (await verifySignature(encryptKey, request));
    const body = await decode(request.body, encryptKey, isSigned);
    const proof = proofSchema.safeParse(body).data;
    const isCheck = proof?.type === "url_verification" && proof.challenge !== undefined;
    if (!isSigned) {
      // With a key everything but the URL check is signed; that one, and all without a key, is proven by its token.
      const isProven = await isOurToken(proof?.header?.token ?? proof?.token ?? null);
      if (!isProven || (encryptKey !== undefined && !isCheck)) throw new SignatureError();
    }
    // A body of another app (`security.md` WH-5).
    if (proof?.header?.app_id !== undefined && proof.header.app_id !== appId)
      throw new SignatureError("another_account");
    return isCheck ? { body, challenge: proof.challenge ?? "" } : { body };
  };
}

/** https://open.feishu.cn/document/server-docs/event-subscription-guide/event-subscription-configure-/request-url-configuration-case#signature: a plain hash, with the key inside. */
export async function verifySignature(
  encryptKey: string,
  { headers, body }: Pick<WebhookRequest, "headers" | "body">,
): Promise<boolean> {
  const given = headers.get(SIGNATURE_HEADER) ?? "";
  if (!/^[0-9a-f]{64}$/.test(given)) return false;
  return sameBytes(fromHex(given) ?? new Uint8Array(), await sign(encryptKey, { headers, body, hash: "SHA-256" }));
}

export async function sign(
  key: string,
  { headers, body, hash }: Pick<WebhookRequest, "headers" | "body"> & { readonly hash: "SHA-1" | "SHA-256" },
): Promise<Uint8Array> {
  const head = new TextEncoder().encode(
    (headers.get(TIMESTAMP_HEADER) ?? "") + (headers.get(NONCE_HEADER) ?? "") + key,
  );
  const whole = new Uint8Array(head.length + body.length);
  whole.set(head);
  whole.set(body, head.length);
  return new Uint8Array(await crypto.subtle.digest(hash, whole));
}

function isFresh(headers: Headers, now: number): boolean {
  const timestamp = headers.get(TIMESTAMP_HEADER) ?? "";
  return /^\d{10}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now) <= MAX_AGE_MS;
}

/** Buttons of cards made with the old card URL: SHA-1 with the verification token. https://open.feishu.cn/document/deprecated-guide/message-card/message-card-callback */
export async function verifyCardSignature(
  verificationToken: string,
  { headers, body }: Pick<WebhookRequest, "headers" | "body">,
): Promise<boolean> {
  const given = headers.get(SIGNATURE_HEADER) ?? "";
  if (!/^[0-9a-f]{40}$/.test(given)) return false;
  return sameBytes(fromHex(given) ?? new Uint8Array(), await sign(verificationToken, { headers, body, hash: "SHA-1" }));
}

/**
 * With a key only what it encrypts is read; without one only what is plain.
 * @throws {PayloadError} when it is signed, and still no JSON.
 */
async function decode(body: Uint8Array, encryptKey: string | undefined, isSigned: boolean): Promise<unknown> {
  try {
    const outer = parseJson(body);
    return encryptKey === undefined
      ? outer
      : parseJson(await decrypt(encryptKey, encryptedSchema.parse(outer).encrypt));
  } catch (error) {
    // Not JSON, not encrypted, or with another key: for who has not signed one answer for all.
    throw isSigned ? new PayloadError("The body is not encrypted JSON.", error) : new SignatureError();
  }
}

/** AES-256-CBC, its key the hash of the key's text, its IV the first block. Padding that is wrong is refused by `decrypt` itself. */
export async function decrypt(encryptKey: string, encrypted: string): Promise<Uint8Array> {
  const bytes = fromBase64(encrypted);
  if (bytes === undefined || bytes.length < 32 || bytes.length % 16 !== 0) throw new SignatureError();
  const key = await importKey(encryptKey, "decrypt");
  const plain = await crypto.subtle.decrypt({ name: "AES-CBC", iv: bytes.slice(0, 16) }, key, bytes.slice(16));
  return new Uint8Array(plain);
}

export async function importKey(encryptKey: string, use: "encrypt" | "decrypt"): Promise<CryptoKey> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(encryptKey));
  return crypto.subtle.importKey("raw", digest, "AES-CBC", false, [use]);
}
