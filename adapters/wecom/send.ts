import { z } from "zod";
import type { AdapterDeps, OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Card, Content, ContentOf } from "../../src/core/content.ts";
import { shorten, textLength } from "../../src/core/text.ts";
import { fetchFile } from "../shared/fetch-file.ts";
import { textsOf } from "../shared/in-words.ts";
import { delivered, type FailedReceipt, refused } from "../shared/receipts.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import type { ShortValues } from "../shared/short-values.ts";
import type { WeixinAnswer, WeixinApi, WeixinMediaType } from "../shared/weixin-api.ts";
import { WECOM } from "./capabilities.ts";

export interface SendDeps {
  readonly api: WeixinApi;
  readonly values: ShortValues;
  readonly deps: Pick<AdapterDeps, "fetch" | "timeoutMs" | "state" | "now">;
}

type Body = Readonly<Record<string, unknown>> & { readonly msgtype: string };

/** https://developer.work.weixin.qq.com/document/path/90253 */
const MAX_BYTES: Readonly<Record<WeixinMediaType, number>> = {
  image: 2 * 1024 * 1024,
  voice: 2 * 1024 * 1024,
  video: 10 * 1024 * 1024,
  file: 20 * 1024 * 1024,
};
const [MAX_LINK_TITLE, MAX_LINK_TEXT, MAX_URL] = [128, 512, 2048];
const [MAX_HEAD, MAX_CLICK, MAX_VIEW] = [1024, 128, 1024];
const WRONG_STATE = 95018;

/** https://developer.work.weixin.qq.com/document/path/94677 */
export async function send(message: OutboundMessage, to: SendDeps, options: SendOptions): Promise<Receipt> {
  const { content, address, idempotencyKey: key } = message;
  if (!address.userId || !address.openKfId) return refused("delivery.bad_request", "The address names no one.");
  const say: Say = { ...to, ...options, target: { touser: address.userId, open_kfid: address.openKfId } };
  const bodies = (await toBodies(content, to, options)) ?? inWords(content);
  const welcome = await sayWelcome(bodies, message, say);
  if (welcome !== undefined) return welcome;
  const { receipt, isAboutContent } = await sayAll(bodies, key, say);
  if (!isAboutContent || content.type === "text") return receipt;
  return (await sayAll(inWords(content), `${key}:words`, say)).receipt;
}

interface Say extends SendDeps, SendOptions {
  readonly target: { readonly touser: string; readonly open_kfid: string };
}

interface Outcome {
  readonly receipt: Receipt;
  /** It would take the same in other words. */
  readonly isAboutContent: boolean;
}

/** Each part has an id of its own, so that a repeat says none of them twice; the last one's stands for all. */
async function sayAll(bodies: readonly Body[], key: string, say: Say): Promise<Outcome> {
  let outcome: Outcome = {
    receipt: refused("delivery.bad_request", "There is nothing to say."),
    isAboutContent: false,
  };
  for (const [index, body] of bodies.entries()) {
    const msgid = await messageIdOf(index === bodies.length - 1 ? key : `${key}:${index}`);
    const json = { ...say.target, msgid, ...body };
    const answer = await say.api.call("/cgi-bin/kf/send_msg", { json, signal: say.signal });
    outcome = await toOutcome(answer, msgid, say);
    if (!outcome.receipt.ok) return outcome;
  }
  return outcome;
}

async function toOutcome(answer: WeixinAnswer, msgid: string, say: Say): Promise<Outcome> {
  if (answer.ok || isRepeat(answer.receipt)) return { receipt: delivered(msgid), isAboutContent: false };
  const { receipt, errcode } = answer;
  if (errcode === WRONG_STATE) return { receipt: await explainState(receipt, say), isAboutContent: false };
  return { receipt, isAboutContent: errcode !== undefined && receipt.code === "delivery.bad_request" };
}

