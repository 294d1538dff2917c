import { z } from "zod";
import type { Address, Capabilities, OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Card, Content } from "../../src/core/content.ts";
import { isWebUrl, sayInTurn, textsOf } from "../shared/in-words.ts";
import { delivered, refused, refusedByStatus } from "../shared/receipts.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { wireId } from "../shared/wire.ts";
import type { Graph } from "./graph.ts";
import { OUR_METADATA } from "./messenger-parse.ts";
import type { SentLog } from "./sent-log.ts";

export interface SendDeps {
  readonly graph: Graph;
  readonly values: ShortValues;
  readonly log: SentLog;
  readonly capabilities: Pick<Capabilities, "maxTextLength" | "textUnit">;
  /** Messenger gives it back in the echo; Instagram does not know it. */
  readonly takesMetadata: boolean;
}

/** The route by which a person may answer for a week. https://developers.facebook.com/docs/messenger-platform/send-messages/message-tags */
const HUMAN_AGENT = "human_agent";
const MAX_LABEL = 20;
const MAX_TITLE = 80;

/** https://developers.facebook.com/docs/messenger-platform/reference/send-api */
export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const { psid } = message.address;
  if (!psid) return refused("delivery.bad_request", "The address names nobody.");
  const to = { psid, route: message.route };
  const words = textsOf(message.content, deps.capabilities).map(toText);
  const parts = await toParts(message.content, deps.values);
  let isAboutContent = parts === undefined;
  const receipt = await sayInTurn(parts ?? words, async (part) => {
    const answer = await post(to, part, deps, options);
    isAboutContent = answer.aboutContent;
    return answer.receipt;
  });
  if (receipt.ok || parts === undefined || !isAboutContent || message.content.type === "text") return receipt;
  // What Meta could not fetch is said in words instead.
  return sayInTurn(words, async (part) => (await post(to, part, deps, options)).receipt);
}

export async function typing({ psid }: Address, { graph }: SendDeps, { signal }: SendOptions): Promise<void> {
  if (!psid) return;
  await graph({ path: "me/messages", json: { recipient: { id: psid }, sender_action: "typing_on" }, signal });
}

interface Recipient {
  readonly psid: string;
  readonly route: string | undefined;
}

async function post({ psid, route }: Recipient, part: object, deps: SendDeps, { signal }: SendOptions) {
  const message = deps.takesMetadata ? { ...part, metadata: OUR_METADATA } : part;
  const kind =
    route === HUMAN_AGENT ? { messaging_type: "MESSAGE_TAG", tag: "HUMAN_AGENT" } : { messaging_type: "RESPONSE" };
  const json = { recipient: { id: psid }, ...kind, message };
  const answer = await deps.graph({ path: "me/messages", json, signal });
  if (!answer.ok) return { receipt: answer.receipt as Receipt, aboutContent: answer.aboutContent };
  const mid = z.object({ message_id: wireId }).safeParse(answer.body).data?.message_id;
  if (mid === undefined) {
    const receipt = refusedByStatus(answer.status, new Headers(), "Meta's answer names no message.");
    return { receipt, aboutContent: false };
  }
  await deps.log.add(psid, mid);
  return { receipt: delivered(mid), aboutContent: false };
}

/** Undefined: to be said in words. */
async function toParts(content: Content, values: ShortValues): Promise<readonly object[] | undefined> {
  switch (content.type) {
    case "text":
      return [toText(content.text)];
    case "choices":
      return labelsFit(content.choices) ? [await toQuickReplies(content, values)] : undefined;
    case "card":
      return toTemplate([content], values);
    case "carousel":
      return toTemplate(content.cards, values);
    case "image":
    case "audio":
    case "video":
    case "file": {
      if (!isWebUrl(content.url)) return undefined;
      return [{ attachment: { type: content.type, payload: { url: content.url, is_reusable: false } } }];
    }
    default:
      return undefined;
  }
}

function toText(text: string): object {
  return { text };
}

/** https://developers.facebook.com/docs/messenger-platform/send-messages/quick-replies */
async function toQuickReplies({ text, choices }: Extract<Content, { type: "choices" }>, values: ShortValues) {
  const quick_replies = await Promise.all(
    choices.map(async ({ label, value }) => ({
      content_type: "text",
      title: label,
      payload: await values.shorten(value),
    })),
  );
  return { text, quick_replies };
}

/** https://developers.facebook.com/docs/messenger-platform/reference/templates/generic: up to 10, each a title and something else. */
async function toTemplate(cards: readonly Card[], values: ShortValues): Promise<readonly object[] | undefined> {
  const isBare = (card: Card) => !card.text && !isWebUrl(card.imageUrl) && card.actions.length === 0;
  const tooLong = (card: Card) => card.title.length > MAX_TITLE || (card.text ?? "").length > MAX_TITLE;
  if (cards.some((card) => isBare(card) || tooLong(card) || !labelsFit(card.actions))) return undefined;
  const elements = await Promise.all(
    cards.map(async ({ title, text, imageUrl, actions }) => ({
      title,
      subtitle: text || undefined,
      image_url: isWebUrl(imageUrl) ? imageUrl : undefined,
      buttons: actions.length === 0 ? undefined : await Promise.all(actions.map((action) => toButton(action, values))),
    })),
  );
  return [{ attachment: { type: "template", payload: { template_type: "generic", elements } } }];
}

async function toButton(action: Action, values: ShortValues) {
  return "url" in action
    ? { type: "web_url", title: action.label, url: action.url }
    : { type: "postback", title: action.label, payload: await values.shorten(action.value) };
}

/** Limits are in UTF-16 units, labels were fitted in graphemes: a family emoji is eleven. */
function labelsFit(actions: readonly Action[]): boolean {
  return actions.every(({ label }) => label.trim() !== "" && label.length <= MAX_LABEL);
}
