import { z } from "zod";
import type { InboundEvent, WebhookRequest } from "../../src/core/adapter.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { createHmac, fromBase64 } from "../shared/hmac.ts";
import { sameBytes, sha256, toHex } from "../shared/secrets.ts";
import { wireName, wireText } from "../shared/wire.ts";
import { type Call, type ParseOptions, toMessage } from "./parse.ts";

export const TWILIO_HEADER = "x-twilio-signature";

/**
 * Whether Twilio signed the request: the public URL and every field of the form in order. https://www.twilio.com/docs/usage/security
 * @param publicUrl The address as entered at Twilio, where a proxy shows us another.
 */
export function createTwilioVerify(
  authToken: string,
  publicUrl?: string,
): (request: WebhookRequest) => Promise<boolean> {
  const hmac = createHmac(authToken, "SHA-1");
  return async ({ url, headers, body }) => {
    const address = publicUrl === undefined ? url.href : withSearch(publicUrl, url);
    const text = decode(body);
    if (text === undefined) return false;
    const isForm = (headers.get("content-type") ?? "").startsWith("application/x-www-form-urlencoded");
    const hash = url.searchParams.get("bodySHA256");
    if (!isForm && (hash === null || !sameBytes(encode(toHex(await sha256(text))), encode(hash.toLowerCase()))))
      return false;
    const signature = fromBase64(headers.get(TWILIO_HEADER));
    return hmac.verify(signature, address + (isForm ? signedFields(new URLSearchParams(text)) : ""));
  };
}

/** https://www.twilio.com/docs/voice/api/call-resource#statuscallback and …/api/recording#recordingstatuscallback */
const callbackSchema = z.object({
  CallSid: z.string().regex(/^\w{2,64}$/),
  CallStatus: wireName.optional(),
  From: wireText.optional(),
  To: wireText.optional(),
  Direction: wireText.optional(),
  CallerName: wireName.optional(),
  CallDuration: z
    .string()
    .regex(/^\d{1,7}$/)
    .optional(),
  RecordingSid: z
    .string()
    .regex(/^\w{2,64}$/)
    .optional(),
  RecordingUrl: z.url({ protocol: /^https$/ }).optional(),
  Timestamp: wireText.optional(),
});

const STATES: Readonly<Record<string, "ringing" | "answered" | "ended">> = {
  ringing: "ringing",
  "in-progress": "answered",
  answered: "answered",
  completed: "ended",
  busy: "ended",
  failed: "ended",
  "no-answer": "ended",
  canceled: "ended",
};

/** @throws {PayloadError} when it is no form. */
export function parseTwilio(body: Uint8Array, options: ParseOptions): InboundEvent {
  const text = decode(body);
  if (text === undefined) throw new PayloadError("The body is not UTF-8.");
  const fields = Object.fromEntries(new URLSearchParams(text));
  const callback = callbackSchema.safeParse(fields).data;
  if (callback === undefined) return { type: "unsupported", kind: "twilio", raw: fields };
  const { CallStatus: status = "", RecordingUrl: recordingUrl, RecordingSid: id, CallDuration: seconds } = callback;
  const call: Call = {
    callId: callback.CallSid,
    direction: callback.Direction?.startsWith("outbound") ? "outbound" : "inbound",
    from: callback.From,
    to: callback.To,
    name: callback.CallerName || undefined,
    ...(seconds === undefined ? {} : { durationMs: Number(seconds) * 1000 }),
    cause: status === "completed" ? undefined : status,
  };
  const state = Object.hasOwn(STATES, status) ? STATES[status] : undefined;
  const sent = Date.parse(callback.Timestamp ?? "");
  const at = Number.isFinite(sent) ? sent : options.now;
  const event =
    recordingUrl === undefined
      ? state && toMessage({ state, call: state === "ended" ? call : { ...call, cause: undefined }, at }, options)
      : toMessage({ state: "recording", call: { ...call, id, recordingUrl }, at }, options);
  return (
    event ?? { type: "unsupported", kind: `twilio.${status || "unknown"}`.slice(0, 100).toWellFormed(), raw: fields }
  );
}

function signedFields(form: URLSearchParams): string {
  const names = [...new Set(form.keys())].sort((a, b) => (a < b ? -1 : 1));
  // A field sent twice counts each of its values once.
  return names
    .map((name) =>
      [...new Set(form.getAll(name))]
        .sort()
        .map((value) => name + value)
        .join(""),
    )
    .join("");
}

function withSearch(publicUrl: string, { search }: URL): string {
  return publicUrl.includes("?") ? publicUrl : publicUrl + search;
}

function decode(body: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch {
    // Not text: nothing Twilio signs.
    return undefined;
  }
}

const encode = (text: string) => new TextEncoder().encode(text);
