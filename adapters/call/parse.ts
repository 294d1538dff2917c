import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { soundContent, wireId, wireName, wireText } from "../shared/wire.ts";
import { toCaller } from "./phone.ts";

const STATES = ["ringing", "answered", "ended", "note", "recording"] as const;
type State = (typeof STATES)[number];

const time = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.int().min(0).max(1e14),
]);
const url = z.url({ protocol: /^https?$/ }).max(2000);

/** One event of a call; README.md shows each. */
const callSchema = z.object({
  callId: wireId,
  /** Of this note or recording, where a call has several. */
  id: wireId.optional(),
  direction: z.enum(["inbound", "outbound"]).optional(),
  from: z.union([wireText, z.int().transform(String)]).optional(),
  to: z.union([wireText, z.int().transform(String)]).optional(),
  name: wireName.optional(),
  queue: wireName.optional(),
  agent: wireName.optional(),
  durationMs: z.number().nonnegative().optional(),
  cause: wireName.optional(),
  text: wireText.optional(),
  recordingUrl: url.optional(),
});
export type Call = z.output<typeof callSchema>;

/** `{ "type": "call.ringing", "timestamp", "data": {…} }`, or all in one object with `state`. */
const envelopeSchema = z.object({
  type: z.string().max(100).optional(),
  state: z.string().max(100).optional(),
  timestamp: time.optional(),
  data: z.unknown().optional(),
});

export interface ParseOptions {
  /** The delivery's own id: the same when it is repeated. */
  readonly webhookId: string;
  readonly now: number;
  readonly callingCode: string;
}

/** @throws {PayloadError} when it is no JSON object. */
export function parseEvent(body: unknown, options: ParseOptions): InboundEvent {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new PayloadError("An event is an object.");
  const envelope = envelopeSchema.safeParse(body).data;
  const kind = (envelope?.type ?? envelope?.state ?? "").replace(/^call\./, "");
  const state = STATES.find((known) => known === kind);
  const call = callSchema.safeParse(envelope?.data ?? body).data;
  const at = envelope?.timestamp ?? options.now;
  const event = state && call && toMessage({ state, call, at }, options);
  return event ?? { type: "unsupported", kind: kind.toWellFormed().replaceAll("\u0000", "") || "unknown", raw: body };
}

interface Happened {
  readonly state: State;
  readonly call: Call;
  readonly at: number;
}

/**
 * A line in the caller's history, to be read and never answered (`isBot`). A second leg of the same call (a transfer, a queue's next try)
 * repeats its states under the same `callId`, and so adds nothing.
 */
export function toMessage(
  { state, call, at }: Happened,
  { webhookId, callingCode }: ParseOptions,
): InboundEvent | undefined {
  const content = toContent(state, call);
  if (content === undefined) return undefined;
  const [theirs, ours] = call.direction === "outbound" ? [call.to, call.from] : [call.from, call.to];
  const number = toCaller(theirs ?? "", callingCode);
  const isOnce = state !== "note" && state !== "recording";
  const channelMessageId = isOnce ? `${call.callId}:${state}` : `${call.callId}:${state}:${call.id ?? webhookId}`;
  // Two callers without a number are two people.
  const id = number ?? `call:${call.callId}`;
  const sender = {
    id,
    ...(call.name ? { name: call.name } : {}),
    isBot: true,
    ...(number?.startsWith("+") ? { phone: number } : {}),
  };
  const address: Record<string, string> = { callId: call.callId };
  if (number !== undefined) address.number = number;
  if (ours) address.line = ours.slice(0, 100).toWellFormed();
  return { type: "message", message: { channelMessageId, sender, address, content: soundContent(content), at } };
}

function toContent(state: State, call: Call): Content | undefined {
  const { text, recordingUrl, callId } = call;
  if (state === "note") return text ? { type: "text", text } : undefined;
  if (state === "recording") {
    return recordingUrl === undefined
      ? undefined
      : { type: "audio", url: recordingUrl, name: `${callId}.mp3`, alt: text };
  }
  return { type: "system", code: `call.${state}`, text: describe(state, call) };
}

/** `来电 → 售后 · 工号 1001 · 3:07 · busy`: the desk has its own words for `code`; these are for lists, search and exports. */
function describe(
  state: "ringing" | "answered" | "ended",
  { direction, queue, agent, durationMs, cause }: Call,
): string {
  const began = direction === "outbound" ? "去电 Outgoing call" : "来电 Incoming call";
  const words = { ringing: began, answered: "已接听 Answered", ended: "通话结束 Call ended" }[state];
  const seconds = Math.round((durationMs ?? 0) / 1000);
  const length =
    durationMs === undefined ? undefined : `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  return [words, queue, agent, length, cause].filter(Boolean).join(" · ").slice(0, 1000);
}
