import type { OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Card, Content } from "../../src/core/content.ts";
import { shorten } from "../../src/core/text.ts";
import { isWebUrl } from "../shared/in-words.ts";
import { delivered, refused, refusedByStatus } from "../shared/receipts.ts";
import type { ReplyTokens } from "../shared/reply-tokens.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { type DiscordAnswer, type DiscordApi, isExpired } from "./api.ts";
import { replyKey } from "./parse.ts";

export interface SendDeps {
  readonly api: DiscordApi;
  readonly applicationId: string;
  readonly values: ShortValues;
  /** Tokens that may be answered, and those whose "thinking…" still waits for its first answer. */
  readonly tokens: ReplyTokens;
  readonly waiting: ReplyTokens;
}

/** By the interaction's token for its fifteen minutes, which needs no right in the channel; else as the bot. */
export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const { channelId = "", userId = "" } = message.address;
  if (channelId === "") return refused("delivery.bad_request", "The address names no channel.");
  const post = await toPost(message.content, deps.values);
  if (post === undefined)
    return refused("delivery.bad_request", `Discord has no ${message.content.type} of this form.`);
  const json = { ...post, allowed_mentions: { parse: [] } };
  const to = replyKey({ channelId, userId });
  const replied = await reply({ to, key: message.idempotencyKey, json }, deps, options);
  if (replied !== undefined && !isExpired(replied)) return toReceipt(replied);
  // The same nonce within some minutes is the same message. https://docs.discord.com/developers/resources/message#create-message
  const nonce = toHex(await sha256(message.idempotencyKey)).slice(0, 25);
  const once = { ...json, nonce, enforce_nonce: true };
  return toReceipt(
    await deps.api("POST", `/channels/${encodeURIComponent(channelId)}/messages`, { json: once, ...options }),
  );
}

interface Reply {
  readonly to: string;
  readonly key: string;
  readonly json: object;
}

/** The first answer takes the place of "thinking…", and may be repeated; further ones follow. https://docs.discord.com/developers/interactions/receiving-and-responding#followup-messages */
async function reply(
  { to, key, json }: Reply,
  deps: SendDeps,
  options: SendOptions,
): Promise<DiscordAnswer | undefined> {
  const { api, applicationId, tokens, waiting } = deps;
  const first = await waiting.take(to, key);
  const token = first?.token ?? (await tokens.find(to));
  if (token === undefined) return undefined;
  const path = `/webhooks/${applicationId}/${encodeURIComponent(token)}`;
  if (first === undefined) return api("POST", path, { json, asBot: false, ...options });
  const answer = await api("PATCH", `${path}/messages/@original`, { json, asBot: false, ...options });
  if (!answer.ok && !isExpired(answer) && answer.receipt.code !== "delivery.outcome_unknown")
    await waiting.giveBack(to, token);
  return answer;
}

function toReceipt(answer: DiscordAnswer): Receipt {
  if (!answer.ok) return answer.receipt;
  const id: unknown = Object(answer.body).id;
  return typeof id === "string" || typeof id === "number"
    ? delivered(String(id))
    : refusedByStatus(200, new Headers(), "The answer names no message.");
}

/** https://docs.discord.com/developers/resources/message#create-message-jsonform-params */
async function toPost(content: Content, values: ShortValues): Promise<object | undefined> {
  switch (content.type) {
    case "text":
      return { content: escapeText(content.text, 2000) };
    case "choices":
      return { content: escapeText(content.text, 2000), components: await toRows(content.choices, values) };
    case "card":
      return toCard(content, values);
    case "image": {
      const { url, alt } = content;
      if (!isWebUrl(url)) return undefined;
      return { ...(alt?.trim() && { content: escapeText(alt, 2000) }), embeds: [{ image: { url } }] };
    }
    default:
      return undefined;
  }
}

/** https://docs.discord.com/developers/resources/message#embed-object-embed-limits; a link too long for a button stands in the text. */
async function toCard({ title, text, imageUrl, actions }: Card, values: ShortValues): Promise<object> {
  const isTitle = title.length <= 256;
  const links = actions.flatMap((action) =>
    isButton(action) || !("url" in action) ? [] : [`${action.label}: ${action.url}`],
  );
  const words = [isTitle ? undefined : title, text, ...links].filter(Boolean).join("\n");
  const embed = {
    ...(isTitle && { title: escapeText(title, 256) }),
    ...(words.trim() !== "" && { description: escapeText(words, 4096) }),
    ...(isWebUrl(imageUrl) && { image: { url: imageUrl } }),
  };
  return { embeds: [embed], components: await toRows(actions.filter(isButton), values) };
}

function isButton(action: Action): boolean {
  return !("url" in action) || action.url.length <= 512;
}

/** https://docs.discord.com/developers/components/reference#button: label 80, id 100 and unique in its message. */
async function toRows(actions: readonly Action[], values: ShortValues): Promise<readonly object[]> {
  const buttons = await Promise.all(
    actions.map(async (action, index) => {
      const button = { type: 2, label: shorten(action.label, 80, "utf16") };
      return "url" in action
        ? { ...button, style: 5, url: action.url }
        : { ...button, style: 2, custom_id: `${index}:${await values.shorten(action.value)}` };
    }),
  );
  return Array.from({ length: Math.ceil(buttons.length / 5) }, (_, row) => ({
    type: 1,
    components: buttons.slice(row * 5, row * 5 + 5),
  }));
}

/** Marks of Markdown as characters, but in urls; left as they are where their backslashes would not fit. */
export function escapeText(text: string, max: number): string {
  const escaped = text.replaceAll(
    /(https?:\/\/\S+)|([\\*_~`|>#[\]()-])/g,
    (_, url?: string, mark = "") => url ?? `\\${mark}`,
  );
  return escaped.length <= max ? escaped : text;
}
