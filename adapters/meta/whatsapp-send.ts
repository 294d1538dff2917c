import { z } from "zod";
import {
  type Address,
  type OutboundMessage,
  PLAIN_TEXT,
  type Receipt,
  type SendOptions,
} from "../../src/core/adapter.ts";
import type { Action, Card, Content } from "../../src/core/content.ts";
import { lower } from "../../src/core/lower.ts";
import { delivered, refused, refusedByStatus } from "../shared/receipts.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { wireId } from "../shared/wire.ts";
import { WHATSAPP } from "./capabilities.ts";
import type { Graph, GraphAnswer } from "./graph.ts";

export interface SendDeps {
  readonly graph: Graph;
  readonly phoneNumberId: string;
  readonly values: ShortValues;
}

/** What remains when Meta takes neither a picture nor buttons: the same words, in texts as long as it takes. */
const WORDS_ONLY = { ...PLAIN_TEXT, maxTextLength: WHATSAPP.maxTextLength };
const MAX_BODY = 1024;
const MAX_BUTTON = 20;

export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const to = toRecipient(message.address);
  if (to === undefined) return refused("delivery.bad_request", "The address names nobody.");
  const frame = { messaging_product: "whatsapp", recipient_type: "individual", ...to };
  // Comes back in every status of the message. https://developers.facebook.com/docs/whatsapp/cloud-api/messages
  const tracked = { ...frame, biz_opaque_callback_data: message.idempotencyKey.slice(0, 512) };
  const post = (part: object) =>
    deps.graph({ path: `${deps.phoneNumberId}/messages`, json: { ...tracked, ...part }, signal: options.signal });
  const part = await toPart(message.content, deps.values);
  if (part !== undefined) {
    const answer = await post(part);
    if (answer.ok || !answer.aboutContent) return toReceipt(answer);
  }
  let receipt: Receipt = refused("delivery.bad_request", `WhatsApp has no ${message.content.type} of this form.`);
  for (const text of lower(message.content, WORDS_ONLY)) {
    if (text.type !== "text") continue;
    receipt = toReceipt(await post(toText(text.text)));
    if (!receipt.ok) return receipt;
  }
  return receipt;
}

/** Marks their last message read and shows the dots until we answer. https://developers.facebook.com/docs/whatsapp/cloud-api/typing-indicators */
export async function typing({ messageId }: Address, deps: SendDeps, options: SendOptions): Promise<void> {
  if (messageId === undefined) return;
  const json = {
    messaging_product: "whatsapp",
    status: "read",
    message_id: messageId,
    typing_indicator: { type: "text" },
  };
  await deps.graph({ path: `${deps.phoneNumberId}/messages`, json, signal: options.signal });
}

