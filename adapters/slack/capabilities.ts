import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/** https://docs.slack.dev/reference/methods/chat.postMessage, https://docs.slack.dev/reference/block-kit/blocks; no window, no quota, no idempotency key. */
export const SLACK: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  // By link: a file would have to be uploaded in three calls.
  audio: false,
  // A bare url in a text shows its own preview.
  link: false,
  card: true,
  carousel: true,
  maxChoices: 20,
  // One row of buttons.
  maxActions: 5,
  maxLabelLength: 30,
  // 40,000 are taken; beyond 4,000 Slack advises against.
  maxTextLength: 4000,
  maxCardTextLength: 1000,
};
