import type { Capabilities } from "../../src/core/adapter.ts";

const DAY_MS = 24 * 3_600_000;

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages: text 4,096, interactive body 1,024, buttons 3 × 20, list 10 × 24. */
export const WHATSAPP: Capabilities = {
  image: true,
  audio: true,
  video: true,
  file: true,
  location: true,
  // A url in a text shows its own preview.
  link: false,
  card: true,
  carousel: false,
  // Native ones need the shop's catalogue at Meta.
  product: false,
  order: false,
  maxChoices: 10,
  maxActions: 3,
  maxLabelLength: 20,
  maxTextLength: 4096,
  maxCardTextLength: 1024,
  textUnit: "utf16",
  replyWindowMs: DAY_MS,
  idempotentSend: false,
  storedIsSent: false,
  identityLevel: "claimed",
};

/** https://developers.facebook.com/docs/messenger-platform/send-messages: text 2,000, quick replies 13 × 20, generic template 80 + 80. */
export const MESSENGER: Capabilities = {
  image: true,
  audio: true,
  video: true,
  file: true,
  location: false,
  link: false,
  card: true,
  carousel: true,
  product: false,
  order: false,
  maxChoices: 13,
  maxActions: 3,
  maxLabelLength: 20,
  maxTextLength: 2000,
  // Title and subtitle of a template element together; longer words are said before it.
  maxCardTextLength: 80,
  textUnit: "utf16",
  replyWindowMs: DAY_MS,
  idempotentSend: false,
  storedIsSent: false,
  identityLevel: "claimed",
};

/** https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api: text 1,000 bytes; no documents. */
export const INSTAGRAM: Capabilities = { ...MESSENGER, file: false, maxTextLength: 1000, textUnit: "bytes" };
