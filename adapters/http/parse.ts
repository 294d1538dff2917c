import { z } from "zod";
import type { DeliveryStatus, InboundEvent } from "../../src/core/adapter.ts";
import { type Content, visitorContentSchema } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { cleanText } from "../../src/core/text.ts";
import { soundContent, wireId, wireName, wireText } from "../shared/wire.ts";

const time = z.union([
  z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  z.int().min(0).max(1e14),
]);
const person = z.union([
  wireId.transform((id) => ({ id })),
  z.object({ id: wireId, name: wireName.optional(), locale: wireText.optional(), isBot: z.boolean().optional() }),
]);

/** One event; README.md shows each. The envelope is that of Standard Webhooks. */
const eventSchema = z.object({
  type: z.string().min(1).max(100),
  timestamp: time.optional(),
  data: z.record(z.string(), z.unknown()),
});
const messageSchema = z.object({
  id: wireId.optional(),
  sender: person,
  address: z.record(z.string().min(1).max(100), wireText).optional(),
  content: z.unknown().optional(),
  text: wireText.optional(),
  value: wireText.optional(),
});
const namedSchema = z.object({
  id: wireId,
  detail: wireText.optional(),
  content: z.unknown().optional(),
  text: wireText.optional(),
});

interface Signed {
  /** `webhook-id`: the same on every redelivery. */
  readonly webhookId: string;
  readonly now: number;
}

const STATUSES: Readonly<Record<string, DeliveryStatus>> = {
  "message.sent": "sent",
  "message.delivered": "delivered",
  "message.read": "read",
  "message.failed": "failed",
};

/** @throws {PayloadError} when it is no JSON object. */
export function parseEvent(body: unknown, signed: Signed): InboundEvent {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new PayloadError("An event is an object.");
  const event = eventSchema.safeParse(body).data;
  if (event === undefined) return { type: "unsupported", kind: "unknown", raw: body };
  const { type, timestamp: at = signed.now, data } = event;
  const read = parseKnown(type, data, { ...signed, at });
  return read ?? { type: "unsupported", kind: type.toWellFormed().replaceAll("\u0000", "") || "unknown", raw: body };
}

type Frame = Signed & { readonly at: number };

function parseKnown(type: string, data: unknown, frame: Frame): InboundEvent | undefined {
  const status = Object.hasOwn(STATUSES, type) ? STATUSES[type] : undefined;
  if (status !== undefined) return parseStatus(data, status, frame);
  switch (type) {
    case "message.created":
      return parseMessage(data, frame);
    case "message.updated":
      return parseChange(data, frame);
    case "message.deleted": {
      const { data: named } = namedSchema.safeParse(data);
      return named && { type: "recall", channelMessageId: named.id, at: frame.at };
    }
    case "contact.joined":
      return parsePresence(data, "joined", frame);
    case "contact.left":
      return parsePresence(data, "left", frame);
    default:
      return undefined;
  }
}

function parseMessage(raw: unknown, { at, webhookId }: Frame): InboundEvent | undefined {
  const data = messageSchema.safeParse(raw).data;
  const content = data && toContent(data);
  if (data === undefined || content === undefined) return undefined;
  const { sender, id: channelMessageId = webhookId } = data;
  return {
    type: "message",
    message: { channelMessageId, sender, address: { ...data.address, userId: sender.id }, content, at },
  };
}

function parseChange(raw: unknown, { at }: Frame): InboundEvent | undefined {
  const data = namedSchema.safeParse(raw).data;
  const content = data && toContent(data);
  return data && content && { type: "edit", channelMessageId: data.id, content, at };
}

function parseStatus(raw: unknown, status: DeliveryStatus, { at }: Frame): InboundEvent | undefined {
  const data = namedSchema.safeParse(raw).data;
  if (data === undefined) return undefined;
  const event = { type: "status", channelMessageId: data.id, status, at } as const;
  return data.detail === undefined ? event : { ...event, detail: data.detail.slice(0, 500).toWellFormed() };
}

function parsePresence(raw: unknown, kind: "joined" | "left", { at, webhookId }: Frame): InboundEvent | undefined {
  const data = messageSchema.safeParse(raw).data;
  if (data === undefined) return undefined;
  const { sender, id: channelMessageId = webhookId, value } = data;
  const event = {
    type: "presence",
    kind,
    channelMessageId,
    sender,
    address: { ...data.address, userId: sender.id },
    at,
  } as const;
  return value === undefined ? event : { ...event, payload: value.slice(0, 1000).toWellFormed() };
}

/** A visitor's content (`contract.md`), or `text` alone; what is neither, and not ours to show, is kept as unsupported. */
function toContent({
  content,
  text,
  value,
}: {
  content?: unknown;
  text?: string | undefined;
  value?: string | undefined;
}): Content | undefined {
  if (content === undefined) return text === undefined ? undefined : soundContent({ type: "text", text, value });
  const clean: unknown = JSON.parse(
    JSON.stringify(content, (_, inner) => (typeof inner === "string" ? cleanText(inner) : inner)),
  );
  const kind = Object(clean).type;
  // Checked by `soundContent` like any other.
  if (kind === "sticker") return soundContent(clean as Content);
  const checked = visitorContentSchema.safeParse(clean);
  if (checked.success) return checked.data;
  return typeof kind === "string"
    ? soundContent({ type: "unsupported", kind: kind.slice(0, 100).toWellFormed() })
    : undefined;
}
