import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/** https://core.telegram.org/bots/api#sendmessage, #sendphoto, #inlinekeyboardmarkup; no window, no quota, no idempotency key. */
export const TELEGRAM: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  audio: true,
  video: true,
  file: true,
  location: true,
  // A bare url in a text shows its own preview.
  link: false,
  card: true,
  // About 100 buttons fit a keyboard (undocumented); a person reads fewer.
  maxChoices: 20,
  maxActions: 10,
  maxLabelLength: 40,
  maxTextLength: 4096,
  // A card is a photo's caption.
  maxCardTextLength: 1024,
};
