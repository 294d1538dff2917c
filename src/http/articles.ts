/** Articles as merchants edit them. */
import { z } from "@hono/zod-openapi";
import { ConflictError } from "../core/errors.ts";
import { detectLocale } from "../core/language.ts";
import type { StoredArticle } from "../core/ports.ts";
import { trackTranslations } from "../core/translation.ts";
import { articleBody, articleChange, toArticleBody, toArticleDraft } from "../desk/article-body.ts";
import { refuseBroken, reviewOf } from "../desk/check-article.ts";
import { checkDraft } from "../desk/check-draft.ts";
import { checkReferences } from "../desk/check-references.ts";
import { idParams, listOf, pageQuery, type Route } from "./api.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { sumFigures } from "./figures.ts";
import { ifMatch } from "./if-match.ts";
import { loadArticle, noArticle, savedMeanwhile } from "./load-article.ts";
import type { Paging } from "./paging.ts";
import { toArticleJson } from "./present.ts";
import { auditPublish, denied, mayTell, refuseUnreviewed } from "./review.ts";
import { articleShape } from "./shapes.ts";

const WEEK_MS = 7 * 86_400_000;
const RANKED = 10;
/** Below it a match is a coincidence of letters. */
const WORTH_SHOWING = 0.1;
const status = z.enum(["draft", "published"]).optional();
/** Why shoppers are told in spite of what the checks noticed. */
const reason = words(500).pipe(z.string().min(1)).optional();

export function articleRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  route(
    "get",
    "/v1/articles",
    {
      tag: "Knowledge",
      summary:
        "Articles, latest change first (those waiting for a review: the longest first), with the figures of the last seven days; with `q` those that hold the words, then those the matcher finds, each with its rank",
      access: "articles.read",
      query: pageQuery.extend({
        q: words(200).optional(),
        status,
        category: z.string().max(100).optional(),
        locale: z.string().max(35).optional(),
        attention: z.enum(["expiring", "handing-over", "unused", "stale", "review"]).optional(),
        ownerId: z.string().max(200).optional(),
      }),
      answer: listOf(articleShape).extend({
        /** Articles of starter packs that have made way for the shop's own and answer nobody. */
        starters: z.object({ steppedBack: z.number().int() }),
        /** How many wait to be looked at before shoppers are told. */
        review: z.object({ waiting: z.number().int() }),
      }),
    },
    async ({ actor, query }) => {
      const scope = `articles|${actor.shopId}`;
      const now = desk.now();
      const cursor = await paging.open(query.cursor, scope);
      const [starters, ranked, rest, waiting] = await Promise.all([
        desk.knowledge.starters({ shopId: actor.shopId, now }),
        rankedFor(http, actor, query),
        desk.store.articles(actor.shopId, present({ ...query, now, cursor })),
        desk.store.reviewsWaiting(actor.shopId),
      ]);
      // The matcher's are on the first page, whatever page the words would bring them on.
      const others = rest.items.filter(({ id }) => !ranked.has(id));
      const found =
        query.cursor === undefined ? await articlesOf(http, actor, query, ranked) : { worded: [], meant: [] };
      const page = { ...rest, items: [...found.worded, ...others, ...found.meant] };
      const figures = await desk.store.articleFigures({
        shopId: actor.shopId,
        articleIds: page.items.map(({ id }) => id),
        since: now - WEEK_MS,
      });
      const listed = await paging.close(page, scope, (article) => {
        const week = sumFigures(figures.filter(({ articleId }) => articleId === article.id));
        return {
          ...toArticleJson(article, now, starters),
          hits7d: week.hits,
          figures: week,
          ...ranked.get(article.id),
        };
      });
      return { ...listed, starters: { steppedBack: starters.steppedBack }, review: { waiting } };
    },
  );
  route(
    "post",
    "/v1/articles",
    {
      tag: "Knowledge",
      summary: "Write a new one",
      access: "articles.write",
      body: articleBody.extend({
        id: z
          .string()
          .regex(/^[\w.:-]{1,100}$/)
          .optional(),
        status,
        reason,
      }),
      status: 201,
      answer: articleShape,
    },
    async ({ c, actor, body }) => {
      const { id = desk.newId("art"), status: wanted, reason: why, ...rest } = body;
      const publish = wanted === "published";
      if (publish) await refuseUnreviewed(http, c, actor, id);
      const draft = trackTranslations(toArticleDraft(rest), { version: 1 });
      checkDraft(desk, draft);
      const { shopId } = actor;
      await checkReferences(desk, shopId, draft);
      const checks = publish ? await refuseBroken(desk, { shopId, id, draft, edits: false }) : [];
      const saved = await desk.store.saveArticle({
        shopId,
        id,
        draft,
        publish,
        by: actor.name,
        ownerId: actor.id,
        review: reviewOf(checks, why),
        now: desk.now(),
      });
      if (saved === undefined) throw new ConflictError("article.exists", "An article with this id exists.");
      if (publish) await auditPublish(http, c, actor, saved);
      desk.hub.wake(shopId);
      return toArticleJson(saved, desk.now());
    },
  );
  route(
    "get",
    "/v1/articles/{id}",
    { tag: "Knowledge", summary: "One article", access: "articles.read", params: idParams, answer: articleShape },
    async ({ c, actor, params }) => {
      const now = desk.now();
      const [article, starters] = await Promise.all([
        loadArticle(http, actor, params.id),
        desk.knowledge.starters({ shopId: actor.shopId, now }),
      ]);
      c.header("etag", `"${article.version}"`);
      return toArticleJson(article, now, starters);
    },
  );
  route(
    "patch",
    "/v1/articles/{id}",
    {
      tag: "Knowledge",
      summary: "Save; If-Match names the version you saw",
      access: "articles.write",
      params: idParams,
      body: articleChange.extend({ status, reason }),
      answer: articleShape,
    },
    async ({ c, actor, params, body }) => {
      const { shopId } = actor;
      const publish = body.status === "published";
      if (publish) await refuseUnreviewed(http, c, actor, params.id);
      const current = await loadArticle(http, actor, params.id);
      const seen = ifMatch(c.req.header("if-match"));
      if (seen !== undefined && seen !== current.version) throw savedMeanwhile(http, current);
      const { status: _wanted, reason: why, ...change } = body;
      const draft = trackTranslations(toArticleDraft({ ...toArticleBody(current), ...present(change) }), {
        before: { draft: current, version: current.version },
        version: current.version + 1,
      });
      checkDraft(desk, draft);
      await checkReferences(desk, shopId, draft);
      const edits = current.publishedVersion !== undefined;
      const checks = publish ? await refuseBroken(desk, { shopId, id: params.id, draft, edits }) : [];
      const saved = await desk.store.saveArticle({
        shopId,
        id: params.id,
        draft,
        seen: current.version,
        publish,
        by: actor.name,
        review: reviewOf(checks, why),
        now: desk.now(),
      });
      if (saved === undefined) throw savedMeanwhile(http, await loadArticle(http, actor, params.id));
      if (publish) await auditPublish(http, c, actor, saved, current.review);
      desk.hub.wake(shopId);
      c.header("etag", `"${saved.version}"`);
      return toArticleJson(saved, desk.now());
    },
  );
  route(
    "delete",
    "/v1/articles/{id}",
    { tag: "Knowledge", summary: "Delete", access: "articles.write", params: idParams, status: 204 },
    async ({ c, actor, params: { id } }) => {
      const { shopId } = actor;
      const untold = !(await mayTell(http, actor));
      if (!(await desk.store.deleteArticle({ shopId, id, untold, now: desk.now() }))) {
        if (untold && (await desk.store.article(shopId, id)) !== undefined) throw await denied(http, c, actor, id);
        throw noArticle();
      }
      desk.hub.wake(actor.shopId);
    },
  );
}

