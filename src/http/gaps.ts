/** Questions nobody answered: what they are, what an answer would change, and what it saved. */
import { z } from "@hono/zod-openapi";
import type { ArticleDraft } from "../core/article.ts";
import type { StoredArticle } from "../core/ports.ts";
import { articleBody, toArticleBody, toArticleDraft } from "../desk/article-body.ts";
import { refuseBroken } from "../desk/check-article.ts";
import { checkDraft } from "../desk/check-draft.ts";
import type { Gap } from "../desk/gap-clusters.ts";
import { gapOf, gapsOf, learnedOf, type Proof, proveGap, withQuestions } from "../desk/learn.ts";
import { idParams, pageQuery, type Route } from "./api.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { loadArticle, savedMeanwhile } from "./load-article.ts";
import { iso, toArticleJson } from "./present.ts";
import { toReplayedJson } from "./publish.ts";

/** The questions to take over; absent: all of them. */
const picked = { questions: z.array(z.string().max(500)).max(1000).optional() };
const acceptBody = z.union([
  z.strictObject({ articleId: z.string().max(200), ...picked }),
  z.strictObject({ article: articleBody, ...picked }),
]);
type Accept = z.output<typeof acceptBody>;

const toProofJson = ({ cluster, lastWeek }: Proof) => ({
  cluster: { ...cluster, questions: cluster.questions.map(toReplayedJson) },
  lastWeek,
});

export function gapRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  /** What accepting would save: an article with more phrasings, or a new one. */
  const read = async (actor: Actor, gap: Gap, body: Accept) => {
    const current = "articleId" in body ? await loadArticle(http, actor, body.articleId) : undefined;
    const base = "article" in body ? toArticleDraft(body.article) : toArticleDraft(toArticleBody(draftOf(current)));
    const draft = withQuestions(base, gap, body.questions);
    checkDraft(desk, draft);
    return { id: current?.id ?? desk.newId("art"), draft, current };
  };

  route(
    "get",
    "/v1/knowledge/gaps",
    {
      tag: "Knowledge",
      summary: "What shoppers asked in vain, the costliest matter first",
      access: "articles.read",
      query: pageQuery,
    },
    async ({ actor, query }) => ({
      items: (await gapsOf(desk, actor.shopId))
        .slice(0, query.limit)
        .map(({ questionIds: _ids, ...gap }) => ({ ...gap, lastAt: iso(gap.lastAt) })),
      next: null,
    }),
  );
  route(
    "get",
    "/v1/knowledge/gaps/learned",
    {
      tag: "Knowledge",
      summary: "Accepted gaps, and what they have saved since",
      access: "articles.read",
      query: pageQuery,
    },
    async ({ actor, query }) => ({
      items: (await learnedOf(desk, actor.shopId, query.limit)).map((one) => ({
        ...one,
        acceptedAt: iso(one.acceptedAt),
      })),
      next: null,
    }),
  );
  route(
    "post",
    "/v1/knowledge/gaps/{id}/proof",
    {
      tag: "Knowledge",
      summary: "How many of the questions would be answered, before and after accepting; nothing is saved",
      access: "articles.write",
      params: idParams,
      body: acceptBody,
    },
    async ({ actor, params, body }) => {
      const gap = await gapOf(desk, actor.shopId, params.id);
      const { id, draft } = await read(actor, gap, body);
      return toProofJson(await proveGap(desk, { shopId: actor.shopId, gap, articleId: id, draft }));
    },
  );
  route(
    "post",
    "/v1/knowledge/gaps/{id}/accept",
    {
      tag: "Knowledge",
      summary: "Add the questions to an article, or write a new one",
      access: "articles.write",
      params: idParams,
      body: acceptBody,
    },
    async ({ actor, params, body }) => {
      const { shopId } = actor;
      const gap = await gapOf(desk, shopId, params.id);
      const { id, draft, current } = await read(actor, gap, body);
      await refuseBroken(desk, { shopId, id, draft, edits: current?.publishedVersion !== undefined });
      const proof = await proveGap(desk, { shopId, gap, articleId: id, draft });
      const now = desk.now();
      const seen = current === undefined ? {} : { seen: current.version };
      const saved = await desk.store.saveArticle({ shopId, id, draft, publish: true, by: actor.name, now, ...seen });
      if (saved === undefined) throw savedMeanwhile(http, await loadArticle(http, actor, id));
      await desk.store.settleGaps({ shopId, ids: gap.questionIds, state: "accepted", articleId: id, now });
      desk.hub.wake(shopId);
      return { article: toArticleJson(saved, now), proof: toProofJson(proof) };
    },
  );
  route(
    "post",
    "/v1/knowledge/gaps/{id}/ignore",
    {
      tag: "Knowledge",
      summary: "Not a question for this shop",
      access: "articles.write",
      params: idParams,
      status: 204,
    },
    async ({ actor, params }) => {
      const gap = await gapOf(desk, actor.shopId, params.id);
      await desk.store.settleGaps({
        shopId: actor.shopId,
        ids: gap.questionIds,
        state: "ignored",
        now: desk.now(),
      });
    },
  );
}

function draftOf(article: StoredArticle | undefined): ArticleDraft {
  if (article === undefined) throw new Error("The body names an article or holds one.");
  return article;
}
