import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";

/**
 * Words, and links in them: how pictures are uploaded for private messages is not published for mini-programs. Nor is the length of a text:
 * 500 is what every client shows whole.
 * https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/tutorial/open-capabilities/management/im-messaging-access
 */
export const DOUYIN: Capabilities = { ...PLAIN_TEXT, maxTextLength: 500, identityLevel: "verified" };
