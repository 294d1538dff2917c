/** Answers an agent found wrong, until the version that puts them right. */
import { z } from "@hono/zod-openapi";
import { contentText } from "../core/content.ts";
import { ConflictError, NotFoundError } from "../core/errors.ts";
import { CORRECTION_KINDS, type Correction } from "../core/learning.ts";
import { idParams, pageQuery, type Route } from "./api.ts";
import type { HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import type { Paging } from "./paging.ts";
import { iso } from "./present.ts";

function toCorrectionJson({ shopId: _shop, byId, byName, createdAt, closedAt, ...rest }: Correction) {
  return present({
    ...rest,
    by: { id: byId, name: byName },
    createdAt: iso(createdAt),
    closedAt: closedAt === undefined ? undefined : iso(closedAt),
  });
}

export function correctionRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  route(
    "post",
    "/v1/corrections",
    {
      tag: "Knowledge",
      summary: "An answer of the bot's is wrong, outdated, out of tone, or missing something",
      access: "sessions.serve",
      body: z.strictObject({
        messageId: z.string().min(1).max(200),
        kind: z.enum(CORRECTION_KINDS),
        note: words(1000).default(""),
      }),
      status: 201,
    },
    async ({ actor, body }) => {
      const { shopId } = actor;
      const message = await desk.store.message(shopId, body.messageId);
      if (message === undefined || message.author.kind !== "bot")
        throw new NotFoundError("message.not_found", "There is no such answer of the bot's.");
      const said = await desk.store.messagesOf({ shopId, sessionId: message.sessionId, limit: 200 });
      const asked = said.items.find((other) => other.direction === "inbound" && other.seq < message.seq);
      const correction: Correction = {
        id: desk.newId("cor"),
        shopId,
        messageId: message.id,
        sessionId: message.sessionId,
        ...(message.articleId === undefined ? {} : { articleId: message.articleId }),
        ...(message.articleVersion === undefined ? {} : { articleVersion: message.articleVersion }),
        kind: body.kind,
        note: body.note,
        question: asked === undefined ? "" : contentText(asked.content).slice(0, 1000),
        answer: contentText(message.content).slice(0, 2000),
        state: "open",
        byId: actor.id,
        byName: actor.name,
        createdAt: desk.now(),
      };
      if (!(await desk.store.addCorrection(correction)))
        throw new ConflictError("correction.exists", "This answer has an open correction already.");
      return toCorrectionJson(correction);
    },
  );
  route(
    "get",
    "/v1/corrections",
    {
      tag: "Knowledge",
      summary: "Corrections, latest first",
      access: "articles.read",
      query: pageQuery.extend({
        state: z.enum(["open", "closed"]).optional(),
        articleId: z.string().max(200).optional(),
      }),
    },
    async ({ actor, query }) => {
      const scope = `corrections|${actor.shopId}`;
      const cursor = await paging.open(query.cursor, scope);
      const page = await desk.store.corrections(actor.shopId, present({ ...query, cursor }));
      return paging.close(page, scope, toCorrectionJson);
    },
  );
  route(
    "post",
    "/v1/corrections/{id}/close",
    {
      tag: "Knowledge",
      summary: "Fixed by a published version, or nothing to fix and why",
      access: "articles.write",
      params: idParams,
      body: z.union([
        z.strictObject({ state: z.literal("fixed"), articleId: z.string().max(200).optional() }),
        z.strictObject({ state: z.literal("dismissed"), reason: words(500).pipe(z.string().min(1)) }),
      ]),
    },
    async ({ actor, params, body }) => {
      const { shopId } = actor;
      const open = await findOpen(http, shopId, params.id);
      const base = { shopId, id: params.id, by: actor.name, now: desk.now() };
      const closed = await desk.store.closeCorrection(
        body.state === "dismissed"
          ? { ...base, state: "dismissed", reason: body.reason }
          : { ...base, state: "fixed", version: await fixOf(http, open, body.articleId) },
      );
      if (closed === undefined) throw new NotFoundError("correction.not_found", "There is no such open correction.");
      return toCorrectionJson(closed);
    },
  );
}

async function findOpen({ desk }: HttpDeps, shopId: string, id: string): Promise<Correction> {
  let cursor: string | undefined;
  do {
    const page = await desk.store.corrections(shopId, present({ state: "open" as const, limit: 100, cursor }));
    const found = page.items.find((one) => one.id === id);
    if (found !== undefined) return found;
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  throw new NotFoundError("correction.not_found", "There is no such open correction.");
}

/** The published version that puts it right. @throws {ConflictError} `correction.not_fixed` */
async function fixOf({ desk }: HttpDeps, correction: Correction, articleId = correction.articleId): Promise<number> {
  const article = articleId === undefined ? undefined : await desk.store.article(correction.shopId, articleId);
  const version = article?.next?.version ?? article?.publishedVersion;
  const same = articleId === correction.articleId;
  if (version === undefined || (same && version <= (correction.articleVersion ?? 0)))
    throw new ConflictError("correction.not_fixed", "No version was published since that answer was given.");
  return version;
}
