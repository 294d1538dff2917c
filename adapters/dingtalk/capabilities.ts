import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/** https://open.dingtalk.com/document/orgapp/types-of-messages-sent-by-robots: cards have up to five buttons where the robot writes first. */
export const DINGTALK: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  link: true,
  card: true,
  maxChoices: 5,
  maxActions: 5,
  maxLabelLength: 20,
  // Unpublished; a webhook's body may have 20,000 bytes.
  maxTextLength: 2000,
  maxCardTextLength: 2000,
  textUnit: "utf16",
};
