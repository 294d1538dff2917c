import { type Capabilities, PLAIN_TEXT, type Route } from "../../src/core/adapter.ts";

const DAY_MS = 24 * 3_600_000;
const IN_WINDOW: Route = { name: "message", cost: 0, windowMs: DAY_MS };
/** Billed by Meta. https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates */
const TEMPLATE: Route = { name: "template", cost: 1, template: { maxLength: 1024 } };

/** https://developers.facebook.com/docs/whatsapp/cloud-api/messages: text 4,096, interactive body 1,024, buttons 3 × 20, list 10 × 24. */
export const WHATSAPP: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  audio: true,
  video: true,
  file: true,
  caption: ["image", "video", "file"],
  location: true,
  // A url in a text shows its own preview.
  link: false,
  card: true,
  // Native ones need the shop's catalogue at Meta.
  product: false,
  maxChoices: 10,
  maxActions: 3,
  maxLabelLength: 20,
  maxTextLength: 4096,
  maxCardTextLength: 1024,
  replyWindowMs: DAY_MS,
  routes: [IN_WINDOW, TEMPLATE],
};
