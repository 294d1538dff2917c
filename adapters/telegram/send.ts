import type { Opts } from "telegraf/types";
import type {
  AdapterDeps,
  AdapterState,
  Address,
  OutboundMessage,
  Receipt,
  SendOptions,
} from "../../src/core/adapter.ts";
import type { Action, Card, Content } from "../../src/core/content.ts";
import { textLength } from "../../src/core/text.ts";
import { fetchFile } from "../shared/fetch-file.ts";
import { isWebUrl, sayInTurn, textsOf } from "../shared/in-words.ts";
import { delivered, refused } from "../shared/receipts.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { isTelegramError, type TelegramApi, toReceipt } from "./api.ts";
import { TELEGRAM } from "./capabilities.ts";

type SendMethod =
  | "sendMessage"
  | "sendPhoto"
  | "sendAnimation"
  | "sendVoice"
  | "sendAudio"
  | "sendVideo"
  | "sendDocument"
  | "sendLocation"
  | "sendVenue";
type Call = { [M in SendMethod]: readonly [method: M, payload: Opts<M>] }[SendMethod];
type Target = { readonly chat_id: number | string; readonly message_thread_id?: number };
type Buttons = { readonly reply_markup?: Opts<"sendMessage">["reply_markup"] };

export interface SendDeps {
  readonly api: TelegramApi;
  readonly values: ShortValues;
  readonly state: AdapterState;
  readonly deps: Pick<AdapterDeps, "fetch" | "timeoutMs">;
}

export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const chatId = await currentChat(message.address.chatId ?? "", deps.state);
  if (!/^-?\d+$/.test(chatId)) return refused("delivery.bad_request", "The address names no chat.");
  const target = toTarget(chatId, message.address);
  try {
    return await sendContent(message.content, target, deps, options);
  } catch (error) {
    const movedTo = isTelegramError(error) ? error.parameters?.migrate_to_chat_id : undefined;
    if (movedTo === undefined) return toReceipt(error);
    // The group became a supergroup, under a new id for good. https://core.telegram.org/bots/api#responseparameters
    await deps.state.set(`moved:${chatId}`, String(movedTo));
    return sendContent(message.content, { ...target, chat_id: movedTo }, deps, options).catch(toReceipt);
  }
}

async function sendContent(content: Content, target: Target, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const call = await toCall(content, target, deps.values);
  if (call === undefined) return refused("delivery.bad_request", `Telegram has no ${content.type} of this form.`);
  try {
    return await sendCall(call, target, deps, options);
  } catch (error) {
    if (content.type === "text" || !isTelegramError(error) || !isAboutContent(error.description)) throw error;
    // A url that Telegram cannot fetch, or a kind of file it takes no url of: its bytes; and what it refuses then, in words.
    const uploaded = isMedia(content) && (await upload(content, call, target, deps, options));
    return (
      uploaded ||
      sayInTurn(textsOf(content, TELEGRAM), (text) =>
        sendCall(["sendMessage", { ...target, text }], target, deps, options),
      )
    );
  }
}

/** Larger ones would fill a small machine. https://core.telegram.org/bots/api#sending-files: photos 10 MB, others 50. */
const MAX_UPLOAD_BYTES = 20 * 1_048_576;
const MAX_PHOTO_BYTES = 10 * 1_048_576;

/** Undefined when the file cannot be had, or Telegram does not take it either. */
async function upload(
  { url = "", name }: Media,
  [method, payload]: Call,
  target: Target,
  { api, deps }: SendDeps,
  options: SendOptions,
): Promise<Receipt | undefined> {
  const maxBytes = method === "sendPhoto" ? MAX_PHOTO_BYTES : MAX_UPLOAD_BYTES;
  const file = await fetchFile(deps, { url, maxBytes, ...(name && { name }) }, options);
  if (file === undefined) return undefined;
  const form = new FormData();
  // In every call for a file one field names it, and that is where its bytes go.
  for (const [key, value] of Object.entries(payload)) {
    if (value === url) form.set(key, file.blob, file.name);
    else if (value !== undefined) form.set(key, String(value));
  }
  try {
    const sent = await api.upload(method, form, options);
    return delivered(`${target.chat_id}:${sent.message_id}`);
  } catch (error) {
    if (isTelegramError(error) && toReceipt(error).code === "delivery.bad_request") return undefined;
    throw error;
  }
}

function isMedia(content: Content): content is Media {
  return ["image", "audio", "video", "file"].includes(content.type);
}

