import { z } from "zod";
import type { AdapterState, Address, OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Action, Content } from "../../src/core/content.ts";
import { isWebUrl, sayInTurn, textsOf } from "../shared/in-words.ts";
import { delivered, refused } from "../shared/receipts.ts";
import { wireId } from "../shared/wire.ts";
import { type DingtalkApi, SESSION_OVER } from "./api.ts";
import { DINGTALK } from "./capabilities.ts";
import type { Session } from "./parse.ts";

export interface SendDeps {
  readonly api: DingtalkApi;
  readonly state: AdapterState;
  readonly now: () => number;
  readonly robotCode: string;
}

/** The same message in the words of a session's webhook and of the API. */
interface Part {
  readonly session: object;
  readonly msgKey: string;
  readonly msgParam: object;
}

const sessionSchema = z.object({ url: z.string(), until: z.number() });
const keyOf = (conversationId: string) => `session:${conversationId}`;

export async function keepSession(
  { conversationId, url, until }: Session,
  { state, now }: Pick<SendDeps, "state" | "now">,
): Promise<void> {
  if (until <= now()) return;
  await state.set(keyOf(conversationId), JSON.stringify({ url, until }), { ttlMs: until - now() });
}

/** By the conversation's own webhook while it holds, which needs no token and no permission, and then by the API. */
export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const { conversationId } = message.address;
  if (!conversationId) return refused("delivery.bad_request", "The address names no conversation.");
  const parts = toParts(message.content);
  return sayInTurn(parts, async (part, index) => {
    // A session's webhook gives its messages no id.
    const name = `${message.idempotencyKey}:${index}`;
    const said = await sendBySession({ part, name, conversationId }, deps, options);
    return said ?? sendByApi(part, message.address, deps, options);
  });
}

/** https://open.dingtalk.com/document/orgapp/robot-reply-and-send-messages; undefined when there is no session, or it is over. */
async function sendBySession(
  { part, name, conversationId }: { readonly part: Part; readonly name: string; readonly conversationId: string },
  { api, state, now }: SendDeps,
  { signal }: SendOptions,
): Promise<Receipt | undefined> {
  const text = await state.get(keyOf(conversationId));
  const session = text === undefined ? undefined : sessionSchema.safeParse(JSON.parse(text)).data;
  // A call under way must not see it end.
  if (session === undefined || session.until - now() < 5000) return undefined;
  const answer = await api.postToSession(session.url, part.session, signal);
  if (answer.ok) return delivered(name);
  return answer.code === SESSION_OVER ? undefined : answer.receipt;
}

/** https://open.dingtalk.com/document/orgapp/chatbots-send-one-on-one-chat-messages-in-batches and …/the-robot-sends-a-group-message */
async function sendByApi(
  { msgKey, msgParam }: Part,
  address: Address,
  { api, robotCode }: SendDeps,
  { signal }: SendOptions,
): Promise<Receipt> {
  const { conversationId, kind, staffId } = address;
  const json = { robotCode, msgKey, msgParam: JSON.stringify(msgParam) };
  if (kind !== "group" && !staffId)
    return refused("delivery.window_closed", "Out of the session only members of the company can be written to.");
  const answer =
    kind === "group"
      ? await api.post("v1.0/robot/groupMessages/send", { ...json, openConversationId: conversationId }, signal)
      : await api.post("v1.0/robot/oToMessages/batchSend", { ...json, userIds: [staffId] }, signal);
  if (!answer.ok) return answer.receipt;
  const sent = sentSchema.safeParse(answer.body).data;
  if (sent?.invalidStaffIdList?.length) return refused("delivery.recipient_gone", "DingTalk knows no such member.");
  if (sent?.flowControlledStaffIdList?.length) {
    return refused("delivery.rate_limited", "DingTalk holds messages to this member back.", { retryAfterMs: 60_000 });
  }
  return sent === undefined
    ? refused("delivery.outcome_unknown", "DingTalk's answer names no message.")
    : delivered(sent.processQueryKey);
}