interface Rank {
  readonly rank: number;
  readonly score: number;
}

/** Places and scores by the matcher shoppers are answered with. */
async function rankedFor(
  { desk }: HttpDeps,
  { shopId }: Actor,
  { q, locale }: { readonly q?: string | undefined; readonly locale?: string | undefined },
): Promise<ReadonlyMap<string, Rank>> {
  if (q === undefined || q.trim() === "") return new Map();
  const spoken = locale ?? detectLocale(q);
  const { matches } = await desk.knowledge.match(
    present({ shopId, text: q, limit: RANKED, now: desk.now(), locale: spoken }),
  );
  return new Map(
    matches
      .filter(({ score }) => score >= WORTH_SHOWING)
      .map(({ articleId, score }, place) => [
        articleId,
        { rank: place + 1, score: Math.round(score * 10_000) / 10_000 },
      ]),
  );
}

/** Those of the ranked that the other filters leave, best first: which hold the words themselves, and which only mean them. */
async function articlesOf(
  { desk }: HttpDeps,
  { shopId }: Actor,
  { cursor: _cursor, ...filter }: { readonly q?: string; readonly cursor?: unknown; readonly limit: number },
  ranked: ReadonlyMap<string, Rank>,
): Promise<{ readonly worded: readonly StoredArticle[]; readonly meant: readonly StoredArticle[] }> {
  if (ranked.size === 0) return { worded: [], meant: [] };
  const among = { ...filter, limit: RANKED, ids: [...ranked.keys()], now: desk.now() };
  const { q: _q, ...meaning } = among;
  const [worded, all] = await Promise.all([
    desk.store.articles(shopId, present(among)),
    desk.store.articles(shopId, present(meaning)),
  ]);
  const byRank = (articles: readonly StoredArticle[]) =>
    [...articles].sort((a, b) => (ranked.get(a.id)?.rank ?? 0) - (ranked.get(b.id)?.rank ?? 0));
  const words = new Set(worded.items.map(({ id }) => id));
  return { worded: byRank(worded.items), meant: byRank(all.items.filter(({ id }) => !words.has(id))) };
}
