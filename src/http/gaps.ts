/** Questions nobody answered: what they are, what an answer would change, and what it saved. */
import { z } from "@hono/zod-openapi";
import type { ArticleDraft } from "../core/article.ts";
import { InvalidError, NotFoundError } from "../core/errors.ts";
import type { StoredArticle } from "../core/ports.ts";
import { trackTranslations } from "../core/translation.ts";
import { articleBody, toArticleBody, toArticleDraft } from "../desk/article-body.ts";
import { refuseBroken, reviewOf } from "../desk/check-article.ts";
import { checkDraft } from "../desk/check-draft.ts";
import { checkReferences } from "../desk/check-references.ts";
import type { Gap } from "../desk/gap-clusters.ts";
import { gapOf, gapsOf, learnedOf, type Proof, proveGap, withQuestions } from "../desk/learn.ts";
import { idParams, pageQuery, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { loadArticle, savedMeanwhile } from "./load-article.ts";
import { iso, toArticleJson } from "./present.ts";
import { toReplayedJson } from "./publish.ts";
import { askReview, auditPublish, refuseUnreviewed } from "./review.ts";

/** The questions to take over; absent: all of them. */
const picked = { questions: z.array(z.string().max(500)).max(1000).optional() };
/** False: saved, and asked to be looked at before shoppers are told. */
const publish = { publish: z.boolean().default(true) };
const acceptBody = z.union([
  z.strictObject({ articleId: z.string().max(200), ...picked, ...publish }),
  z.strictObject({ article: articleBody, ...picked, ...publish }),
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
    const draft = trackTranslations(withQuestions(base, gap, body.questions), {
      before: current === undefined ? undefined : { draft: current, version: current.version },
      version: (current?.version ?? 0) + 1,
    });
    checkDraft(desk, draft);
    await checkReferences(desk, actor.shopId, draft);
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
        .map(({ questionIds: _ids, assigneeId, ...gap }) => ({
          ...gap,
          ...(assigneeId === undefined ? {} : { assigneeId }),
          lastAt: iso(gap.lastAt),
        })),
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
      summary:
        "Add the questions to an article, or write a new one; with `publish` false a review is asked for instead",
      access: "articles.write",
      params: idParams,
      body: acceptBody,
    },
    async ({ c, actor, params, body }) => {
      const { shopId } = actor;
      const { publish } = body;
      if (publish) await refuseUnreviewed(http, c, actor, params.id);
      const gap = await gapOf(desk, shopId, params.id);
      const { id, draft, current } = await read(actor, gap, body);
      const edits = current?.publishedVersion !== undefined;
      const note = `← ${gap.sample}`.slice(0, 500);
      const review = reviewOf(await refuseBroken(desk, { shopId, id, draft, edits }), note);
      const proof = await proveGap(desk, { shopId, gap, articleId: id, draft });
      const now = desk.now();
      const seen = current === undefined ? { ownerId: actor.id } : { seen: current.version };
      const by = actor.name;
      let saved = await desk.store.saveArticle({ shopId, id, draft, publish, by, review, now, ...seen });
      if (saved === undefined) throw savedMeanwhile(http, await loadArticle(http, actor, id));
      if (publish) await auditPublish(http, c, actor, saved, current?.review);
      else saved = (await askReview(http, c, actor, { article: saved, note })) ?? saved;
      await desk.store.settleGaps({ shopId, ids: gap.questionIds, state: "accepted", articleId: id, by, now });
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
      body: z.strictObject({ reason: words(500).pipe(z.string().min(1)).optional() }).default({}),
      status: 204,
    },
    async ({ c, actor, params, body }) => {
      const { shopId } = actor;
      const gap = await gapOf(desk, shopId, params.id);
      const why = present({ reason: body.reason });
      const now = desk.now();
      await desk.store.settleGaps({ shopId, ids: gap.questionIds, state: "ignored", by: actor.name, now, ...why });
      const data = { wordings: gap.questionIds.length, ...why };
      await desk.store.addAudit(auditOf(http, c, actor, { action: "gap.ignore", target: gap.id, result: "ok", data }));
    },
  );
  route(
    "post",
    "/v1/knowledge/gaps/{id}/merge",
    {
      tag: "Knowledge",
      summary: "Another cluster asks the same matter: from now on they are one",
      access: "articles.write",
      params: idParams,
      body: z.strictObject({ from: z.string().min(1).max(200) }),
    },
    async ({ actor, params, body }) => {
      const { shopId } = actor;
      const [into, from] = await Promise.all([gapOf(desk, shopId, params.id), gapOf(desk, shopId, body.from)]);
      if (into.id === from.id) throw new InvalidError("gap.same", "These are one cluster already.");
      const wordings = [...into.questionIds, ...from.questionIds];
      await desk.store.markGaps({ shopId, ids: wordings, mark: { cluster: into.id } });
      const { questionIds: _ids, ...merged } = await gapOf(desk, shopId, into.id);
      return { ...merged, lastAt: iso(merged.lastAt) };
    },
  );
  route(
    "post",
    "/v1/knowledge/gaps/{id}/assign",
    {
      tag: "Knowledge",
      summary: "Somebody is to find the answer; null: nobody in particular",
      access: "articles.write",
      params: idParams,
      body: z.strictObject({ userId: z.string().min(1).max(200).nullable() }),
      status: 204,
    },
    async ({ actor, params, body }) => {
      const { shopId } = actor;
      const gap = await gapOf(desk, shopId, params.id);
      if (body.userId !== null && !(await desk.store.users(shopId)).some(({ id }) => id === body.userId))
        throw new NotFoundError("user.not_found", "There is no such user.");
      await desk.store.markGaps({ shopId, ids: gap.questionIds, mark: { assigneeId: body.userId } });
    },
  );
}

function draftOf(article: StoredArticle | undefined): ArticleDraft {
  if (article === undefined) throw new Error("The body names an article or holds one.");
  return article;
}
