import { type Capabilities, PLAIN_TEXT, type Route } from "../../src/core/adapter.ts";

const DAY_MS = 24 * 3_600_000;
const IN_WINDOW: Route = { name: "message", cost: 0, windowMs: DAY_MS };
/** People, and no bots, for a week. https://developers.facebook.com/docs/messenger-platform/send-messages/message-tags */
const HUMAN_AGENT: Route = { name: "human_agent", cost: 0, windowMs: 7 * DAY_MS, authors: ["agent"] };

/** https://developers.facebook.com/docs/messenger-platform/send-messages: text 2,000, quick replies 13 × 20, generic template 80 + 80. */
export const MESSENGER: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  audio: true,
  video: true,
  file: true,
  caption: false,
  card: true,
  carousel: true,
  maxChoices: 13,
  maxActions: 3,
  maxLabelLength: 20,
  maxTextLength: 2000,
  // Title and subtitle of a template element together; longer words are said before it.
  maxCardTextLength: 80,
  replyWindowMs: DAY_MS,
  routes: [IN_WINDOW, HUMAN_AGENT],
};

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api: text 1,000 bytes; no documents. */
export const INSTAGRAM: Capabilities = { ...MESSENGER, file: false, maxTextLength: 1000, textUnit: "bytes" };