/** An id taken once is refused: what it stood for has been said. WeCom does not publish the code, only that it refuses. */
function isRepeat({ detail }: FailedReceipt): boolean {
  return /msgid/i.test(detail) && /dup|exist|repeat/i.test(detail);
}

/** Whoever enters brings a code that one message may answer, within 20 s and before they write. https://developer.work.weixin.qq.com/document/path/95122 */
async function sayWelcome(bodies: readonly Body[], message: OutboundMessage, say: Say): Promise<Receipt | undefined> {
  const { welcomeCode: code, welcomeUntil } = message.address;
  const [body] = bodies;
  if (code === undefined || Number(welcomeUntil) <= say.deps.now() || body === undefined || bodies.length > 1)
    return undefined;
  if (body.msgtype !== "text" && body.msgtype !== "msgmenu") return undefined;
  const msgid = await messageIdOf(message.idempotencyKey);
  const json = { code, msgid, ...body };
  const answer = await say.api.call("/cgi-bin/kf/send_msg_on_event", { json, signal: say.signal });
  if (answer.ok || isRepeat(answer.receipt)) return delivered(msgid);
  // A code that was used or is over is no reason to say nothing: then it goes the ordinary way.
  return answer.receipt.code === "delivery.bad_request" ? undefined : answer.receipt;
}

const stateSchema = z.object({ service_state: z.int() });
const STATES: Readonly<Record<number, string>> = {
  2: "the contact waits in WeCom's own queue",
  3: "an agent has the conversation in WeCom",
  4: "the conversation is ended until the contact writes again",
};

/** Only untouched (0) and with the bot (1) may the API write. https://developer.work.weixin.qq.com/document/path/94669 */
async function explainState(receipt: FailedReceipt, { api, target, signal }: Say): Promise<FailedReceipt> {
  const json = { open_kfid: target.open_kfid, external_userid: target.touser };
  const answer = await api.call("/cgi-bin/kf/service_state/get", { json, signal });
  const state = answer.ok ? stateSchema.safeParse(answer.body).data?.service_state : undefined;
  const why = STATES[state ?? -1];
  if (why === undefined) return receipt;
  return refused(state === 4 ? "delivery.window_closed" : "delivery.bad_request", `WeCom takes no message: ${why}.`);
}

/** At most 32 bytes of letters, digits, `_` and `-`. */
async function messageIdOf(key: string): Promise<string> {
  return /^[\w-]{1,32}$/.test(key) ? key : toHex(await sha256(key)).slice(0, 32);
}

function inWords(content: Content): readonly Body[] {
  return textsOf(content, WECOM).map(textBody);
}

function textBody(content: string): Body {
  return { msgtype: "text", text: { content } };
}

/** Undefined for what is to be said in words. */
async function toBodies(content: Content, to: SendDeps, options: SendOptions): Promise<readonly Body[] | undefined> {
  switch (content.type) {
    case "text":
      return [textBody(content.text)];
    case "image":
    case "audio":
    case "video":
    case "file": {
      const file = await fileBody(content, to, options);
      return file && [file];
    }
    case "location":
      return [locationBody(content)];
    case "link":
      return linkBodies(content, to, options);
    case "card":
      return cardBodies(content, to, options);
    case "choices":
      return menuBodies(content.text, content.choices, to.values);
    default:
      return undefined;
  }
}

type Media = ContentOf<"image"> | ContentOf<"audio"> | ContentOf<"video"> | ContentOf<"file">;

/** Voices are AMR and videos MP4; others are files. */
function mediaTypeOf({ type, url = "", mime = "" }: Media): WeixinMediaType {
  if (type === "audio") return /\.amr$/i.test(url) || mime === "audio/amr" ? "voice" : "file";
  if (type === "video") return /\.mp4$/i.test(url) || mime === "video/mp4" ? "video" : "file";
  return type;
}

