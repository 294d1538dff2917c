import type { Capabilities } from "../../src/core/adapter.ts";

/**
 * One content is one mail: cards and lists are spelled out in it, files are attached. A reply brings words only, so choices are numbered and
 * actions that answer stand in the text; `lower` does both where there are no cards, so a mail has links but no buttons.
 */
export const EMAIL: Capabilities = {
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
  maxChoices: 20,
  maxActions: 10,
  maxLabelLength: 200,
  maxTextLength: 20_000,
  textUnit: "utf16",
  idempotentSend: false,
  storedIsSent: false,
  identityLevel: "claimed",
};
