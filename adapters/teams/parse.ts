import type { InboundEvent, Sender } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { jsonIn } from "../shared/json.ts";
import { type Frame, toMessages } from "../shared/said.ts";
import { soundContent } from "../shared/wire.ts";
import {
  type Account,
  type Activity,
  activitySchema,
  attachmentSchema,
  membersSchema,
  mentionSchema,
  messageSchema,
} from "./schema.ts";
import type { Taps } from "./tap.ts";

export interface ParseContext {
  /** For the kinds Teams gives no time for. */
  readonly now: number;
  readonly taps: Taps;
  /** A file's url holds its own credentials, so the file is named by a token. */
  keepUrl(url: string): Promise<string>;
}

/** One activity; a message with files is several events. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference */
export async function parseActivity(body: object, context: ParseContext): Promise<readonly InboundEvent[]> {
  const activity = activitySchema.safeParse(body).data;
  const events = activity === undefined ? [] : await parseKnown(activity, body, context);
  return events.length > 0 ? events : [toUnsupported(body)];
}

export function toUnsupported(body: object): InboundEvent {
  return { type: "unsupported", kind: kindOf(body), raw: body };
}

/** An activity, its frame, and what is needed to read the rest of it. */
interface Place {
  readonly activity: Activity;
  readonly from: Frame;
  readonly context: ParseContext;
}

async function parseKnown(activity: Activity, body: object, context: ParseContext): Promise<readonly InboundEvent[]> {
  const from = toFrame(activity, context.now);
  if (from === undefined) return [];
  const { channelMessageId, at } = from;
  switch (activity.type) {
    case "message":
      return parseMessage(body, { activity, from, context });
    case "messageUpdate": {
      const text = textOf(body, activity);
      return text === "" ? [] : [{ type: "edit", channelMessageId, content: soundContent({ type: "text", text }), at }];
    }
    case "messageDelete":
      return [{ type: "recall", channelMessageId, at }];
    case "installationUpdate": {
      // `add-upgrade`: a new version of the app; nobody came.
      const kind = activity.action === "add" ? "joined" : activity.action === "remove" ? "left" : undefined;
      return kind === undefined ? [] : [{ type: "presence", kind, ...from }];
    }
    case "conversationUpdate":
      return parseMembers(body, activity, from);
    case "invoke": {
      // https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model
      const data: unknown = Object(Object(Object(body).value).action).data;
      return (activity.name === "adaptiveCard/action" && (await parseTap(data, { activity, from, context }))) || [];
    }
    default:
      return [];
  }
}

async function parseMessage(body: object, place: Place): Promise<readonly InboundEvent[]> {
  const message = messageSchema.safeParse(body).data;
  if (message === undefined) return [];
  const tapped = await parseTap(message.value, place);
  if (tapped !== undefined) return tapped;
  const text = textOf(body, place.activity);
  const files = await Promise.all((message.attachments ?? []).map((each) => toFile(each, place.context)));
  const contents: Content[] = text === "" ? [] : [{ type: "text", text }];
  return toMessages(place.from, [...contents, ...files.filter((file) => file !== undefined)]);
}

/** A button of a card: its data comes in `value`, as an object or its JSON. https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-actions */
async function parseTap(
  value: unknown,
  { activity, from, context }: Place,
): Promise<readonly InboundEvent[] | undefined> {
  const tap = await context.taps.unpack(activity.conversation.id, typeof value === "string" ? jsonIn(value) : value);
  return tap && toMessages(from, [{ type: "text", text: tap.label, ...(tap.value && { value: tap.value }) }]);
}

/** Words without the mention that called us. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/channel-and-group-conversations#work-with-mentions */
function textOf(body: object, { recipient }: Activity): string {
  const { text, entities } = messageSchema.safeParse(body).data ?? {};
  let said = text ?? "";
  for (const entity of entities ?? []) {
    const mention = mentionSchema.safeParse(entity).data;
    if (mention === undefined) continue;
    const { id, name } = mention.mentioned;
    said = said.replaceAll(mention.text, () => (id === recipient?.id || !name ? "" : `@${name}`));
  }
  return said === text ? said : said.trim();
}

const TYPES = ["image", "audio", "video"] as const;

/** Pictures by `contentUrl`, files by a link of their own; a message's HTML repeats its words. https://learn.microsoft.com/microsoftteams/platform/bots/how-to/bots-filesv4 */
async function toFile(raw: unknown, { keepUrl }: ParseContext): Promise<Content | undefined> {
  const attachment = attachmentSchema.safeParse(raw).data;
  if (attachment === undefined || attachment.contentType === "text/html") return undefined;
  const { contentType, contentUrl, content } = attachment;
  const name = attachment.name || undefined;
  const url = contentType.startsWith("application/vnd.microsoft.teams.file") ? content?.downloadUrl : contentUrl;
  if (!url || !/^https?:\/\//.test(url))
    return { type: "unsupported", kind: contentType.slice(0, 100) || "attachment" };
  const type = TYPES.find((each) => contentType.startsWith(`${each}/`)) ?? "file";
  const mime = /^[\w.+-]+\/[\w.+-]+$/.test(contentType) && url === contentUrl ? contentType.slice(0, 200) : undefined;
  return { type, fileId: await keepUrl(url), name, mime };
}

/** Who else came or went. That we did is said by `installationUpdate`, and a chat of two has nobody else. */
function parseMembers(body: object, activity: Activity, from: Frame): readonly InboundEvent[] {
  const { membersAdded, membersRemoved } = membersSchema.safeParse(body).data ?? {};
  if (activity.channelId === "msteams" && activity.conversation.conversationType === "personal") return [];
  const toEvents = (kind: "joined" | "left", members: readonly Account[] | null | undefined) =>
    (members ?? []).flatMap((member): InboundEvent[] => {
      const channelMessageId = `${from.channelMessageId}:${member.id}`;
      if (member.id === activity.recipient?.id) return [];
      return [{ type: "presence", kind, ...from, sender: toSender(member, activity), channelMessageId }];
    });
  return [...toEvents("joined", membersAdded), ...toEvents("left", membersRemoved)];
}

function toFrame(activity: Activity, now: number): Frame | undefined {
  const { id, conversation, serviceUrl, timestamp } = activity;
  if (!id) return undefined;
  const at = Date.parse(timestamp ?? "");
  return {
    channelMessageId: `${conversation.id}:${id}`,
    sender: toSender(activity.from, activity),
    address: { conversationId: conversation.id, serviceUrl },
    at: Number.isFinite(at) ? at : now,
  };
}

function toSender({ id, name, role }: Account, { recipient, locale }: Activity): Sender {
  // 28: is a bot's id, 29: a person's.
  const isBot = role === "bot" || id.startsWith("28:") || id === recipient?.id;
  return { id, ...(name && { name }), ...(locale && { locale }), ...(isBot && { isBot }) };
}

/** `messageReaction`, `invoke.task/fetch`: what the desk counts it under. */
function kindOf(body: object): string {
  const { type, name }: { type?: unknown; name?: unknown } = body;
  const words = [type, name].filter((word) => typeof word === "string" && word !== "");
  return words.length === 0 ? "unknown" : words.map((word) => String(word).slice(0, 90)).join(".");
}