async function fileBody(content: Media, to: SendDeps, options: SendOptions): Promise<Body | undefined> {
  const type = mediaTypeOf(content);
  const mediaId = await upload(type, content.url, to, { ...options, name: content.name });
  return mediaId === undefined ? undefined : { msgtype: type, [type]: { media_id: mediaId } };
}

async function upload(
  type: WeixinMediaType,
  url: string | undefined,
  { api, deps }: SendDeps,
  { name, ...options }: SendOptions & { readonly name?: string | undefined },
): Promise<string | undefined> {
  if (url === undefined) return undefined;
  const file = await fetchFile(deps, { url, maxBytes: MAX_BYTES[type], ...(name && { name }) }, options);
  const uploaded = file && (await api.upload(type, file, options));
  return uploaded?.ok ? uploaded.mediaId : undefined;
}

function locationBody({ lat: latitude, lng: longitude, title, address }: ContentOf<"location">): Body {
  const name = title || address || `${latitude},${longitude}`;
  return { msgtype: "location", location: { name, address: address || name, latitude, longitude } };
}

/** A link needs a picture; without one it is an item to tap. */
async function linkBodies(link: ContentOf<"link">, to: SendDeps, options: SendOptions): Promise<readonly Body[]> {
  const title = link.title || link.url;
  const shown = await linkBody({ title, text: link.description, imageUrl: link.imageUrl, url: link.url }, to, options);
  if (shown !== undefined) return [shown];
  const words = [title, link.description].filter(Boolean).join("\n");
  return menuBodies(words, [{ label: title, url: link.url }], to.values);
}

async function linkBody(
  link: {
    readonly title: string;
    readonly text: string | undefined;
    readonly imageUrl: string | undefined;
    readonly url: string;
  },
  to: SendDeps,
  options: SendOptions,
): Promise<Body | undefined> {
  const { title, text: desc = "", url } = link;
  const fits = [
    [title, MAX_LINK_TITLE],
    [desc, MAX_LINK_TEXT],
    [url, MAX_URL],
  ] as const;
  if (fits.some(([words, max]) => textLength(words, "bytes") > max)) return undefined;
  const mediaId = await upload("image", link.imageUrl, to, options);
  return mediaId === undefined ? undefined : { msgtype: "link", link: { title, desc, url, thumb_media_id: mediaId } };
}

/** With one address to open and a picture it is a link, which spends one message of the five; else a menu, after its picture. */
async function cardBodies(card: Card, to: SendDeps, options: SendOptions): Promise<readonly Body[]> {
  const { title, text, imageUrl, actions } = card;
  const [action] = actions;
  if (action !== undefined && "url" in action && actions.length === 1) {
    const link = await linkBody({ title, text, imageUrl, url: action.url }, to, options);
    if (link !== undefined) return [link];
  }
  const picture = imageUrl && (await fileBody({ type: "image", url: imageUrl }, to, options));
  const words = [title, text, imageUrl && !picture ? imageUrl : ""].filter(Boolean).join("\n");
  const said =
    actions.length === 0 ? inWords({ type: "text", text: words }) : await menuBodies(words, actions, to.values);
  return picture ? [picture, ...said] : said;
}

/** A head over 1,024 bytes is said before. An item tapped says its words and brings its id. */
async function menuBodies(head: string, actions: readonly Action[], values: ShortValues): Promise<readonly Body[]> {
  const list = await Promise.all(
    actions.map(async (action) =>
      "url" in action
        ? { type: "view", view: { url: action.url, content: shorten(action.label, MAX_VIEW, "bytes") } }
        : {
            type: "click",
            click: { id: await values.shorten(action.value), content: shorten(action.label, MAX_CLICK, "bytes") },
          },
    ),
  );
  if (textLength(head, "bytes") > MAX_HEAD) return [...inWords({ type: "text", text: head }), menuBody({ list })];
  return [menuBody({ head_content: head, list })];
}

function menuBody(msgmenu: object): Body {
  return { msgtype: "msgmenu", msgmenu };
}
