import type { messagingApi } from "@line/bot-sdk";
import type { Action, Card } from "../../src/core/content.ts";
import { shorten, splitText, textLength } from "../../src/core/text.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { packTap } from "./tap.ts";

type Bubble = messagingApi.FlexBubble;
type Message = messagingApi.Message;

/** https://developers.line.biz/en/reference/messaging-api/#flex-message: 50 KB and 12 bubbles; some room is left for the frame. */
const MAX_CAROUSEL_BYTES = 48_000;
/** Of `altText`: lists and notifications show it; 1,500 by newer pages, 400 by older ones. */
const MAX_ALT_TEXT = 400;

/** Cards as bubbles, side by side as far as one message holds them, and then the links that no button can hold. */
export async function toFlexMessages(cards: readonly Card[], values: ShortValues): Promise<readonly Message[]> {
  const bubbles = await Promise.all(cards.map((card) => toBubble(card, values)));
  const said = cards.flatMap((card) => unshowable(card)).join("\n");
  return [
    ...inGroups(bubbles).map((group) => toFlexMessage(group, cards)),
    ...splitText(said, 5000, "utf16").flatMap((text) => (text === "" ? [] : [{ type: "text" as const, text }])),
  ];
}

function toFlexMessage(bubbles: readonly Bubble[], cards: readonly Card[]): Message {
  const words = cards.map((card) => [card.title, card.text].filter(Boolean).join("\n")).join("\n");
  const altText = shorten(words.trim() || "…", MAX_ALT_TEXT, "utf16");
  const [first, second] = bubbles;
  return {
    type: "flex",
    altText,
    contents: first === undefined || second !== undefined ? { type: "carousel", contents: [...bubbles] } : first,
  };
}

/** https://developers.line.biz/en/reference/messaging-api/#bubble */
async function toBubble(card: Card, values: ShortValues): Promise<Bubble> {
  const buttons = await Promise.all(
    card.actions.filter(isShowable).map(async (action) => ({
      type: "button" as const,
      height: "sm" as const,
      style: "value" in action ? ("primary" as const) : ("link" as const),
      action: await toAction(action, values),
    })),
  );
  const say = (text: string) => ({ type: "text" as const, text, wrap: true });
  const title = { ...say(card.title.trim() || "…"), weight: "bold" as const };
  const text = card.text?.trim() ? [{ ...say(card.text), size: "sm" as const }] : [];
  return {
    type: "bubble",
    ...(isShowableImage(card.imageUrl) && {
      hero: { type: "image", url: card.imageUrl, size: "full", aspectRatio: "20:13", aspectMode: "cover" },
    }),
    body: { type: "box", layout: "vertical", spacing: "sm", contents: [title, ...text] },
    ...(buttons.length > 0 && { footer: { type: "box", layout: "vertical", spacing: "sm", contents: buttons } }),
  };
}

/** A postback's `displayText` shows the tap in the chat, as if it were said. https://developers.line.biz/en/reference/messaging-api/#action-objects */
export async function toAction(action: Action, values: ShortValues): Promise<messagingApi.Action> {
  const { label } = action;
  if ("url" in action) return { type: "uri", label, uri: action.url };
  return { type: "postback", label, displayText: label, data: await packTap(action, values) };
}

/** Bubbles in order, as many to a message as its size takes; a content has no more than ten. */
function inGroups(bubbles: readonly Bubble[]): Bubble[][] {
  const groups: Bubble[][] = [];
  for (const bubble of bubbles) {
    const group = groups.at(-1);
    const isFull = textLength(JSON.stringify([...(group ?? []), bubble]), "bytes") > MAX_CAROUSEL_BYTES;
    if (group === undefined || isFull) groups.push([bubble]);
    else group.push(bubble);
  }
  return groups;
}

function unshowable({ actions, imageUrl }: Card): string[] {
  const links = actions.flatMap((action) =>
    "url" in action && !isShowable(action) ? [`${action.label}: ${action.url}`] : [],
  );
  return imageUrl === undefined || isShowableImage(imageUrl) ? links : [imageUrl, ...links];
}

function isShowable(action: Action): boolean {
  return !("url" in action) || action.url.length <= 1000;
}

/** https, JPEG or PNG; LINE fetches it itself. https://developers.line.biz/en/reference/messaging-api/#image-message */
export function isShowableImage(url: string | undefined, mime?: string): url is string {
  if (url === undefined || !url.startsWith("https://") || url.length > 2000) return false;
  if (mime !== undefined) return /^image\/(?:jpe?g|png)$/.test(mime);
  return !/\.(?:gif|webp|svg|bmp|avif|heic)(?:$|[?#])/i.test(url);
}
