import type { OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Card, Content } from "../../src/core/content.ts";
import { shorten, splitText } from "../../src/core/text.ts";
import { isWebUrl, sayInTurn, textsOf } from "../shared/in-words.ts";
import { delivered, refused, refusedByStatus } from "../shared/receipts.ts";
import type { SlackAnswer, SlackApi } from "./api.ts";
import { SLACK } from "./capabilities.ts";
import { escapeText } from "./mrkdwn.ts";

/** https://docs.slack.dev/reference/methods/chat.postMessage#arguments */
interface Post {
  readonly text: string;
  readonly blocks?: readonly object[];
}

export async function send(message: OutboundMessage, api: SlackApi, options: SendOptions): Promise<Receipt> {
  const { address, content } = message;
  const { channel, thread } = address;
  if (!channel) return refused("delivery.bad_request", "The address names no channel.");
  const post = toPost(content);
  if (post === undefined) return refused("delivery.bad_request", `Slack has no ${content.type} of this form.`);
  const target = { channel, ...(thread && { thread_ts: thread }) };
  const answer = await api("chat.postMessage", { ...target, ...post }, options);
  if (answer.ok || answer.error === undefined || !/^invalid_(?:blocks|attachments)/.test(answer.error)) {
    return toReceipt(answer);
  }
  // A picture's url or a button's that Slack refuses: the same in words.
  return sayInTurn(textsOf(content, SLACK), async (text) =>
    toReceipt(await api("chat.postMessage", { ...target, ...toText(text) }, options)),
  );
}

function toReceipt(answer: SlackAnswer): Receipt {
  if (!answer.ok) return answer.receipt;
  const { channel, ts } = answer.body;
  return typeof channel === "string" && typeof ts === "string"
    ? delivered(`${channel}:${ts}`)
    : refusedByStatus(200, new Headers(), "The answer names no message.");
}

/** `mrkdwn` off: a shop's `*` and `_` are words and no marks. */
function toText(text: string): Post & { readonly mrkdwn: boolean } {
  return { text: escapeText(text), mrkdwn: false };
}

function toPost(content: Content): Post | undefined {
  switch (content.type) {
    case "text":
      return toText(content.text);
    case "choices":
      return { ...toText(content.text), blocks: [...toSections(content.text), ...toRows(content.choices)] };
    case "card":
      return { ...toText(wordsOf(content)), blocks: toCard(content) };
    case "carousel": {
      const blocks = content.cards.flatMap((card, index) => [
        ...(index > 0 ? [{ type: "divider" }] : []),
        ...toCard(card),
      ]);
      return { ...toText(content.cards.map(wordsOf).join("\n")), blocks: named(blocks) };
    }
    case "image": {
      const { url, alt, name } = content;
      if (!isWebUrl(url)) return undefined;
      const image = { type: "image", image_url: url, alt_text: alt?.trim() || name?.trim() || "🖼" };
      return { ...toText(alt ?? name ?? url), blocks: [image, ...toSections(alt ?? "")] };
    }
    default:
      return undefined;
  }
}

function wordsOf({ title, text }: Card): string {
  return [title, text].filter(Boolean).join("\n");
}

/** A header holds 150 characters; a longer title is the first line of its text. https://docs.slack.dev/reference/block-kit/blocks/header-block */
function toCard(card: Card): object[] {
  const { title, text, imageUrl, actions } = card;
  const isHeader = title.trim() !== "" && title.length <= 150;
  const sections = toSections(isHeader ? (text ?? "") : wordsOf(card));
  return [
    ...(isHeader ? [{ type: "header", text: plain(title) }] : []),
    ...(isWebUrl(imageUrl) ? [{ type: "image", image_url: imageUrl, alt_text: title.trim() || "🖼" }] : []),
    ...sections,
    ...toRows(actions),
  ];
}

function toSections(text: string): object[] {
  const pieces = splitText(text, 3000, "utf16").filter((piece) => piece.trim() !== "");
  return pieces.map((piece) => ({ type: "section", text: plain(piece) }));
}

/** Five buttons side by side. https://docs.slack.dev/reference/block-kit/blocks/actions-block */
function toRows(actions: readonly Action[]): object[] {
  const rows = Array.from({ length: Math.ceil(actions.length / 5) }, (_, row) => actions.slice(row * 5, row * 5 + 5));
  return named(rows.map((row) => ({ type: "actions", elements: row.map(toButton) })));
}

/** https://docs.slack.dev/reference/block-kit/block-elements/button-element: label 75, value 2,000, url 3,000. */
function toButton(action: Action, index: number): object {
  const text = plain(shorten(action.label, 75, "utf16"));
  const button = { type: "button", text, action_id: `xiaoer:${index}` };
  return "url" in action ? { ...button, url: action.url } : { ...button, value: action.value };
}

/** An action's id is unique in its block, a block's in its message. */
function named(blocks: readonly object[]): object[] {
  return blocks.map((block, index) => ({ ...block, block_id: `xiaoer:${index}` }));
}

/** Plain text takes no marks and needs no escapes. https://docs.slack.dev/reference/block-kit/composition-objects/text-object */
function plain(text: string): object {
  return { type: "plain_text", text, emoji: false };
}
