import { type Capabilities, PLAIN_TEXT, type Route } from "../../src/core/adapter.ts";

const HOUR_MS = 3_600_000;
const AFTER_MESSAGE: Route = { name: "message", cost: 0, windowMs: 48 * HOUR_MS, messages: 5, after: "message" };
/** After coming in, following, scanning or tapping a menu. https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html */
const AFTER_COMING = { name: "welcome", cost: 0, windowMs: 60_000, after: "joined" } as const;
/**
 * A subscription message, for which the person has agreed beforehand; values are limited by the kind their name begins with.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html
 */
const SUBSCRIPTION: Route = {
  name: "template",
  cost: 0,
  template: { maxLength: 20, maxLengths: { thing: 20, phrase: 5, character_string: 32 } },
};

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

export const MINIPROGRAM: Capabilities = {
  ...WECHAT,
  routes: [AFTER_MESSAGE, { ...AFTER_COMING, messages: 2 }, SUBSCRIPTION],
};

/** https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Service_Center_messages.html; a menu's length is not documented. */
export const OFFICIAL: Capabilities = {
  ...WECHAT,
  audio: true,
  maxChoices: 10,
  maxLabelLength: 40,
  routes: [AFTER_MESSAGE, { ...AFTER_COMING, messages: 3 }],
};

/**
 * An account that is not verified has one way to answer: one text in the response, for which WeChat waits 5 s, three times.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html
 */
export const UNVERIFIED: Capabilities = {
  ...PLAIN_TEXT,
  maxTextLength: 2048,
  textUnit: "bytes",
  inlineReplyMs: 4000,
  inlineAgainMs: 5000,
  inlineOnly: true,
  identityLevel: "verified",
};
