import type { Capabilities } from "../../src/core/adapter.ts";

/** https://developers.line.biz/en/reference/messaging-api/#message-objects; any time: a reply is free, a push is counted. */
export const LINE: Capabilities = {
  image: true,
  // LINE wants an audio's length and a video's preview picture, which nobody here knows.
  audio: false,
  video: false,
  file: false,
  location: true,
  // A bare url in a text shows its own preview.
  link: false,
  card: true,
  carousel: true,
  product: false,
  order: false,
  // Quick replies; they are gone after the next message, and the label can still be typed.
  maxChoices: 13,
  maxActions: 6,
  // Of a quick reply; a flex button takes 40.
  maxLabelLength: 20,
  maxTextLength: 5000,
  // Ten such cards in Chinese fit the five messages, of 50 KB each, that one call takes.
  maxCardTextLength: 1000,
  textUnit: "utf16",
  // By X-Line-Retry-Key, for a day.
  idempotentSend: true,
  storedIsSent: false,
  identityLevel: "claimed",
};
