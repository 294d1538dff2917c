import { z } from "zod";
import { wireId, wireName, wireText } from "../shared/wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://core.telegram.org/bots/api#available-types

export const userSchema = z.object({
  id: wireId,
  is_bot: z.boolean().optional(),
  first_name: wireName.optional(),
  last_name: wireName.optional(),
  username: wireName.optional(),
  language_code: wireText.optional(),
});

const chatSchema = z.object({ id: wireId, type: z.string() });

export const fileSchema = z.object({
  file_id: wireId,
  file_name: wireName.optional(),
  mime_type: wireText.optional(),
  file_size: z.int().nonnegative().optional(),
});

export const locationSchema = z.object({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
});

export const messageSchema = z.object({
  message_id: wireId,
  date: z.int(),
  edit_date: z.int().optional(),
  chat: chatSchema,
  from: userSchema.optional(),
  message_thread_id: wireId.optional(),
  is_topic_message: z.boolean().optional(),
  text: wireText.optional(),
  caption: wireText.optional(),
  photo: z.array(fileSchema).optional(),
  animation: fileSchema.optional(),
  video: fileSchema.optional(),
  video_note: fileSchema.optional(),
  voice: fileSchema.optional(),
  audio: fileSchema.optional(),
  document: fileSchema.optional(),
  sticker: z.object({ emoji: wireText.optional(), file_unique_id: wireId.optional() }).optional(),
  dice: z.object({ emoji: wireText }).optional(),
  location: locationSchema.optional(),
  venue: z.object({ location: locationSchema, title: wireText, address: wireText }).optional(),
  contact: z
    .object({ phone_number: wireText, first_name: wireText.optional(), last_name: wireText.optional() })
    .optional(),
});
export type Message = z.output<typeof messageSchema>;

export const callbackSchema = z.object({
  from: userSchema,
  data: wireText.pipe(z.string().min(1)),
  message: z
    .object({
      chat: chatSchema,
      message_thread_id: wireId.optional(),
      is_topic_message: z.boolean().optional(),
      reply_markup: z
        .object({
          inline_keyboard: z.array(z.array(z.object({ text: wireText, callback_data: wireText.optional() }))),
        })
        .optional(),
    })
    .optional(),
});

export const memberSchema = z.object({
  chat: chatSchema,
  from: userSchema,
  date: z.int(),
  new_chat_member: z.object({ status: z.string() }),
});
