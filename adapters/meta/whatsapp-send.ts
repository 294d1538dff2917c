import { z } from "zod";
import type { Address, OutboundMessage, OutboundTemplate, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Card, Content } from "../../src/core/content.ts";
import { isWebUrl, sayInTurn, textsOf } from "../shared/in-words.ts";
import { delivered, refused, refusedByStatus } from "../shared/receipts.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { wireId } from "../shared/wire.ts";
import type { Graph, GraphAnswer } from "./graph.ts";
import { WHATSAPP } from "./whatsapp-capabilities.ts";

export interface SendDeps {
  readonly graph: Graph;
  readonly phoneNumberId: string;
  readonly values: ShortValues;
}

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
  if (message.template !== undefined) return toReceipt(await post(toTemplate(message.template)));
  const part = await toPart(message.content, deps.values);
  if (part !== undefined) {
    const answer = await post(part);
    if (answer.ok || !answer.aboutContent) return toReceipt(answer);
  }
  // What Meta takes neither as a picture nor with buttons it takes in words.
  return sayInTurn(textsOf(message.content, WHATSAPP), async (text) => toReceipt(await post(toText(text))));
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

/**
 * Gaps are named, or numbered in the order of their numbers. https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates
 */
function toTemplate({ vendorId: name, locale: code, params }: OutboundTemplate): object {
  const isNumbered = params.every(({ key }) => /^\d+$/.test(key));
  const ordered = isNumbered ? params.toSorted((a, b) => Number(a.key) - Number(b.key)) : params;
  const parameters = ordered.map(({ key, value: text }) => ({
    type: "text",
    ...(isNumbered ? {} : { parameter_name: key }),
    text,
  }));
  const components = parameters.length === 0 ? [] : [{ type: "body", parameters }];
  return { type: "template", template: { name, language: { code }, components } };
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
  if (!isWebUrl(url)) return undefined;
  if (type === "audio") return { type, audio: { link: url } };
  const file = { link: url, caption: alt };
  return type === "file" ? { type: "document", document: { ...file, filename: name } } : { type, [type]: file };
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages and …/interactive-list-messages */
async function toChoices({ text, choices }: Extract<Content, { type: "choices" }>, values: ShortValues) {
  // Limits are in UTF-16 units, labels were fitted in graphemes: a family emoji is eleven.
  if (text.length > MAX_BODY || !labelsFit(choices)) return undefined;
  if (choices.length <= 3) return toInteractive("button", { text }, { buttons: await toButtons(choices, values) });
  const rows = await Promise.all(
    choices.map(async ({ label, value }) => ({ id: await values.shorten(value), title: label })),
  );
  const action = { button: detectsChinese(text) ? "请选择" : "Choose", sections: [{ rows }] };
  return toInteractive("list", { text }, action);
}

/** A link alone is a button of its own. https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-cta-url-messages */
async function toCard(card: Card, values: ShortValues): Promise<object | undefined> {
  const answers = card.actions.filter((action) => "value" in action);
  const links = card.actions.filter((action) => "url" in action);
  const spoken = answers.length === 0 && links.length === 1 ? [] : links.map(({ label, url }) => `${label}: ${url}`);
  const text = [card.title.trim(), card.text, ...spoken].filter(Boolean).join("\n");
  if (text.length > MAX_BODY || !labelsFit(card.actions)) return undefined;
  const image = isWebUrl(card.imageUrl) ? card.imageUrl : undefined;
  const shown = { text, image };
  if (answers.length > 0) return toInteractive("button", shown, { buttons: await toButtons(answers, values) });
  const [link] = links;
  if (link !== undefined && spoken.length === 0) {
    const parameters = { display_text: link.label, url: link.url };
    return toInteractive("cta_url", shown, { name: "cta_url", parameters });
  }
  return image === undefined ? toText(text) : { type: "image", image: { link: image, caption: text } };
}

interface Shown {
  readonly text: string;
  readonly image?: string | undefined;
}

function toInteractive(type: "button" | "list" | "cta_url", { text, image }: Shown, action: object): object {
  const header = image === undefined ? {} : { header: { type: "image", image: { link: image } } };
  return { type: "interactive", interactive: { type, ...header, body: { text }, action } };
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
