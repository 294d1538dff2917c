import type {
  AdapterDeps,
  Capabilities,
  OutboundMessage,
  OutboundTemplate,
  Receipt,
  SendOptions,
} from "../../src/core/adapter.ts";
import { PLAIN_TEXT } from "../../src/core/adapter.ts";
import type { Card, Content, ContentOf } from "../../src/core/content.ts";
import { lower } from "../../src/core/lower.ts";
import { fetchFile } from "../shared/fetch-file.ts";
import { delivered, refused } from "../shared/receipts.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import type { ShortValues } from "../shared/short-values.ts";
import type { WeixinApi, WeixinMediaType } from "../shared/weixin-api.ts";

export interface SendDeps {
  readonly api: WeixinApi;
  readonly values: ShortValues;
  readonly deps: Pick<AdapterDeps, "fetch" | "timeoutMs" | "state">;
  readonly capabilities: Capabilities;
  /** How a link is shown; only a mini-program has `link`, only an Official Account has `news`. */
  readonly linkAs: "link" | "news";
  /** Pages of the shop's mini-program, with `{id}`. */
  readonly pages: { readonly product?: string | undefined; readonly order?: string | undefined };
}

/** The part of the call that says what is sent. */
type Body = Readonly<Record<string, unknown>> & { readonly msgtype: string };
type Shown = ContentOf<"link"> | ContentOf<"product"> | ContentOf<"order">;

/** JPG and PNG up to 2 MB, sound up to 2 MB. https://developers.weixin.qq.com/doc/offiaccount/Asset_Management/New_temporary_materials.html */
const MAX_FILE_BYTES = 2 * 1024 * 1024;
/** Kept for three days by the platform. */
const MEDIA_TTL_MS = 24 * 3_600_000;
const MEDIA_GONE = 40007;
/** Refused, or used up: each consent is good for one. */
const CONSENT_GONE = 43101;
const WORDS_ONLY: Capabilities = { ...PLAIN_TEXT, maxTextLength: 2048, textUnit: "bytes" };

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/sendCustomMessage.html */
export async function send(message: OutboundMessage, to: SendDeps, options: SendOptions): Promise<Receipt> {
  const { content, idempotencyKey } = message;
  const touser = message.address.openid ?? "";
  if (touser === "") return refused("delivery.bad_request", "The address names no one.");
  const post = (body: Body) =>
    to.api.call("/cgi-bin/message/custom/send", { json: { touser, ...body }, signal: options.signal });
  if (message.template !== undefined) return subscribe(message, { touser, template: message.template }, to, options);

  const body = await toBody(content, to, options);
  if (body !== undefined) {
    const answer = await post(body);
    if (answer.ok) return delivered(idempotencyKey);
    if (answer.errcode === MEDIA_GONE && "url" in content)
      await to.deps.state.set(await mediaKey(content.url ?? ""), "", { ttlMs: 1 });
    // What it does not take as it is, it takes in words. A text has none other.
    if (answer.receipt.code !== "delivery.bad_request" || content.type === "text") return answer.receipt;
  }
  if (options.signal?.aborted)
    return refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true });
  return sayAll(lower(content, WORDS_ONLY));

  /** WeChat gives a message no id of its own, so it has ours. */
  async function sayAll(parts: readonly Content[]): Promise<Receipt> {
    let counted = 0;
    for (const part of parts) {
      if (part.type !== "text") continue;
      const answer = await post(textBody(part.text));
      if (!answer.ok) return answer.receipt;
      counted += 1;
    }
    return { ...delivered(idempotencyKey), ...(counted > 1 ? { counted } : {}) };
  }
}

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-message-management/subscribe-message/sendMessage.html */
async function subscribe(
  { idempotencyKey }: OutboundMessage,
  { touser, template }: { readonly touser: string; readonly template: OutboundTemplate },
  { api, capabilities }: SendDeps,
  { signal }: SendOptions,
): Promise<Receipt> {
  if (!capabilities.routes?.some((route) => route.template !== undefined))
    return refused("delivery.bad_request", "Only a mini-program has subscription messages.");
  const data = Object.fromEntries(template.params.map(({ key, value }) => [key, { value }]));
  const json = { touser, template_id: template.vendorId, lang: template.locale, data };
  const answer = await api.call("/cgi-bin/message/subscribe/send", { json, signal });
  if (answer.ok) return delivered(idempotencyKey);
  return answer.errcode === CONSENT_GONE
    ? refused(
        "delivery.quota_exhausted",
        "They have not agreed to this subscription message, or the consent is used up.",
      )
    : answer.receipt;
}

