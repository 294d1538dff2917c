import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/**
 * One content is one mail: cards and lists are spelled out in it, files are attached. A reply brings words only, so choices are numbered and
 * actions that answer stand in the text; `lower` does both where there are no cards, so a mail has links but no buttons.
 */
export const EMAIL: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  audio: true,
  video: true,
  file: true,
  card: true,
  carousel: true,
  maxChoices: 20,
  maxActions: 10,
  maxLabelLength: 200,
  maxTextLength: 20_000,
  // What mail providers take themselves: a mail comes with its files in it.
  maxWebhookBytes: 25 * 1_048_576,
};
