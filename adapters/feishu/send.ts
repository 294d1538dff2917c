import { z } from "zod";
import type { AdapterDeps, Address, OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Content } from "../../src/core/content.ts";
import { textLength } from "../../src/core/text.ts";
import { fetchFile } from "../shared/fetch-file.ts";
import { sayInTurn, textsOf } from "../shared/in-words.ts";
import { delivered, refused } from "../shared/receipts.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { wireId } from "../shared/wire.ts";
import type { FeishuApi } from "./api.ts";
import { FEISHU } from "./capabilities.ts";

export interface SendDeps {
  readonly api: FeishuApi;
  readonly values: ShortValues;
  readonly deps: AdapterDeps;
}

interface Part {
  readonly msg_type: "post" | "text" | "image" | "file" | "interactive";
  readonly content: object;
}

const MAX_IMAGE_BYTES = 10 * 1_048_576;
const MAX_FILE_BYTES = 30 * 1_048_576;
/** Cards and posts hold 30 KB. */
const MAX_RICH_BYTES = 28_000;

/** https://open.feishu.cn/document/server-docs/im-v1/message/create */
export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const to = toReceiver(message.address);
  if (to === undefined) return refused("delivery.bad_request", "The address names no chat.");
  const parts = (await toParts(message.content, deps, options)) ?? textsOf(message.content, FEISHU).map(toText);
  return sayInTurn(parts, async ({ msg_type, content }, index) => {
    // 50 characters; the same on every repeat, so that none is shown twice within an hour.
    const uuid = toHex(await sha256(`${message.idempotencyKey}:${index}`)).slice(0, 40);
    const json = { receive_id: to.id, msg_type, content: JSON.stringify(content), uuid };
    const answer = await deps.api.call({
      path: `im/v1/messages?receive_id_type=${to.type}`,
      json,
      signal: options.signal,
    });
    if (!answer.ok) return answer.receipt;
    const id = z.object({ message_id: wireId }).safeParse(answer.data).data?.message_id;
    return id === undefined ? refused("delivery.outcome_unknown", "Feishu's answer names no message.") : delivered(id);
  });
}

function toReceiver({
  chatId,
  openId,
}: Address): { readonly type: "chat_id" | "open_id"; readonly id: string } | undefined {
  if (chatId) return { type: "chat_id", id: chatId };
  return openId ? { type: "open_id", id: openId } : undefined;
}

/** Undefined: to be said in words. */
async function toParts(content: Content, deps: SendDeps, options: SendOptions): Promise<readonly Part[] | undefined> {
  switch (content.type) {
    case "text":
      return [toText(content.text)];
    case "choices":
      return toCardPart({ text: content.text, actions: content.choices }, deps.values);
    case "card": {
      const image = content.imageUrl === undefined ? undefined : await uploadImage(content.imageUrl, deps, options);
      // The picture that could not be had is named by its address.
      const text = [content.text, image === undefined ? content.imageUrl : undefined].filter(Boolean).join("\n");
      return toCardPart({ title: content.title, text, image, actions: content.actions }, deps.values);
    }
    case "image": {
      const key = content.url === undefined ? undefined : await uploadImage(content.url, deps, options);
      return key === undefined ? undefined : [{ msg_type: "image", content: { image_key: key } }];
    }
    case "file": {
      const key = await uploadFile(content, deps, options);
      return key === undefined ? undefined : [{ msg_type: "file", content: { file_key: key } }];
    }
    default:
      return undefined;
  }
}

/**
 * A post of plain pieces: in a `text` message `<b>`, `[a](b)` and `<at user_id="all">` would be read as marks and mentions. What is too large for
 * a post goes as text, its mentions broken. https://open.feishu.cn/document/server-docs/im-v1/message-content-description/create_json
 */
function toText(text: string): Part {
  const content = text.split("\n").map((line) => (line === "" ? [] : [{ tag: "text", text: line }]));
  const post = { zh_cn: { title: "", content } };
  if (textLength(JSON.stringify(post), "bytes") <= MAX_RICH_BYTES) return { msg_type: "post", content: post };
  return { msg_type: "text", content: { text: text.replaceAll(/<(?=\/?at\b)/gi, "<\u200b") } };
}

/** https://open.feishu.cn/document/feishu-cards/feishu-card-overview: plain text throughout, so that nothing of the shop's is read as a mark. */
async function toCardPart(
  card: {
    readonly title?: string;
    readonly text: string;
    readonly image?: string | undefined;
    readonly actions: readonly Action[];
  },
  values: ShortValues,
): Promise<readonly Part[] | undefined> {
  const plain = (content: string) => ({ tag: "plain_text", content });
  const actions = await Promise.all(
    card.actions.map(async (action) => ({
      tag: "button",
      type: "default",
      text: plain(action.label),
      ...("url" in action
        ? { url: action.url }
        : { value: { l: action.label, v: await values.shorten(action.value) } }),
    })),
  );
  const content = {
    config: { wide_screen_mode: true },
    ...(card.title === undefined ? {} : { header: { title: plain(card.title) } }),
    elements: [
      ...(card.image === undefined ? [] : [{ tag: "img", img_key: card.image, alt: plain(card.title ?? "") }]),
      ...(card.text === "" ? [] : [{ tag: "div", text: plain(card.text) }]),
      ...(actions.length === 0 ? [] : [{ tag: "action", layout: "flow", actions }]),
    ],
  };
  const fits = content.elements.length > 0 && textLength(JSON.stringify(content), "bytes") <= MAX_RICH_BYTES;
  return fits ? [{ msg_type: "interactive", content }] : undefined;
}

/** https://open.feishu.cn/document/server-docs/im-v1/image/create */
async function uploadImage(url: string, { api, deps }: SendDeps, options: SendOptions): Promise<string | undefined> {
  const file = await fetchFile(deps, { url, maxBytes: MAX_IMAGE_BYTES }, options);
  if (file === undefined) return undefined;
  const body = new FormData();
  body.set("image_type", "message");
  body.set("image", file.blob, file.name);
  const answer = await api.call({ path: "im/v1/images", body, signal: options.signal });
  return answer.ok ? z.object({ image_key: wireId }).safeParse(answer.data).data?.image_key : undefined;
}

/** https://open.feishu.cn/document/server-docs/im-v1/file/create */
async function uploadFile(content: Extract<Content, { type: "file" }>, { api, deps }: SendDeps, options: SendOptions) {
  if (content.url === undefined) return undefined;
  const named = content.name === undefined ? {} : { name: content.name };
  const file = await fetchFile(deps, { url: content.url, maxBytes: MAX_FILE_BYTES, ...named }, options);
  if (file === undefined) return undefined;
  const suffix = /\.(pdf|doc|xls|ppt)x?$/i.exec(file.name)?.[1]?.toLowerCase();
  const body = new FormData();
  body.set("file_type", suffix ?? "stream");
  body.set("file_name", file.name);
  body.set("file", file.blob, file.name);
  const answer = await api.call({ path: "im/v1/files", body, signal: options.signal });
  return answer.ok ? z.object({ file_key: wireId }).safeParse(answer.data).data?.file_key : undefined;
}
