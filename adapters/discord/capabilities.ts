import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/** https://docs.discord.com/developers/resources/message#create-message; no window, no quota. */
export const DISCORD: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  // By link: Discord shows its own preview of one.
  audio: false,
  card: true,
  // A message has 25 buttons in all, so cards follow one another.
  carousel: false,
  // Five rows of five.
  maxChoices: 20,
  maxActions: 10,
  maxLabelLength: 30,
  maxTextLength: 2000,
  // An embed's description takes 4,096, escapes included.
  maxCardTextLength: 2000,
  // A nonce is looked at for a few minutes, and for messages by the bot only.
  idempotentSend: false,
};
