import type { InlineReply, OutboundMessage } from "../../src/core/adapter.ts";
import { lower } from "../../src/core/lower.ts";
import { textLength } from "../../src/core/text.ts";
import { plainText } from "../shared/plain-text.ts";
import { type Packets, signParts } from "../shared/weixin-crypt.ts";
import { cdata } from "../shared/xml.ts";
import { UNVERIFIED } from "./capabilities.ts";
import type { Fields } from "./verify.ts";

export interface PassiveDeps {
  readonly token: string;
  readonly packets: Packets | undefined;
  readonly now: () => number;
}

/** What did not fit waits for whatever they write next. */
const MORE = "（回复任意内容，查看后面的消息）";

/** What WeChat takes for "heard, nothing to say". */
export function success(): Response {
  return plainText("success");
}

/**
 * The answer inside the response to a push: one text, into which as many replies go, from the first, as there is room for.
 * https://developers.weixin.qq.com/doc/offiaccount/Message_Management/Passive_user_reply_message.html
 */
export async function replyInline(
  push: Fields,
  replies: readonly OutboundMessage[],
  deps: PassiveDeps,
): Promise<InlineReply> {
  const { FromUserName: to, ToUserName: account } = push;
  const { text, carried } = merge(replies);
  if (carried === 0 || typeof to !== "string" || typeof account !== "string")
    return { response: success(), carried: 0 };
  const seconds = Math.floor(deps.now() / 1000);
  const fields = [
    `<ToUserName>${cdata(to)}</ToUserName><FromUserName>${cdata(account)}</FromUserName>`,
    `<CreateTime>${seconds}</CreateTime><MsgType>${cdata("text")}</MsgType><Content>${cdata(text)}</Content>`,
  ];
  const message = `<xml>${fields.join("")}</xml>`;
  const body = deps.packets === undefined ? message : await seal(message, String(seconds), deps.packets, deps.token);
  return { response: new Response(body, { headers: { "content-type": "application/xml; charset=utf-8" } }), carried };
}

function merge(replies: readonly OutboundMessage[]): { readonly text: string; readonly carried: number } {
  let text = "";
  let carried = 0;
  for (const { content } of replies) {
    const words = lower(content, UNVERIFIED).map((part) => (part.type === "text" ? part.text : ""));
    const longer = [text, ...words].filter(Boolean).join("\n\n");
    if (textLength(longer, "bytes") > UNVERIFIED.maxTextLength) break;
    text = longer;
    carried += 1;
  }
  const withHint = `${text}\n\n${MORE}`;
  const fits = textLength(withHint, "bytes") <= UNVERIFIED.maxTextLength;
  return { text: carried > 0 && carried < replies.length && fits ? withHint : text, carried };
}

/** https://developers.weixin.qq.com/doc/oplatform/developers/dev/auth/encrypt.html */
async function seal(message: string, timestamp: string, packets: Packets, token: string): Promise<string> {
  const encrypted = await packets.seal(message);
  const nonce = crypto.randomUUID().replaceAll("-", "").slice(0, 16);
  const signature = await signParts(token, [timestamp, nonce, encrypted]);
  const fields = [
    `<Encrypt>${cdata(encrypted)}</Encrypt><MsgSignature>${cdata(signature)}</MsgSignature>`,
    `<TimeStamp>${timestamp}</TimeStamp><Nonce>${cdata(nonce)}</Nonce>`,
  ];
  return `<xml>${fields.join("")}</xml>`;
}