async function sendCall([method, payload]: Call, target: Target, deps: SendDeps, { signal }: SendOptions) {
  const sent = await deps.api.callApi(method, payload, { signal });
  return delivered(`${target.chat_id}:${sent.message_id}`);
}

/** A url Telegram cannot fetch, a file type it does not take by url, a button's link to a host it does not accept. */
function isAboutContent(description: string): boolean {
  return /http url|web page|wrong (?:remote )?file|wrong type|url_invalid|url host|BUTTON_|IMAGE_PROCESS|PHOTO_/i.test(
    description,
  );
}

async function toCall(content: Content, target: Target, values: ShortValues): Promise<Call | undefined> {
  switch (content.type) {
    case "text":
      return ["sendMessage", { ...target, text: content.text }];
    case "choices":
      return ["sendMessage", { ...target, text: content.text, ...(await toButtons(content.choices, values)) }];
    case "card":
      return toCardCall(content, target, await toButtons(content.actions, values));
    case "location":
      return toLocationCall(content, target);
    case "image":
    case "audio":
    case "video":
    case "file":
      return toMediaCall(content, target);
    default:
      return undefined;
  }
}

/** https://core.telegram.org/bots/api#sendphoto: words with a picture may be 1,024 long, which `maxCardTextLength` says. */
function toCardCall(card: Card, target: Target, buttons: Buttons): Call {
  const title = card.title.trim();
  const text = [title, card.text].filter(Boolean).join("\n");
  // Marked by position and not by HTML, so that no character of a shop's text needs escaping.
  const bold = [{ type: "bold" as const, offset: 0, length: title.length }];
  if (!isWebUrl(card.imageUrl)) return ["sendMessage", { ...target, text, entities: bold, ...buttons }];
  return ["sendPhoto", { ...target, photo: card.imageUrl, caption: text, caption_entities: bold, ...buttons }];
}

type Media = Extract<Content, { type: "image" | "audio" | "video" | "file" }>;

/** By url, which Telegram fetches itself. https://core.telegram.org/bots/api#sending-files */
function toMediaCall(media: Media, target: Target): Call | undefined {
  const { url, mime = "", alt } = media;
  if (!isWebUrl(url)) return undefined;
  const common = alt === undefined ? target : { ...target, caption: alt };
  if (media.type === "video") return ["sendVideo", { ...common, video: url }];
  if (media.type === "file") return ["sendDocument", { ...common, document: url }];
  if (media.type === "image") {
    return mime === "image/gif"
      ? ["sendAnimation", { ...common, animation: url }]
      : ["sendPhoto", { ...common, photo: url }];
  }
  const isVoice = mime.startsWith("audio/ogg") || mime.startsWith("audio/opus");
  return isVoice ? ["sendVoice", { ...common, voice: url }] : ["sendAudio", { ...common, audio: url }];
}

function toLocationCall(place: Extract<Content, { type: "location" }>, target: Target): Call {
  const { lat: latitude, lng: longitude, title, address } = place;
  if (!title && !address) return ["sendLocation", { ...target, latitude, longitude }];
  const name = title || address || "";
  return ["sendVenue", { ...target, latitude, longitude, title: name, address: address || name }];
}

/** https://core.telegram.org/bots/api#inlinekeyboardbutton: `callback_data` is 1 to 64 bytes, so longer values go by a token. */
async function toButtons(actions: readonly Action[], values: ShortValues): Promise<Buttons> {
  if (actions.length === 0) return {};
  const buttons = await Promise.all(
    actions.map(async (action) =>
      "url" in action
        ? { text: action.label, url: action.url }
        : { text: action.label, callback_data: await values.shorten(action.value) },
    ),
  );
  const perRow = buttons.every((button) => textLength(button.text, "graphemes") <= 8) ? 2 : 1;
  const rows = Array.from({ length: Math.ceil(buttons.length / perRow) }, (_, row) =>
    buttons.slice(row * perRow, (row + 1) * perRow),
  );
  return { reply_markup: { inline_keyboard: rows } };
}

/** Groups only: their ids are negative, and only they move. */
async function currentChat(chatId: string, state: AdapterState): Promise<string> {
  return chatId.startsWith("-") ? ((await state.get(`moved:${chatId}`)) ?? chatId) : chatId;
}

export function toTarget(chatId: string, address: Address): Target {
  const { threadId } = address;
  return threadId === undefined
    ? { chat_id: Number(chatId) }
    : { chat_id: Number(chatId), message_thread_id: Number(threadId) };
}
