/** The shapes of `contract.md`, as the OpenAPI page shows them. Answers are documented, not re-validated. */
import { z } from "@hono/zod-openapi";
import { contentSchema } from "../core/content.ts";

const time = z.iso.datetime();
export const messageShape = z
  .object({
    id: z.string(),
    seq: z.number().int(),
    sessionId: z.string(),
    direction: z.enum(["inbound", "outbound"]),
    author: z.object({
      kind: z.enum(["contact", "bot", "agent", "system"]),
      id: z.string().optional(),
      name: z.string().optional(),
    }),
    channel: z.string(),
    content: contentSchema,
    /** Where the file of a platform's message is; absent where there is none to wait for. */
    media: z.object({ state: z.enum(["pending", "stored", "failed"]), code: z.string().optional() }).optional(),
    at: time,
    delivery: z.enum(["pending", "sent", "delivered", "read", "uncertain", "failed"]).optional(),
    articleId: z.string().optional(),
  })
  .openapi("Message");
export const ticketShape = z
  .object({
    id: z.string(),
    number: z.string(),
    status: z.enum(["open", "claimed", "resolved"]),
    priority: z.enum(["low", "normal", "high", "urgent"]),
    group: z.string(),
    assignee: z.string().optional(),
    sessionIds: z.array(z.string()),
    orderIds: z.array(z.string()),
    tags: z.array(z.string()),
    createdAt: time,
  })
  .loose()
  .openapi("Ticket");
export const sessionShape = z
  .object({
    id: z.string(),
    state: z.enum(["bot", "queued", "agent", "closed"]),
    owner: z.string(),
    ownerEpoch: z.number().int(),
    contact: z.object({ id: z.string(), name: z.string().optional(), level: z.string() }).loose(),
    ticketId: z.string().optional(),
    channel: z.string(),
    inboxId: z.string(),
    openedAt: time,
  })
  .loose()
  .openapi("Session");
const person = z.object({ id: z.string(), name: z.string() });
const answerParts = {
  image: z.object({ fileId: z.string().optional(), url: z.string().optional(), alt: z.string().optional() }).optional(),
  /** A link, another article's answer, a person, or (with none of them) the label as the shopper's next words. */
  buttons: z
    .array(
      z.object({
        label: z.string(),
        url: z.string().optional(),
        articleId: z.string().optional(),
        person: z.literal(true).optional(),
      }),
    )
    .optional(),
};
export const articleShape = z
  .object({
    id: z.string(),
    question: z.string(),
    phrasings: z.array(z.string()),
    keywords: z.array(z.string()),
    answer: z.string(),
    answers: z.array(
      z.object({
        locale: z.string().optional(),
        channel: z.string().optional(),
        audience: z.string().optional(),
        text: z.string(),
        /** In place of the article's own. */
        ...answerParts,
        /** Of a translation: the version of the source it says the same as; below the article's `sourceVersion` it is behind. */
        sourceVersion: z.number().int().optional(),
      }),
    ),
    ...answerParts,
    /** The card of the order that is spoken of goes before the words. */
    orderCard: z.literal(true).optional(),
    /** Whose people take over after the answer. */
    handoffGroup: z.string().optional(),
    skill: z.string().optional(),
    category: z.string().optional(),
    locale: z.string().optional(),
    status: z.enum(["draft", "published"]),
    validFrom: time.optional(),
    validUntil: time.optional(),
    version: z.number().int(),
    /** Somebody asks to have it looked at before shoppers are told; `changed`: it was saved again since. */
    review: z
      .object({
        by: person,
        at: time,
        version: z.number().int(),
        note: z.string().optional(),
        changed: z.literal(true).optional(),
      })
      .optional(),
    /** It was looked at, and this is to be done before shoppers are told. */
    sentBack: z.object({ by: person, at: time, version: z.number().int(), reason: z.string() }).optional(),
    /** It came from a starter pack. */
    starter: z.literal(true).optional(),
    /** Nobody here has edited or published it since, and it has made way for the shop's own: it answers nobody. */
    steppedBack: z.literal(true).optional(),
  })
  .loose()
  .openapi("Article");
export const taskShape = z
  .object({
    id: z.string(),
    kind: z.string(),
    state: z.enum(["queued", "running", "done", "failed"]),
    progress: z.object({ done: z.number(), total: z.number() }),
    result: z.unknown().optional(),
    errors: z.array(z.object({ line: z.number().optional(), code: z.string(), message: z.string() })).optional(),
  })
  .openapi("Task");
