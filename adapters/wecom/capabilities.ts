import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/**
 * After a message of the contact 5 may be sent within 48 hours; every limit is in bytes. A card is a menu, whose head holds 1,024.
 * https://developer.work.weixin.qq.com/document/path/94677
 */
export const WECOM: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  audio: true,
  video: true,
  file: true,
  caption: false,
  location: true,
  link: true,
  card: true,
  maxChoices: 10,
  maxActions: 10,
  // An item's words are 128 bytes: 30 letters of any script, and what is longer yet is cut with a mark.
  maxLabelLength: 30,
  maxCardTextLength: 1024,
  maxTextLength: 2048,
  textUnit: "bytes",
  replyWindowMs: 48 * 3_600_000,
  replyWindowMessages: 5,
  // `msgid` is ours, and taken once.
  idempotentSend: true,
  identityLevel: "verified",
};
