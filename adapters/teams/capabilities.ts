import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/** https://learn.microsoft.com/microsoftteams/platform/bots/how-to/format-your-bot-messages: six buttons in sight; no window, no quota, no idempotency key. */
export const TEAMS: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  // By link: files need a consent card, and each person's OneDrive.
  audio: false,
  card: true,
  carousel: true,
  maxChoices: 6,
  maxActions: 6,
  maxLabelLength: 40,
  // About 100 KB in UTF-16 with everything around it; older pages say 28.
  maxTextLength: 10_000,
  // Ten such cards side by side are one message.
  maxCardTextLength: 1000,
  // Its token signs no body, only where it is from.
  identityLevel: "claimed",
};
