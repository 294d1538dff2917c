/** From a draft to what shoppers are told: checks, publishing now, later or to a share of the contacts, versions and back. */
import { z } from "@hono/zod-openapi";
import { maskEmail, maskPhone } from "../core/contact.ts";
import { ConflictError, NotFoundError } from "../core/errors.ts";
import type { StoredArticle } from "../core/ports.ts";
import { trackTranslations } from "../core/translation.ts";
import { articleChange, toArticleBody, toArticleDraft } from "../desk/article-body.ts";
import { checkWithReplay, refuseUnreasoned } from "../desk/check-article.ts";
import { checkDraft } from "../desk/check-draft.ts";
import type { Replayed } from "../desk/replay.ts";
import { idParams, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { moment, present, words } from "./fields.ts";
import { sumFigures } from "./figures.ts";
import { ifMatch } from "./if-match.ts";
import { loadArticle, noArticle, savedMeanwhile } from "./load-article.ts";
import { iso, toArticleJson } from "./present.ts";
import { refuseUnreviewed } from "./review.ts";
import { articleShape } from "./shapes.ts";

const DAY_MS = 86_400_000;
const spec = { tag: "Knowledge", params: idParams } as const;

/** Who answers, as the API says it: the article's id, or null for nobody. */
export function toReplayedJson({ question, count, from, to }: Replayed) {
  return {
    question,
    count,
    from: from?.articleId ?? null,
    to: to?.articleId ?? null,
    score: round(to?.score ?? from?.score ?? 0),
    ...(from === undefined ? {} : { fromQuestion: from.question }),
    ...(to === undefined ? {} : { toQuestion: to.question }),
  };
}

/** Real questions hold numbers and addresses of people; who edits articles needs the words only. */
export const masked = <T extends { readonly question: string }>(one: T): T => ({
  ...one,
  question: one.question.replaceAll(/\d{7,}/g, maskPhone).replaceAll(/[\w.+-]+@[\w.-]+/g, maskEmail),
});

const round = (score: number) => Math.round(score * 10_000) / 10_000;

export function publishRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  const done = (actor: Actor, saved: StoredArticle | undefined) => {
    if (saved === undefined) throw noArticle();
    desk.hub.wake(actor.shopId);
    return toArticleJson(saved, desk.now());
  };

  route(
    "post",
    "/v1/articles/{id}/check",
    {
      ...spec,
      summary: "What publishing would break, and which of the last days' real questions it would answer differently",
      access: "articles.read",
      body: z.strictObject({
        days: z.number().int().min(1).max(30).default(7),
        /** Edits not saved yet. */
        article: articleChange.optional(),
      }),
    },
    async ({ actor, params, body }) => {
      const current = await loadArticle(http, actor, params.id);
      const draft = trackTranslations(toArticleDraft({ ...toArticleBody(current), ...present(body.article ?? {}) }), {
        before: { draft: current, version: current.version },
        version: current.version + 1,
      });
      const { ok, checks, replay } = await checkWithReplay(desk, {
        shopId: actor.shopId,
        id: current.id,
        draft,
        edits: current.publishedVersion !== undefined,
        days: body.days,
      });
      return {
        ok,
        checks,
        replay: { ...replay, changed: replay.changed.slice(0, 500).map(toReplayedJson).map(masked) },
      };
    },
  );
  route(
    "post",
    "/v1/articles/{id}/publish",
    {
      ...spec,
      summary: "Tell shoppers: now, from a time on, or a share of them; If-Match names the version you saw",
      access: "articles.write",
      body: z.strictObject({
        at: moment.optional(),
        percent: z.number().int().min(1).max(100).default(100),
        /** Needed where the checks noticed something; kept with the version and in the audit log. */
        reason: words(500).pipe(z.string().min(1)).optional(),
      }),
      answer: articleShape,
    },
    async ({ c, actor, params, body }) => {
      const { shopId } = actor;
      const { id } = params;
      await refuseUnreviewed(http, c, actor, id);
      const draft = await loadArticle(http, actor, id);
      const looked = ifMatch(c.req.header("if-match"));
      if (looked !== undefined && looked !== draft.version) throw savedMeanwhile(http, draft);
      checkDraft(desk, draft);
      const edits = draft.publishedVersion !== undefined;
      const review = await refuseUnreasoned(desk, { shopId, id, draft, edits, reason: body.reason });
      const now = desk.now();
      const from = Math.max(now, body.at ?? now);
      const rollout = from > now || body.percent < 100 ? { rollout: { percent: body.percent, from } } : {};
      const { version: seen } = draft;
      const saved = await desk.store.publishArticle({ shopId, id, by: actor.name, seen, review, now, ...rollout });
      if (saved === undefined) throw savedMeanwhile(http, await loadArticle(http, actor, id));
      const { percent } = body;
      await desk.store.addAudit(
        auditOf(http, c, actor, {
          action: "article.publish",
          target: id,
          result: "ok",
          data: present({ version: seen, percent, from: iso(from), ...review, askedBy: draft.review?.byId }),
        }),
      );
      return done(actor, saved);
    },
  );
  route(
    "post",
    "/v1/articles/{id}/rollout",
    {
      ...spec,
      summary: "End a version's way: everyone is told it, or nobody",
      access: "articles.write",
      body: z.strictObject({ outcome: z.enum(["everyone", "nobody"]) }),
      answer: articleShape,
    },
    async ({ c, actor, params, body }) => {
      await refuseUnreviewed(http, c, actor, params.id);
      await loadArticle(http, actor, params.id);
      const ended = await desk.store.endRollout({
        shopId: actor.shopId,
        id: params.id,
        outcome: body.outcome,
        now: desk.now(),
      });
      if (ended === undefined)
        throw new ConflictError("article.no_rollout", "No version of this article is on its way.");
      return done(actor, ended);
    },
  );
  route(
    "get",
    "/v1/articles/{id}/figures",
    {
      ...spec,
      summary: "Answers, hand-offs after them and feedback, by version; both sides of a gradual publish",
      access: "articles.read",
      query: z.object({ days: z.coerce.number().int().min(1).max(90).default(7) }),
    },
    async ({ actor, params, query }) => {
      const article = await loadArticle(http, actor, params.id);
      const since = (at: number) =>
        desk.store.articleFigures({ shopId: actor.shopId, articleIds: [article.id], since: at });
      const figures = await since(desk.now() - query.days * DAY_MS);
      const versions = [...figures].sort((a, b) => b.version - a.version);
      const { next } = article;
      return {
        days: query.days,
        ...sumFigures(figures),
        versions: versions.map((one) => ({ version: one.version, ...sumFigures([one]) })),
        ...(next === undefined ? {} : { rollout: sidesOf(article, next, await since(next.from)) }),
      };
    },
  );
  route(
    "get",
    "/v1/articles/{id}/versions",
    { ...spec, summary: "Its versions, latest first", access: "articles.read" },
    async ({ actor, params }) => {
      const article = await loadArticle(http, actor, params.id);
      const versions = await desk.store.articleVersions(actor.shopId, params.id);
      const { id, shopId, createdAt, updatedAt, publishedVersion } = article;
      return {
        items: versions.map(({ version, at, by, published, draft, warnings, reason }) =>
          present({
            version,
            at: iso(at),
            by,
            published,
            warnings: warnings?.length === 0 ? undefined : warnings,
            reason,
            article: toArticleJson(
              {
                id,
                shopId,
                createdAt,
                updatedAt,
                ...draft,
                version,
                status: "draft",
                ...(publishedVersion === undefined ? {} : { publishedVersion }),
              },
              desk.now(),
            ),
          }),
        ),
        next: null,
      };
    },
  );
  route(
    "post",
    "/v1/articles/{id}/rollback",
    {
      ...spec,
      summary: "Publish an old version again, at once and unchecked",
      access: "articles.write",
      body: z.strictObject({ version: z.number().int().min(1) }),
      answer: articleShape,
    },
    async ({ c, actor, params, body }) => {
      await refuseUnreviewed(http, c, actor, params.id);
      const current = await loadArticle(http, actor, params.id);
      const old = (await desk.store.articleVersions(actor.shopId, params.id)).find(
        ({ version }) => version === body.version,
      );
      if (old === undefined) throw new NotFoundError("article.version_not_found", "There is no such version.");
      const saved = await desk.store.saveArticle({
        shopId: actor.shopId,
        id: params.id,
        draft: old.draft,
        seen: current.version,
        publish: true,
        by: actor.name,
        review: { warnings: [], reason: `← v${body.version}` },
        now: desk.now(),
      });
      if (saved === undefined) throw savedMeanwhile(http, await loadArticle(http, actor, params.id));
      await desk.store.addAudit(
        auditOf(http, c, actor, {
          action: "article.rollback",
          target: params.id,
          result: "ok",
          data: { to: body.version, version: saved.version },
        }),
      );
      return done(actor, saved);
    },
  );
}

/** Answers since the new version began, on either side. */
function sidesOf(
  article: StoredArticle,
  next: NonNullable<StoredArticle["next"]>,
  figures: Awaited<ReturnType<HttpDeps["desk"]["store"]["articleFigures"]>>,
) {
  const side = (version: number) => ({
    version,
    ...sumFigures(figures.filter((one) => one.version === version)),
  });
  return {
    percent: next.percent,
    from: iso(next.from),
    next: side(next.version),
    published: article.publishedVersion === undefined ? null : side(article.publishedVersion),
  };
}
