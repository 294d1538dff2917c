import { z } from "zod";
import { wireId, wireName, wireText } from "../shared/wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#activity-object

const accountSchema = z.object({ id: wireId, name: wireName.nullish(), role: z.string().nullish() });
export type Account = z.output<typeof accountSchema>;

/** What every activity is judged by, before anything else of it is read; all the tenants it names. */
export const originSchema = z
  .object({
    serviceUrl: z.string().min(1),
    channelId: z.string().default(""),
    conversation: z.object({ tenantId: z.string().nullish() }).nullish(),
    channelData: z.object({ tenant: z.object({ id: z.string().nullish() }).nullish() }).nullish(),
  })
  .transform(({ conversation, channelData, ...origin }) => {
    const tenants = [conversation?.tenantId, channelData?.tenant?.id];
    return { ...origin, tenants: tenants.filter((tenant) => typeof tenant === "string") };
  });
export type Origin = z.output<typeof originSchema>;

export const activitySchema = z.object({
  type: wireText,
  name: wireText.nullish(),
  id: wireId.nullish(),
  timestamp: z.string().nullish(),
  serviceUrl: wireText,
  channelId: wireText.nullish(),
  from: accountSchema,
  recipient: accountSchema.nullish(),
  conversation: z.object({ id: wireId, conversationType: wireText.nullish() }),
  locale: wireText.nullish(),
  action: z.string().nullish(),
});
export type Activity = z.output<typeof activitySchema>;

export const messageSchema = z.object({
  text: wireText.nullish(),
  value: z.unknown().optional(),
  attachments: z.array(z.unknown()).nullish(),
  entities: z.array(z.unknown()).nullish(),
});

export const mentionSchema = z.object({
  type: z.literal("mention"),
  text: wireText.pipe(z.string().min(1)),
  mentioned: z.object({ id: wireId, name: wireText.nullish() }),
});

export const attachmentSchema = z.object({
  contentType: wireText,
  contentUrl: z.string().nullish(),
  name: wireName.nullish(),
  content: z.object({ downloadUrl: z.string().nullish() }).nullish().catch(undefined),
});

export const membersSchema = z.object({
  membersAdded: z.array(accountSchema).nullish(),
  membersRemoved: z.array(accountSchema).nullish(),
});
