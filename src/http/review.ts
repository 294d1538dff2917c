/** Who tells shoppers, and having an article looked at before they are told. */
import { z } from "@hono/zod-openapi";
import { ConflictError } from "../core/errors.ts";
import type { StoredArticle } from "../core/ports.ts";
import { type ReviewRequest, reviewRequired } from "../core/review.ts";
import { shopSettingsSchema } from "../core/shop.ts";
import { may } from "./access.ts";
import { idParams, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { Actor, Ctx, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { ifMatch } from "./if-match.ts";
import { loadArticle, savedMeanwhile } from "./load-article.ts";
import { toArticleJson } from "./present.ts";
import { articleShape } from "./shapes.ts";

/** Read from the store, not from what is remembered of the shop: a rule that was just made holds at once, on every machine. */
export async function mayTell({ desk }: HttpDeps, actor: Actor): Promise<boolean> {
  if (may(actor.role, "articles.publish")) return true;
  const shop = await desk.store.shop(actor.shopId);
  return shopSettingsSchema.parse(shop?.settings ?? {}).review === "off";
}

/** Every way to change what shoppers are told passes here. @throws {ForbiddenError} `knowledge.review_required` */
export async function refuseUnreviewed(http: HttpDeps, c: Ctx, actor: Actor, target?: string): Promise<void> {
  if (!(await mayTell(http, actor))) throw await denied(http, c, actor, target);
}

/** The same for what has no draft: flows, the dictionary. @throws {ForbiddenError} `knowledge.review_required` */
export async function refuseAtOnce(http: HttpDeps, c: Ctx, actor: Actor, target: string): Promise<void> {
  if (!(await mayTell(http, actor))) throw await denied(http, c, actor, target, false);
}

/** The refusal, noted in the audit log as every other is. */
export async function denied(http: HttpDeps, c: Ctx, actor: Actor, target?: string, hasDrafts = true) {
  const audit = { action: "articles.publish", result: "denied", data: {}, ...present({ target }) } as const;
  await http.desk.store.addAudit(auditOf(http, c, actor, audit));
  return reviewRequired(hasDrafts);
}

/** Shoppers are told a version with the save itself. */
export const auditPublish = (
  http: HttpDeps,
  c: Ctx,
  actor: Actor,
  { id, version }: StoredArticle,
  review?: ReviewRequest,
) =>
  http.desk.store.addAudit(
    auditOf(http, c, actor, {
      action: "article.publish",
      target: id,
      result: "ok",
      data: present({ version, askedBy: review?.byId }),
    }),
  );

/** Undefined: another version by now, or shoppers are told it already. */
export function askReview(
  http: HttpDeps,
  c: Ctx,
  actor: Actor,
  {
    article: { id, version },
    note,
  }: { readonly article: Pick<StoredArticle, "id" | "version">; readonly note?: string },
) {
  const { shopId, name: by, id: byId } = actor;
  const said = present({ note });
  return http.desk.store.askReview(
    { shopId, id, seen: version, by, byId, now: http.desk.now(), ...said },
    auditOf(http, c, actor, { action: "article.review", target: id, result: "ok", data: { version, ...said } }),
  );
}

export function reviewRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  const spec = { tag: "Knowledge", access: "articles.write", params: idParams, answer: articleShape } as const;
  const load = async (c: Ctx, actor: Actor, id: string) => {
    const article = await loadArticle(http, actor, id);
    const seen = ifMatch(c.req.header("if-match"));
    if (seen !== undefined && seen !== article.version) throw savedMeanwhile(http, article);
    return article;
  };
  route(
    "post",
    "/v1/articles/{id}/review",
    {
      ...spec,
      summary: "Ask for the saved version to be looked at; If-Match names it. Publishing settles it",
      body: z.strictObject({ note: words(500).pipe(z.string().min(1)).optional() }).default({}),
    },
    async ({ c, actor, params: { id }, body }) => {
      const { version } = await load(c, actor, id);
      const asked = await askReview(http, c, actor, present({ article: { id, version }, note: body.note }));
      if (asked === undefined) {
        const now = await loadArticle(http, actor, id);
        if (now.version !== version) throw savedMeanwhile(http, now);
        throw new ConflictError("article.nothing_to_review", "Shoppers are told this version, or it is on its way.");
      }
      desk.hub.wake(actor.shopId);
      return toArticleJson(asked, desk.now());
    },
  );
  route(
    "delete",
    "/v1/articles/{id}/review",
    {
      ...spec,
      summary: "Send back what was asked to be looked at, with what is to be done first; If-Match names the version",
      body: z.strictObject({ reason: words(500).pipe(z.string().min(1)) }),
    },
    async ({ c, actor, params: { id }, body: { reason } }) => {
      await refuseUnreviewed(http, c, actor, id);
      const { version, review } = await load(c, actor, id);
      const { shopId, name: by, id: byId } = actor;
      const data = present({ version, reason, askedBy: review?.byId });
      const back = await desk.store.sendBack(
        { shopId, id, by, byId, version, reason, now: desk.now() },
        auditOf(http, c, actor, { action: "article.send_back", target: id, result: "ok", data }),
      );
      if (back === undefined)
        throw new ConflictError("article.no_review", "Nobody asks for this article to be looked at.");
      desk.hub.wake(shopId);
      return toArticleJson(back, desk.now());
    },
  );
}
