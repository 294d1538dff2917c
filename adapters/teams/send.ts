import type { Activity, Attachment } from "botbuilder";
import type { OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Card, Content } from "../../src/core/content.ts";
import { isWebUrl } from "../shared/in-words.ts";
import { delivered, refused } from "../shared/receipts.ts";
import type { Post } from "./connector.ts";
import type { Taps } from "./tap.ts";

export interface SendDeps {
  readonly post: Post;
  readonly taps: Taps;
  toCard(card: object): Attachment;
}

export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const { address, content } = message;
  const activity = await toActivity(content, address.conversationId ?? "", deps);
  if (activity === undefined) return refused("delivery.bad_request", `Teams has no ${content.type} of this form.`);
  const posted = await deps.post(address, activity, options);
  return posted.ok ? delivered(`${address.conversationId}:${posted.id}`) : posted;
}

/** `plain`: as Markdown or XML a shop's `*` and `<` would be read as marks. */
const PLAIN = { type: "message", textFormat: "plain" } as const;

async function toActivity(content: Content, chat: string, deps: SendDeps): Promise<Partial<Activity> | undefined> {
  const toAttachment = async (card: CardParts) => deps.toCard(await toAdaptiveCard(card, chat, deps.taps));
  switch (content.type) {
    case "text":
      return { ...PLAIN, text: content.text };
    case "choices":
      return { ...PLAIN, attachments: [await toAttachment({ text: content.text, actions: content.choices })] };
    case "card":
      return { ...PLAIN, attachments: [await toAttachment(content)] };
    case "carousel":
      return {
        ...PLAIN,
        attachmentLayout: "carousel",
        attachments: await Promise.all(content.cards.map(toAttachment)),
      };
    case "image": {
      const { url, mime, name, alt } = content;
      if (!isWebUrl(url)) return undefined;
      const attachment = { contentType: mime ?? typeOf(url), contentUrl: url, ...(name && { name }) };
      return { ...PLAIN, ...(alt && { text: alt }), attachments: [attachment] };
    }
    default:
      return undefined;
  }
}

type CardParts = Pick<Card, "text" | "imageUrl" | "actions"> & { readonly title?: string };

/**
 * 1.2 is what phones show. A submit shows its label in the chat as if it were said, and brings our signed data.
 * https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-reference#adaptive-card
 */
async function toAdaptiveCard({ title, text, imageUrl, actions }: CardParts, conversationId: string, taps: Taps) {
  return {
    $schema: "http://adaptivecards.io/schemas/adaptive-card.json",
    type: "AdaptiveCard",
    version: "1.2",
    body: [
      ...(isWebUrl(imageUrl) ? [{ type: "Image", url: imageUrl, altText: title ?? "" }] : []),
      ...toBlocks(title, { weight: "Bolder", size: "Medium" }),
      ...toBlocks(text, {}),
    ],
    actions: await Promise.all(actions.map((action) => toAction(action, conversationId, taps))),
  };
}

async function toAction(action: Action, conversationId: string, taps: Taps): Promise<object> {
  const { label } = action;
  if ("url" in action) return { type: "Action.OpenUrl", title: label, url: action.url };
  const value = await taps.pack(conversationId, action);
  const msteams = { type: "messageBack", text: label, displayText: label, value: JSON.stringify(value) };
  return { type: "Action.Submit", title: label, data: { msteams, ...value } };
}

/** A `TextBlock` is Markdown, in which a shop's `*` and `[` are marks; a `TextRun` is words. */
function toBlocks(text: string | undefined, look: object): object[] {
  const lines = (text ?? "").split(/\r?\n/).filter((line) => line.trim() !== "");
  return lines.map((line) => ({ type: "RichTextBlock", inlines: [{ type: "TextRun", text: line, ...look }] }));
}

function typeOf(url: string): string {
  const suffix = /\.(png|gif)(?:$|[?#])/i.exec(url)?.[1]?.toLowerCase();
  return suffix === undefined ? "image/jpeg" : `image/${suffix}`;
}
