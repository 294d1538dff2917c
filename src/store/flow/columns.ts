/** What the writing statements of the message path have in common. */
import { contentText } from "../../core/content.ts";
import { shorten } from "../../core/text.ts";

const PREVIEW_LENGTH = 80;
export const preview = (content: Parameters<typeof contentText>[0]) =>
  shorten(contentText(content) || `[${content.type}]`, PREVIEW_LENGTH, "utf16");
export const messageKeys = [
  "id",
  "shopId",
  "inboxId",
  "channel",
  "conversationId",
  "sessionId",
  "contactId",
  "direction",
  "authorKind",
  "authorId",
  "authorName",
  "content",
  "at",
  "createdAt",
  "channelMessageId",
  "clientId",
  "mediaRef",
  "mediaDueAt",
  "delivery",
  "articleId",
  "articleVersion",
  "score",
  "decidedAt",
  "attempts",
  "leaseUntil",
] as const;
export const eventKeys = [
  "shopId",
  "type",
  "conversationId",
  "sessionId",
  "ticketId",
  "messageId",
  "data",
  "at",
] as const;