/** Undefined for what is to be said in words. */
async function toBody(content: Content, to: SendDeps, options: SendOptions): Promise<Body | undefined> {
  switch (content.type) {
    case "text":
      return textBody(content.text);
    case "image":
      return mediaBody("image", content.url, to, options);
    case "audio":
      return to.capabilities.audio ? mediaBody("voice", content.url, to, options) : undefined;
    case "link":
    case "product":
    case "order":
      return shownBody(content, to, options);
    case "choices":
      return to.capabilities.maxChoices > 0 ? menuBody(content, to.values) : undefined;
    default:
      return undefined;
  }
}

function textBody(content: string): Body {
  return { msgtype: "text", text: { content } };
}

/** A tapped item says its label and brings its id. */
async function menuBody({ text, choices }: ContentOf<"choices">, values: ShortValues): Promise<Body> {
  const list = await Promise.all(
    choices.map(async ({ label, value }) => ({ id: await values.shorten(value), content: label })),
  );
  return { msgtype: "msgmenu", msgmenu: { head_content: text, list, tail_content: "" } };
}

async function shownBody(content: Shown, to: SendDeps, options: SendOptions): Promise<Body | undefined> {
  const card = toCard(content);
  const page = card && (await pageBody(content, card, to, options));
  if (page !== undefined || card === undefined || content.url === undefined) return page;
  const { title, text: description = "", imageUrl: picture = "" } = card;
  const link = { title, description, url: content.url };
  return to.linkAs === "link"
    ? { msgtype: "link", link: { ...link, thumb_url: picture } }
    : { msgtype: "news", news: { articles: [{ ...link, picurl: picture }] } };
}

/** `lower` knows how a product and an order are worded. */
function toCard(content: Shown): Card | undefined {
  if (content.type === "link") {
    const { title, url, description: text, imageUrl } = content;
    return { type: "card", title: title || url, text, imageUrl, actions: [] };
  }
  const [card] = lower(content, {
    ...PLAIN_TEXT,
    card: true,
    maxActions: 1,
    maxTextLength: 100_000,
    maxLabelLength: 200,
  });
  return card?.type === "card" ? card : undefined;
}

/** A card of the shop's own mini-program; it needs a picture. */
async function pageBody(content: Shown, card: Card, to: SendDeps, options: SendOptions): Promise<Body | undefined> {
  if (content.type === "link") return undefined;
  const [page, id] =
    content.type === "product" ? [to.pages.product, content.productId] : [to.pages.order, content.orderId];
  const mediaId = page === undefined ? undefined : await mediaIdOf("image", card.imageUrl, to, options);
  if (page === undefined || mediaId === undefined) return undefined;
  // The card shows nothing but its title, so what there is to say stands there.
  const title = [card.title, ...(card.text ?? "").split("\n")].filter(Boolean).join(" ");
  const pagepath = page.replaceAll("{id}", encodeURIComponent(id));
  return { msgtype: "miniprogrampage", miniprogrampage: { title, pagepath, thumb_media_id: mediaId } };
}

async function mediaBody(
  type: "image" | "voice",
  url: string | undefined,
  to: SendDeps,
  options: SendOptions,
): Promise<Body | undefined> {
  const mediaId = await mediaIdOf(type, url, to, options);
  return mediaId === undefined ? undefined : { msgtype: type, [type]: { media_id: mediaId } };
}

/** Uploaded once a day: the same product's picture goes to many. */
async function mediaIdOf(
  type: WeixinMediaType,
  url: string | undefined,
  { api, deps }: SendDeps,
  options: SendOptions,
): Promise<string | undefined> {
  if (url === undefined) return undefined;
  const key = await mediaKey(url);
  const kept = await deps.state.get(key);
  if (kept) return kept;
  const file = await fetchFile(deps, { url, maxBytes: MAX_FILE_BYTES }, options);
  const uploaded = file && (await api.upload(type, file, options));
  if (!uploaded?.ok) return undefined;
  await deps.state.set(key, uploaded.mediaId, { ttlMs: MEDIA_TTL_MS });
  return uploaded.mediaId;
}

async function mediaKey(url: string): Promise<string> {
  return `media:${toHex(await sha256(url)).slice(0, 32)}`;
}
