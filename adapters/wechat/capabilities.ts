import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

const HOUR_MS = 3_600_000;

/**
 * After a message of the contact 5 may be sent within 48 hours; text is counted in bytes.
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/customer-message.html
 */
const WECHAT: Capabilities = {
  ...PLAIN_TEXT,
  image: true,
  caption: false,
  link: true,
  product: true,
  order: true,
  maxTextLength: 2048,
  textUnit: "bytes",
  replyWindowMs: 48 * HOUR_MS,
  replyWindowMessages: 5,
  // With a key the body is signed and sealed for this app: whom WeChat names is who wrote.
  identityLevel: "verified",
};

export const MINIPROGRAM: Capabilities = WECHAT;

/** https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html; a menu's length is not documented. */
export const OFFICIAL: Capabilities = { ...WECHAT, audio: true, maxChoices: 10, maxLabelLength: 40 };

/**
 * An account that is not verified has one way to answer: one text in the response, for which WeChat waits 5 s.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html
 */
export const UNVERIFIED: Capabilities = {
  ...PLAIN_TEXT,
  maxTextLength: 2048,
  textUnit: "bytes",
  inlineReplyMs: 4000,
  replyWindowMs: 4000,
  replyWindowMessages: 1,
  identityLevel: "verified",
};
