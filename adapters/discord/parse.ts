import type { InboundEvent, Sender } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { toMessages } from "../shared/said.ts";
import {
  commandSchema,
  componentSchema,
  fileSchema,
  type Interaction,
  interactionSchema,
  nodeSchema,
  optionSchema,
} from "./schema.ts";

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type */
export const PING = 1;
export const COMMAND = 2;
export const COMPONENT = 3;
export const AUTOCOMPLETE = 4;
export const MODAL = 5;

/** The first milliseconds of 2015, from which ids count. https://docs.discord.com/developers/reference#snowflakes */
const EPOCH = 1_420_070_400_000;

/** An interaction, what it says, and how it may be answered for fifteen minutes. */
export interface Parsed {
  readonly events: readonly InboundEvent[];
  readonly type: number | undefined;
  readonly reply?: { readonly to: string; readonly token: string };
}

export interface ParseContext {
  readonly now: number;
  /** A file's url is signed and ends, so the file is named by a token. */
  keepUrl(url: string): Promise<string>;
}

export async function parseInteraction(body: object, { now, keepUrl }: ParseContext): Promise<Parsed> {
  const interaction = interactionSchema.safeParse(body).data;
  // Webhooks about the application have types of their own, beside an `event`; their probe is 0.
  const type: unknown = "event" in body ? undefined : Object(body).type;
  const sender = interaction && toSender(interaction);
  const channelId = interaction?.channel_id;
  const data: unknown = Object(body).data;
  const contents =
    interaction === undefined
      ? []
      : await toContents(interaction.type, { data, message: Object(body).message }, keepUrl);
  if (interaction === undefined || sender === undefined || !channelId || contents.length === 0) {
    const event = { type: "unsupported" as const, kind: kindOf(body), raw: body };
    return { events: [event], type: typeof type === "number" ? type : undefined };
  }
  const address = { channelId, userId: sender.id };
  const at = /^\d{15,20}$/.test(interaction.id) ? EPOCH + Number(BigInt(interaction.id) >> 22n) : now;
  const events = toMessages({ channelMessageId: interaction.id, sender, address, at }, contents);
  return { events, type: interaction.type, reply: { to: replyKey(address), token: interaction.token } };
}

/** Interaction tokens are a person's in a channel. */
export function replyKey({ channelId, userId }: { readonly channelId: string; readonly userId: string }): string {
  return `${channelId}:${userId}`;
}

async function toContents(
  type: number,
  { data, message }: { readonly data: unknown; readonly message: unknown },
  keepUrl: (url: string) => Promise<string>,
): Promise<readonly Content[]> {
  if (type === COMMAND) return toCommand(data, keepUrl);
  if (type === COMPONENT) return toTap(data, message);
  if (type === MODAL) return toForm(data);
  return [];
}

const TYPES = ["image", "audio", "video"] as const;
/** https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type */
const ATTACHMENT = 11;

/** `/ask` with its words and file; without any, its own name. */
async function toCommand(data: unknown, keepUrl: (url: string) => Promise<string>): Promise<readonly Content[]> {
  const command = commandSchema.safeParse(data).data;
  if (command === undefined) return [];
  const options = flatten(command.options ?? []);
  const words = options.filter((option) => option.type !== ATTACHMENT && option.value != null);
  const text = words.map((option) => String(option.value)).join(" ");
  const files: Content[] = [];
  for (const option of options.filter(({ type }) => type === ATTACHMENT)) {
    const file = fileSchema.safeParse(command.resolved?.attachments?.[String(option.value)]).data;
    if (file === undefined) continue;
    const { url, filename, content_type, size } = file;
    const type = TYPES.find((each) => content_type?.startsWith(`${each}/`)) ?? "file";
    const named = { name: filename || undefined, mime: content_type || undefined, size: size ?? undefined };
    files.push({ type, fileId: await keepUrl(url), ...named });
  }
  if (text.trim() !== "") return [{ type: "text", text }, ...files];
  return files.length > 0 ? files : [{ type: "text", text: `/${command.name}` }];
}

function flatten(options: readonly unknown[]): NonNullable<ReturnType<typeof readOption>>[] {
  return options.flatMap((raw) => {
    const option = readOption(raw);
    if (option === undefined) return [];
    return option.options ? flatten(option.options) : [option];
  });
}

const readOption = (raw: unknown) => optionSchema.safeParse(raw).data;

/** A button of ours has its place before its value, since ids are unique in a message. */
function toTap(data: unknown, message: unknown): readonly Content[] {
  const tap = componentSchema.safeParse(data).data;
  if (tap === undefined) return [];
  const node = nodesOf(Object(message).components).find((each) => each.custom_id === tap.custom_id);
  if (tap.values) {
    const chosen = tap.values.map((value) => node?.options?.find((option) => option.value === value)?.label ?? value);
    const [value, ...others] = tap.values;
    return [{ type: "text", text: chosen.join(", "), ...(others.length === 0 && value && { value }) }];
  }
  const value = tap.custom_id.replace(/^\d{1,2}:/, "");
  return value === "" ? [] : [{ type: "text", text: node?.label || value, value }];
}

function toForm(data: unknown): readonly Content[] {
  const answers = nodesOf(Object(data).components).flatMap((node) => node.value?.trim() || []);
  return answers.length === 0 ? [] : [{ type: "text", text: answers.join("\n") }];
}

function nodesOf(components: unknown): NonNullable<ReturnType<typeof readNode>>[] {
  if (!Array.isArray(components)) return [];
  return components.flatMap((raw) => {
    const node = readNode(raw);
    if (node === undefined) return [];
    return [node, ...nodesOf(node.components ?? []), ...nodesOf(node.component === undefined ? [] : [node.component])];
  });
}

const readNode = (raw: unknown) => nodeSchema.safeParse(raw).data;

/** In a server the person is its member, in a direct message just a user. */
function toSender({ user, member, locale }: Interaction): Sender | undefined {
  const person = member?.user ?? user;
  if (!person) return undefined;
  const name = member?.nick || person.global_name || person.username;
  return {
    id: person.id,
    ...(name && { name }),
    ...(locale && { locale }),
    ...(person.bot === true && { isBot: true }),
  };
}

/** `4`, `APPLICATION_AUTHORIZED`: what the desk counts it under. */
function kindOf(body: object): string {
  const { type, event }: { type?: unknown; event?: unknown } = body;
  const named: unknown = Object(event).type ?? type;
  if (typeof named === "number") return `interaction.${named}`.slice(0, 100);
  return typeof named === "string" && named !== "" ? named.slice(0, 100) : "unknown";
}
