import { z } from "zod";
import { wireId, wireName, wireText } from "../shared/wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://developers.line.biz/en/reference/messaging-api/#webhook-event-objects

export const webhookSchema = z.object({
  /** Always there by the reference, yet a relay may leave it out. */
  destination: z.string().min(1).max(100).optional(),
  events: z.array(z.unknown()),
});

export const frameSchema = z.object({
  type: wireText,
  timestamp: z.int(),
  mode: z.string().optional(),
  /** Older samples have none. */
  webhookEventId: wireId.optional(),
  replyToken: z.string().min(1).max(200).optional(),
  source: z.object({ userId: wireId.optional(), groupId: wireId.optional(), roomId: wireId.optional() }),
});
export type LineFrame = z.output<typeof frameSchema>;

export const messageSchema = z.object({
  id: wireId,
  type: wireText,
  text: wireText.optional(),
  fileName: wireName.optional(),
  fileSize: z.int().nonnegative().optional(),
  contentProvider: z.object({ type: z.string(), originalContentUrl: z.string().optional() }).optional(),
  title: wireText.optional(),
  address: wireText.optional(),
  latitude: z.number().optional(),
  longitude: z.number().optional(),
  packageId: wireId.optional(),
  stickerId: wireId.optional(),
  keywords: z.array(wireText).optional(),
});
export type LineMessage = z.output<typeof messageSchema>;

export const postbackSchema = z.object({
  data: wireText.pipe(z.string().min(1)),
  params: z.record(z.string(), wireText).optional().catch(undefined),
});

export const membersSchema = z.object({ members: z.array(z.object({ userId: wireId })).min(1) });

/** `failed`: somebody brought a token that was not theirs. A nonce of another form is another system's: the shop may link accounts of its own. */
export const linkSchema = z.object({ result: z.literal("ok"), nonce: z.string().regex(/^[\w-]{16,64}$/) });
