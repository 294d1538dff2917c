import { type Capabilities, PLAIN_TEXT, type Route } from "../../src/core/adapter.ts";

/** A reply token holds for a minute; a call under way must not see it end. https://developers.line.biz/en/reference/messaging-api/#send-reply-message */
export const REPLY_MS = 50_000;

const ROUTES: readonly Route[] = [
  { name: "reply", cost: 0, windowMs: REPLY_MS, messages: 1 },
  { name: "push", cost: 1 },
];

/** https://developers.line.biz/en/reference/messaging-api/#message-objects; any time: a reply is free, a push is counted. */
export const LINE: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  // LINE wants an audio's length and a video's preview picture, which nobody here knows.
  audio: false,
  location: true,
  // A bare url in a text shows its own preview.
  link: false,
  card: true,
  carousel: true,
  // Quick replies; they are gone after the next message, and the label can still be typed.
  maxChoices: 13,
  maxActions: 6,
  // Of a quick reply; a flex button takes 40.
  maxLabelLength: 20,
  maxTextLength: 5000,
  // Ten such cards in Chinese fit the five messages, of 50 KB each, that one call takes.
  maxCardTextLength: 1000,
  routes: ROUTES,
  // By X-Line-Retry-Key, for a day.
  idempotentSend: true,
};
