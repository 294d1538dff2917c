import { z } from "zod";
import { wireId, wireName, wireText } from "../shared/wire.ts";
import { accountId, wireKind, wireMillis } from "./wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://developers.facebook.com/docs/messenger-platform/reference/webhook-events

export const entrySchema = z.object({
  id: accountId,
  messaging: z.array(z.unknown()).optional(),
  standby: z.array(z.unknown()).optional(),
  changes: z.array(z.unknown()).optional(),
});

export const frameSchema = z.object({
  sender: z.object({ id: wireId }),
  recipient: z.object({ id: wireId }),
  timestamp: wireMillis,
});
export type Frame = z.output<typeof frameSchema>;

const referralSchema = z.object({ ref: wireText.optional(), ad_id: wireText.optional() });

const attachmentSchema = z.object({
  type: wireKind,
  payload: z
    .object({
      url: wireText.optional(),
      title: wireName.optional(),
      sticker_id: wireId.optional(),
      coordinates: z.object({ lat: z.number(), long: z.number() }).optional(),
    })
    .nullish(),
  /** Of a `fallback`: a shared link. */
  url: wireText.optional(),
  title: wireName.optional(),
});
export type Attachment = z.output<typeof attachmentSchema>;

export const messageSchema = z.object({
  message: z.object({
    mid: wireId,
    text: wireText.optional(),
    quick_reply: z.object({ payload: wireText }).optional(),
    attachments: z.array(attachmentSchema).optional(),
    is_echo: z.boolean().optional(),
    is_deleted: z.boolean().optional(),
    is_unsupported: z.boolean().optional(),
    metadata: wireText.optional(),
    referral: referralSchema.optional(),
  }),
});
export type Message = z.output<typeof messageSchema>["message"];

export const editSchema = z.object({ message_edit: z.object({ mid: wireId, text: wireText.pipe(z.string().min(1)) }) });
export const postbackSchema = z.object({
  postback: z.object({
    mid: wireId.optional(),
    title: wireText.optional(),
    payload: wireText.optional(),
    referral: referralSchema.optional(),
  }),
});
export const referralEventSchema = z.object({ referral: referralSchema });
export const deliverySchema = z.object({
  delivery: z.object({ mids: z.array(wireId).optional(), watermark: wireMillis.optional() }),
});
export const readSchema = z.object({ read: z.object({ mid: wireId.optional(), watermark: wireMillis.optional() }) });
