import { z } from "zod";
import { wireId, wireName, wireText } from "../shared/wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object

const userSchema = z.object({
  id: wireId,
  username: wireName.nullish(),
  global_name: wireName.nullish(),
  bot: z.boolean().nullish(),
});

export const interactionSchema = z.object({
  id: wireId,
  type: z.int(),
  token: z.string().min(1).max(1000),
  channel_id: wireId.nullish(),
  user: userSchema.nullish(),
  member: z.object({ user: userSchema, nick: wireName.nullish() }).nullish(),
  locale: wireText.nullish(),
});
export type Interaction = z.output<typeof interactionSchema>;

export const fileSchema = z.object({
  url: z.url({ protocol: /^https?$/ }),
  filename: wireName.nullish(),
  content_type: wireText.nullish(),
  size: z.int().nonnegative().nullish().catch(undefined),
});

export const commandSchema = z.object({
  name: wireText.pipe(z.string().min(1)),
  /** Subcommands hold their options in turn. */
  options: z.array(z.unknown()).nullish(),
  resolved: z.object({ attachments: z.record(z.string(), z.unknown()).nullish() }).nullish(),
});

export const optionSchema = z.object({
  type: z.int(),
  value: z.union([wireText, z.number(), z.boolean()]).nullish(),
  options: z.array(z.unknown()).nullish(),
});

export const componentSchema = z.object({
  custom_id: wireText.pipe(z.string().min(1)),
  values: z.array(wireText).nullish(),
});

/** A row, a button, a select, or a container of any of them. */
export const nodeSchema = z.object({
  custom_id: wireText.nullish(),
  label: wireText.nullish(),
  value: wireText.nullish(),
  components: z.array(z.unknown()).nullish(),
  component: z.unknown().optional(),
  options: z
    .array(z.object({ label: wireText, value: wireText }))
    .nullish()
    .catch(undefined),
});
