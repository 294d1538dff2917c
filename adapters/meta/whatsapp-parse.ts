import type { z } from "zod";
import type { Address, InboundEvent, Sender } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { soundContent } from "../shared/wire.ts";
import {
  changeSchema,
  contactSchema,
  editSchema,
  type Head,
  headSchema,
  referralSchema,
  revokeSchema,
  SAID,
  statusSchema,
} from "./whatsapp-schema.ts";
import { type Item, readBatch, unsupported } from "./wire.ts";

type Contact = z.output<typeof contactSchema>;
type Change = z.output<typeof changeSchema>;

/**
 * A batch of messages, statuses and notes about the account. https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
 * @throws {PayloadError} when it is no JSON object.
 * @throws {SignatureError} when it is all of other phone numbers.
 */
export function parseWhatsApp(body: unknown, phoneNumberId: string): readonly InboundEvent[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new PayloadError("A batch is an object.");
  return readBatch(body, { object: "whatsapp_business_account", account: phoneNumberId, items: toItems });
}

function toItems(entry: unknown): readonly Item[] {
  const changes: unknown = Object(entry).changes;
  if (!Array.isArray(changes)) return [];
  return changes.map((raw: unknown): Item => {
    const change = changeSchema.safeParse(raw).data;
    const account = change?.value.metadata?.phone_number_id;
    return { account, events: () => (change === undefined ? [unsupported("unknown", raw)] : parseChange(change, raw)) };
  });
}

