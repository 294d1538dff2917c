import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError, SignatureError } from "../../src/core/errors.ts";
import { toMessages } from "../shared/said.ts";
import { wireId, wireName, wireText } from "../shared/wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.

const wireMillis = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,14}$/))
  .transform(Number);

const pieceSchema = z.object({ text: wireText.optional(), downloadCode: wireId.optional() });

/** https://open.dingtalk.com/document/orgapp/receive-message */
const messageSchema = z.object({
  msgId: wireId,
  msgtype: z.string().min(1).max(100),
  createAt: wireMillis,
  conversationId: wireId,
  conversationType: z.string(),
  senderId: wireId,
  senderStaffId: wireId.optional(),
  senderNick: wireName.optional(),
  text: z.object({ content: wireText }).optional(),
  content: z
    .object({
      downloadCode: wireId.optional(),
      fileName: wireName.optional(),
      recognition: wireText.optional(),
      richText: z.array(pieceSchema).optional(),
    })
    .optional(),
});
type Message = z.output<typeof messageSchema>;

const sessionSchema = z.object({
  conversationId: wireId,
  sessionWebhook: z.string().max(2000),
  sessionWebhookExpiredTime: wireMillis,
});

/** Where answers to this conversation may be posted without a token, and how long. */
export interface Session {
  readonly conversationId: string;
  readonly url: string;
  readonly until: number;
}

/**
 * One message, or, where words and pictures came in one, several. https://open.dingtalk.com/document/orgapp/receive-message
 * @throws {PayloadError} when it is no JSON object.
 * @throws {SignatureError} when it is of another robot.
 */
export function parseMessage(body: unknown, robotCode: string): readonly InboundEvent[] {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new PayloadError("A message is an object.");
  const robot = wireId.safeParse(Object(body).robotCode).data;
  if (robot !== undefined && robot !== robotCode) throw new SignatureError("another_account");
  const message = messageSchema.safeParse(body).data;
  if (message === undefined) return [{ type: "unsupported", kind: kindOf(body), raw: body }];
  const { msgId, createAt: at, senderId, senderStaffId, senderNick } = message;
  const id = senderStaffId ?? senderId;
  const sender = senderNick ? { id, name: senderNick } : { id };
  return toMessages({ channelMessageId: msgId, sender, address: toAddress(message), at }, toContents(message));
}

/** Kept apart from the address: whoever has it can write into the chat. */
export function parseSession(body: unknown): Session | undefined {
  const session = sessionSchema.safeParse(body).data;
  if (session === undefined) return undefined;
  const { conversationId, sessionWebhook: url, sessionWebhookExpiredTime: until } = session;
  return { conversationId, url, until };
}

function toAddress({ conversationId, conversationType, senderStaffId }: Message): Record<string, string> {
  const kind = conversationType === "2" ? "group" : "single";
  return senderStaffId === undefined ? { conversationId, kind } : { conversationId, kind, staffId: senderStaffId };
}

function toContents(message: Message): readonly Content[] {
  const { msgtype, text, content, conversationType } = message;
  const code = content?.downloadCode;
  const said: Content[] = [];
  if (msgtype === "text" && text !== undefined) {
    // In a group the robot's name is cut off the front, and its space stays.
    const words = conversationType === "2" ? text.content.trim() : text.content;
    if (words !== "") said.push({ type: "text", text: words });
  } else if (msgtype === "richText") said.push(...(content?.richText ?? []).flatMap(toPiece));
  else if (code !== undefined && msgtype === "picture") said.push({ type: "image", fileId: code });
  else if (code !== undefined && msgtype === "audio")
    said.push({ type: "audio", fileId: code, alt: content?.recognition || undefined });
  else if (code !== undefined && msgtype === "video") said.push({ type: "video", fileId: code });
  else if (code !== undefined && msgtype === "file") said.push({ type: "file", fileId: code, name: content?.fileName });
  return said.length > 0 ? said : [{ type: "unsupported", kind: cleanKind(msgtype) }];
}

function toPiece({ text, downloadCode }: z.output<typeof pieceSchema>): readonly Content[] {
  if (downloadCode !== undefined) return [{ type: "image", fileId: downloadCode }];
  return text === undefined || text.trim() === "" ? [] : [{ type: "text", text }];
}

function kindOf(body: unknown): string {
  const kind: unknown = Object(body).msgtype;
  return typeof kind === "string" ? cleanKind(kind.slice(0, 100)) : "unknown";
}

function cleanKind(kind: string): string {
  return kind.toWellFormed().replaceAll("\u0000", "") || "unknown";
}