/** By number, or by the business-scoped id of who shows none. */
function toRecipient({ to, userId }: Address): { readonly to: string } | { readonly recipient: string } | undefined {
  if (to !== undefined && /^\+?\d{3,20}$/.test(to)) return { to };
  return userId === undefined || userId === "" ? undefined : { recipient: userId };
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages */
function toReceipt(answer: GraphAnswer): Receipt {
  if (!answer.ok) return answer.receipt;
  const sent = z.object({ messages: z.array(z.object({ id: wireId })).min(1) }).safeParse(answer.body).data;
  const id = sent?.messages[0]?.id;
  return id === undefined
    ? refusedByStatus(answer.status, new Headers(), "Meta's answer names no message.")
    : delivered(id);
}

async function toPart(content: Content, values: ShortValues): Promise<object | undefined> {
  switch (content.type) {
    case "text":
      return toText(content.text);
    case "choices":
      return toChoices(content, values);
    case "card":
      return toCard(content, values);
    case "location": {
      const { lat: latitude, lng: longitude, title: name, address } = content;
      return { type: "location", location: { latitude, longitude, name, address } };
    }
    case "image":
    case "audio":
    case "video":
    case "file":
      return toMedia(content);
    default:
      return undefined;
  }
}

function toText(body: string): object {
  return { type: "text", text: { body, preview_url: /https?:\/\//.test(body) } };
}

/** By url, which Meta fetches itself. https://developers.facebook.com/docs/whatsapp/cloud-api/messages/image-messages */
function toMedia(media: Extract<Content, { type: "image" | "audio" | "video" | "file" }>): object | undefined {
  const { type, url, alt, name } = media;
  if (!isPublicUrl(url)) return undefined;
  // Sound has no caption: its words would be left out.
  if (type === "audio") return alt === undefined ? { type, audio: { link: url } } : undefined;
  const file = { link: url, caption: alt };
  return type === "file" ? { type: "document", document: { ...file, filename: name } } : { type, [type]: file };
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages and …/interactive-list-messages */
async function toChoices({ text, choices }: Extract<Content, { type: "choices" }>, values: ShortValues) {
  // Limits are in UTF-16 units, labels were fitted in graphemes: a family emoji is eleven.
  if (text.length > MAX_BODY || !labelsFit(choices)) return undefined;
  if (choices.length <= 3) return toInteractive({ text, buttons: await toButtons(choices, values) });
  const rows = await Promise.all(
    choices.map(async ({ label, value }) => ({ id: await values.shorten(value), title: label })),
  );
  const action = { button: detectsChinese(text) ? "请选择" : "Choose", sections: [{ rows }] };
  return { type: "interactive", interactive: { type: "list", body: { text }, action } };
}

async function toCard(card: Card, values: ShortValues): Promise<object | undefined> {
  const answers = card.actions.filter((action) => "value" in action);
  const links = card.actions.filter((action) => "url" in action);
  const spoken = answers.length === 0 && links.length === 1 ? [] : links.map(({ label, url }) => `${label}: ${url}`);
  const text = [card.title.trim(), card.text, ...spoken].filter(Boolean).join("\n");
  if (text.length > MAX_BODY || !labelsFit(card.actions)) return undefined;
  const image = isPublicUrl(card.imageUrl) ? card.imageUrl : undefined;
  if (answers.length > 0) return toInteractive({ text, image, buttons: await toButtons(answers, values) });
  const [link] = links;
  if (link !== undefined && spoken.length === 0) return toLinkButton({ text, image, link });
  return image === undefined ? toText(text) : { type: "image", image: { link: image, caption: text } };
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-cta-url-messages */
function toLinkButton({
  text,
  image,
  link,
}: {
  text: string;
  image: string | undefined;
  link: { label: string; url: string };
}) {
  const action = { name: "cta_url", parameters: { display_text: link.label, url: link.url } };
  return { type: "interactive", interactive: { type: "cta_url", ...toHeader(image), body: { text }, action } };
}

function toInteractive({
  text,
  image,
  buttons,
}: {
  text: string;
  image?: string | undefined;
  buttons: readonly object[];
}) {
  return {
    type: "interactive",
    interactive: { type: "button", ...toHeader(image), body: { text }, action: { buttons } },
  };
}

function toHeader(image: string | undefined): object {
  return image === undefined ? {} : { header: { type: "image", image: { link: image } } };
}

async function toButtons(actions: readonly Extract<Action, { value: string }>[], values: ShortValues) {
  return Promise.all(
    actions.map(async ({ label, value }) => ({
      type: "reply",
      reply: { id: await values.shorten(value), title: label },
    })),
  );
}

/** Titles of buttons and rows differ, and are not blank. */
function labelsFit(actions: readonly Action[]): boolean {
  const labels = actions.map(({ label }) => label.trim());
  return labels.every((label) => label !== "" && label.length <= MAX_BUTTON) && new Set(labels).size === labels.length;
}

function detectsChinese(text: string): boolean {
  return /\p{Script=Han}/u.test(text);
}

function isPublicUrl(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//.test(url);
}