const sentSchema = z.object({
  processQueryKey: wireId,
  invalidStaffIdList: z.array(z.string()).optional(),
  flowControlledStaffIdList: z.array(z.string()).optional(),
});

/** https://open.dingtalk.com/document/orgapp/types-of-messages-sent-by-robots */
function toParts(content: Content): readonly Part[] {
  switch (content.type) {
    case "text":
      return [toText(content.text)];
    case "choices":
      return [toCard({ title: firstLine(content.text), text: toLines(content.text), actions: content.choices })];
    case "card": {
      const text = [
        toPicture(content.imageUrl),
        `### ${toLines(content.title)}`,
        content.text && toLines(content.text),
      ];
      return [
        toCard({ title: firstLine(content.title), text: text.filter(Boolean).join("\n\n"), actions: content.actions }),
      ];
    }
    case "image": {
      const picture = toPicture(content.url);
      if (picture === undefined) return [];
      const text = content.alt === undefined ? picture : `${picture}\n\n${toLines(content.alt)}`;
      return [toMarkdown(firstLine(content.alt ?? content.name ?? "图片"), text)];
    }
    case "link": {
      const { title, description = "", url: messageUrl, imageUrl: picUrl = "" } = content;
      const link = { title: title.trim() || messageUrl, text: description.trim() || messageUrl, messageUrl, picUrl };
      return [{ session: { msgtype: "link", link }, msgKey: "sampleLink", msgParam: link }];
    }
    default:
      return textsOf(content, DINGTALK).map(toText);
  }
}

function toText(content: string): Part {
  return { session: { msgtype: "text", text: { content } }, msgKey: "sampleText", msgParam: { content } };
}

function toMarkdown(title: string, text: string): Part {
  const markdown = { title, text };
  return { session: { msgtype: "markdown", markdown }, msgKey: "sampleMarkdown", msgParam: markdown };
}

/** A button opens an address; one that answers has DingTalk say its label in the person's name, which `resolveChoice` reads. */
function toCard({
  title,
  text,
  actions,
}: {
  readonly title: string;
  readonly text: string;
  readonly actions: readonly Action[];
}): Part {
  if (actions.length === 0) return toMarkdown(title, text);
  const buttons = actions.map((action) => ({
    title: action.label,
    actionURL: "url" in action ? action.url : toSay(action.label),
  }));
  const session = { msgtype: "actionCard", actionCard: { title, text, btnOrientation: "0", btns: buttons } };
  const [first] = buttons;
  if (first !== undefined && buttons.length === 1) {
    return {
      session,
      msgKey: "sampleActionCard",
      msgParam: { title, text, singleTitle: first.title, singleURL: first.actionURL },
    };
  }
  const numbered = buttons.map((button, index) => [
    [`actionTitle${index + 1}`, button.title],
    [`actionURL${index + 1}`, button.actionURL],
  ]);
  return {
    session,
    msgKey: `sampleActionCard${buttons.length}`,
    msgParam: { title, text, ...Object.fromEntries(numbered.flat()) },
  };
}

/** https://open.dingtalk.com/document/orgapp/message-link-description */
function toSay(label: string): string {
  return `dtmd://dingtalkclient/sendMessage?content=${encodeURIComponent(label)}`;
}

function toPicture(url: string | undefined): string | undefined {
  return isWebUrl(url) ? `![](${url.replaceAll("(", "%28").replaceAll(")", "%29")})` : undefined;
}

/** Markdown joins lines; two spaces keep them apart. */
function toLines(text: string): string {
  return text.trim().replaceAll("\n", "  \n");
}

/** Shown in the list of chats. */
function firstLine(text: string): string {
  return [...(text.trim().split("\n")[0] ?? "")].slice(0, 40).join("") || "…";
}