/** Only what names our number is read; notes about the business account and its templates name none. */
function parseChange({ field, value }: Change, raw: unknown): readonly InboundEvent[] {
  const isChat = field === "messages" || field === "smb_message_echoes";
  if (!isChat || value.metadata?.phone_number_id === undefined) return [unsupported(field, raw)];
  const contacts = (value.contacts ?? []).flatMap((contact) => contactSchema.safeParse(contact).data ?? []);
  return [
    ...(value.messages ?? []).flatMap((message) => parseMessage(message, contacts)),
    ...(value.message_echoes ?? []).flatMap((echo) => parseEcho(echo)),
    ...(value.statuses ?? []).map(parseStatus),
    ...(value.errors ?? []).map((error) => unsupported("errors", error)),
  ];
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages */
function parseMessage(raw: unknown, contacts: readonly Contact[]): readonly InboundEvent[] {
  const head = headSchema.safeParse(raw).data;
  const id = head?.from ?? head?.from_user_id;
  if (head === undefined || id === undefined) return [unsupported(`message.${String(head?.type ?? "unknown")}`, raw)];
  // Shown on a message already said: nothing to answer.
  if (head.type === "reaction") return [unsupported("reaction", raw)];
  const change = parseChanged(raw, head);
  if (change !== undefined) return [change];
  const sender = toSender(id, head, contacts);
  const address: Address = { [head.from === undefined ? "userId" : "to"]: id, messageId: head.id };
  const frame = { sender, address, at: head.timestamp };
  return [...parseReferral(raw, { ...frame, id: head.id }), toMessage(raw, head, frame)];
}

type Frame = { readonly sender: Sender; readonly address: Address; readonly at: number };

function toMessage(raw: unknown, head: Head, frame: Frame): InboundEvent {
  const content = soundContent(toContent(raw, head.type) ?? { type: "unsupported", kind: head.type });
  const mediaRef = "fileId" in content ? content.fileId : undefined;
  // A new number is the platform's note: kept in the history, nothing to answer.
  const sender = content.type === "system" ? { ...frame.sender, isBot: true } : frame.sender;
  const message = { channelMessageId: head.id, ...frame, sender, content };
  return { type: "message", message: mediaRef === undefined ? message : { ...message, mediaRef } };
}

/** What the shop's people wrote in the WhatsApp Business app. https://developers.facebook.com/docs/whatsapp/embedded-signup/custom-flows/onboarding-business-app-users */
function parseEcho(raw: unknown): readonly InboundEvent[] {
  const head = headSchema.safeParse(raw).data;
  const id = head?.to ?? head?.to_user_id;
  if (head === undefined || id === undefined) return [unsupported("message_echo", raw)];
  const change = parseChanged(raw, head);
  if (change !== undefined) return [change];
  const address: Address = { [head.to === undefined ? "userId" : "to"]: id };
  return [toMessage(raw, head, { sender: { id, isBot: true }, address, at: head.timestamp })];
}

function parseChanged(raw: unknown, { type, timestamp: at }: Head): InboundEvent | undefined {
  if (type === "revoke") {
    const revoked = revokeSchema.safeParse(raw).data?.revoke.original_message_id;
    return revoked === undefined
      ? unsupported("message.revoke", raw)
      : { type: "recall", channelMessageId: revoked, at };
  }
  if (type !== "edit") return undefined;
  const edit = editSchema.safeParse(raw).data?.edit;
  const content = edit && toContent(edit.message, String(Object(edit.message).type));
  if (edit === undefined || content === undefined) return unsupported("message.edit", raw);
  return { type: "edit", channelMessageId: edit.original_message_id, content: soundContent(content), at };
}

/** They came by an ad or a post. https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages/text#referral-object */
function parseReferral(raw: unknown, { id, ...frame }: Frame & { readonly id: string }): readonly InboundEvent[] {
  const referral = referralSchema.safeParse(raw).data?.referral;
  const payload = referral?.source_id || referral?.source_url;
  if (payload === undefined) return [];
  return [
    { type: "presence", kind: "joined", channelMessageId: `${id}:referral`, ...frame, payload: payload.slice(0, 1000) },
  ];
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/reference/messages/status */
function parseStatus(raw: unknown): InboundEvent {
  const status = statusSchema.safeParse(raw).data;
  if (status === undefined) return unsupported("status", raw);
  const [error] = status.errors ?? [];
  const reason = error && `Meta: ${error.error_data?.details ?? error.title ?? ""} (${error.code})`.slice(0, 500);
  return {
    type: "status",
    channelMessageId: status.id,
    status: status.status === "played" ? "read" : status.status,
    at: status.timestamp,
    ...(reason === undefined ? {} : { detail: reason.toWellFormed() }),
  };
}

function toSender(id: string, { from, from_user_id: userId }: Head, contacts: readonly Contact[]): Sender {
  const isTheirs = (contact: Contact) =>
    (from !== undefined && contact.wa_id === from) || (userId !== undefined && contact.user_id === userId);
  const profile = contacts.find(isTheirs)?.profile;
  const name = profile?.name || profile?.username;
  return name === undefined || name === "" ? { id } : { id, name };
}

function toContent(raw: unknown, type: string): Content | undefined {
  switch (type) {
    case "text":
      return read("text", raw, ({ text }) => ({ type: "text", text: text.body }));
    case "image":
      return read("image", raw, ({ image }) => toMedia("image", image));
    case "video":
      return read("video", raw, ({ video }) => toMedia("video", video));
    case "audio":
      return read("audio", raw, ({ audio }) => toMedia("audio", audio));
    case "document":
      return read("document", raw, ({ document }) => toMedia("file", document));
    case "sticker":
      // A webp picture, which shows what the sticker says.
      return read("sticker", raw, ({ sticker }) => toMedia("image", sticker));
    case "location":
      return read("location", raw, ({ location }) => ({
        type: "location",
        lat: location.latitude,
        lng: location.longitude,
        title: location.name,
        address: location.address,
      }));
    case "contacts":
      return read("contacts", raw, ({ contacts }) => ({
        type: "text",
        text: contacts.map(toCardText).join("\n") || "-",
      }));
    case "interactive":
      return read("interactive", raw, ({ interactive }) => toTap(interactive));
    case "button":
      return read("button", raw, ({ button }) => ({
        type: "text",
        text: button.text,
        value: button.payload || undefined,
      }));
    case "order":
      return read("order", raw, ({ order }) => ({ type: "text", text: toCartText(order) }));
    case "system":
      return read("system", raw, ({ system }) => ({
        type: "system",
        code: system.type ?? "system",
        text: system.body,
      }));
    default:
      return undefined;
  }
}

function read<K extends keyof typeof SAID>(
  kind: K,
  raw: unknown,
  to: (said: z.output<(typeof SAID)[K]>) => Content,
): Content | undefined {
  const said = SAID[kind].safeParse(raw).data;
  // The schema of K gives K's output; TypeScript does not follow an index that far.
  return said === undefined ? undefined : to(said as z.output<(typeof SAID)[K]>);
}

/** Fetched later by its id. https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media */
function toMedia(
  type: "image" | "video" | "audio" | "file",
  { id: fileId, mime_type: mime, caption, filename: name }: z.output<typeof SAID.image>["image"],
): Content {
  return { type, fileId, mime, name, alt: caption || undefined };
}

function toTap(reply: z.output<typeof SAID.interactive>["interactive"]): Content {
  if ("nfm_reply" in reply) {
    const { body, response_json: value } = reply.nfm_reply;
    return { type: "text", text: body || "Sent", value: value.length <= 1000 ? value : undefined };
  }
  const { id, title } = "button_reply" in reply ? reply.button_reply : reply.list_reply;
  return { type: "text", text: title, value: id || undefined };
}

function toCardText({ name, phones = [] }: z.output<typeof SAID.contacts>["contacts"][number]): string {
  return [name?.formatted_name, ...phones.map(({ phone, wa_id }) => phone ?? wa_id)].filter(Boolean).join(" ");
}

/** A cart sent from the shop's catalogue: an order not yet placed, so said in words. */
function toCartText({ text, product_items: items }: z.output<typeof SAID.order>["order"]): string {
  const lines = items.map(({ product_retailer_id: sku, quantity, item_price: price, currency }) =>
    [sku, `× ${quantity}`, price, price && currency].filter(Boolean).join(" "),
  );
  return [text, ...lines].filter(Boolean).join("\n") || "-";
}
