import { z } from "zod";
import { wireId, wireName, wireText } from "../shared/wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://docs.slack.dev/apis/events-api, https://docs.slack.dev/reference/interaction-payloads

/** `1718701234.000100`: a message's id in its channel, and its time. */
const ts = z
  .string()
  .regex(/^\d{1,11}\.\d{1,6}$/)
  .max(20);

export const callbackSchema = z.object({
  type: z.literal("event_callback"),
  event_id: wireId.optional(),
  event: z.object({ type: wireText, subtype: wireText.nullish() }).loose(),
  authorizations: z.array(z.object({ user_id: z.string().nullish(), is_bot: z.boolean().nullish() })).nullish(),
});

const fileSchema = z.object({
  id: wireId,
  name: wireName.nullish(),
  mimetype: wireText.nullish(),
  size: z.int().nonnegative().nullish().catch(undefined),
  url_private: wireText.nullish(),
});
export type SlackFile = z.output<typeof fileSchema>;

export const messageSchema = z.object({
  channel: wireId,
  ts,
  user: wireId.nullish(),
  bot_id: wireId.nullish(),
  text: wireText.nullish(),
  thread_ts: ts.nullish(),
  files: z.array(z.unknown()).nullish(),
});
export type SlackMessage = z.output<typeof messageSchema>;
export const readFile = (raw: unknown) => fileSchema.safeParse(raw).data;

export const changedSchema = z.object({
  channel: wireId,
  message: z.object({ ts, text: wireText.nullish(), edited: z.object({ ts }) }),
});

export const deletedSchema = z.object({ channel: wireId, deleted_ts: ts, ts });

export const memberSchema = z.object({ user: wireId, channel: wireId, event_ts: ts });

export const actionsSchema = z.object({
  trigger_id: wireId.nullish(),
  user: z.object({ id: wireId, name: wireName.nullish(), username: wireName.nullish() }),
  channel: z.object({ id: wireId }),
  message: z.object({ ts: ts.nullish(), thread_ts: ts.nullish() }).nullish(),
  actions: z
    .array(
      z.object({
        action_id: wireText.nullish(),
        action_ts: ts.nullish(),
        value: wireText.nullish(),
        text: z.object({ text: wireText }).nullish(),
        selected_option: z.object({ value: wireText, text: z.object({ text: wireText }).nullish() }).nullish(),
      }),
    )
    .min(1)
    .max(25),
});

export const commandSchema = z.object({
  command: wireText.pipe(z.string().min(1)),
  text: wireText.optional(),
  user_id: wireId,
  user_name: wireName.optional(),
  channel_id: wireId,
  trigger_id: wireId,
});
