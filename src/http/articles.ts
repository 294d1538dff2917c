/** Articles as merchants edit them. */
import { z } from "@hono/zod-openapi";
import { ConflictError, InvalidError } from "../core/errors.ts";
import { articleBody, articleChange, toArticleBody, toArticleDraft } from "../desk/article-body.ts";
import { refuseBroken } from "../desk/check-article.ts";
import { checkDraft } from "../desk/check-draft.ts";
import { idParams, listOf, pageQuery, type Route } from "./api.ts";
import type { HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { sumFigures } from "./figures.ts";
import { loadArticle, noArticle, savedMeanwhile } from "./load-article.ts";
import type { Paging } from "./paging.ts";
import { toArticleJson } from "./present.ts";
import { articleShape } from "./shapes.ts";

const WEEK_MS = 7 * 86_400_000;
const status = z.enum(["draft", "published"]).optional();

export function articleRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  route(
    "get",
    "/v1/articles",
    {
      tag: "Knowledge",
      summary: "Articles, latest change first, with the figures of the last seven days",
      access: "articles.read",
      query: pageQuery.extend({
        q: words(200).optional(),
        status,
        category: z.string().max(100).optional(),
        locale: z.string().max(35).optional(),
        attention: z.enum(["expiring", "handing-over", "unused"]).optional(),
      }),
      answer: listOf(articleShape),
    },
    async ({ actor, query }) => {
      const scope = `articles|${actor.shopId}`;
      const now = desk.now();
      const cursor = await paging.open(query.cursor, scope);
      const page = await desk.store.articles(actor.shopId, present({ ...query, now, cursor }));
      const figures = await desk.store.articleFigures({
        shopId: actor.shopId,
        articleIds: page.items.map(({ id }) => id),
        since: now - WEEK_MS,
      });
      return paging.close(page, scope, (article) => {
        const week = sumFigures(figures.filter(({ articleId }) => articleId === article.id));
        return { ...toArticleJson(article, now), hits7d: week.hits, figures: week };
      });
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
      }),
      status: 201,
      answer: articleShape,
    },
    async ({ actor, body }) => {
      const { id = desk.newId("art"), status: wanted, ...rest } = body;
      const draft = toArticleDraft(rest);
      checkDraft(desk, draft);
      const publish = wanted === "published";
      const { shopId } = actor;
      if (publish) await refuseBroken(desk, { shopId, id, draft, edits: false });
      const saved = await desk.store.saveArticle({ shopId, id, draft, publish, by: actor.name, now: desk.now() });
      if (saved === undefined) throw new ConflictError("article.exists", "An article with this id exists.");
      desk.hub.wake(shopId);
      return toArticleJson(saved, desk.now());
    },
  );
  route(
    "get",
    "/v1/articles/{id}",
    { tag: "Knowledge", summary: "One article", access: "articles.read", params: idParams, answer: articleShape },
    async ({ c, actor, params }) => {
      const article = await loadArticle(http, actor, params.id);
      c.header("etag", `"${article.version}"`);
      return toArticleJson(article, desk.now());
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
      body: articleChange.extend({ status }),
      answer: articleShape,
    },
    async ({ c, actor, params, body }) => {
      const { shopId } = actor;
      const current = await loadArticle(http, actor, params.id);
      const seen = ifMatch(c.req.header("if-match"));
      if (seen !== undefined && seen !== current.version) throw savedMeanwhile(http, current);
      const { status: wanted, ...change } = body;
      const draft = toArticleDraft({ ...toArticleBody(current), ...present(change) });
      checkDraft(desk, draft);
      const publish = wanted === "published";
      if (publish)
        await refuseBroken(desk, { shopId, id: params.id, draft, edits: current.publishedVersion !== undefined });
      const saved = await desk.store.saveArticle({
        shopId,
        id: params.id,
        draft,
        seen: current.version,
        publish,
        by: actor.name,
        now: desk.now(),
      });
      if (saved === undefined) throw savedMeanwhile(http, await loadArticle(http, actor, params.id));
      desk.hub.wake(shopId);
      c.header("etag", `"${saved.version}"`);
      return toArticleJson(saved, desk.now());
    },
  );
  route(
    "delete",
    "/v1/articles/{id}",
    { tag: "Knowledge", summary: "Delete", access: "articles.write", params: idParams, status: 204 },
    async ({ actor, params }) => {
      if (!(await desk.store.deleteArticle({ shopId: actor.shopId, id: params.id, now: desk.now() })))
        throw noArticle();
      desk.hub.wake(actor.shopId);
    },
  );
}

/** `"3"`, `W/"3"` or a bare 3. @throws {InvalidError} for anything else */
function ifMatch(header: string | undefined): number | undefined {
  if (header === undefined || header === "*") return undefined;
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new InvalidError("request.invalid", 'If-Match names the version you saw, such as "3".');
  return Number(version);
}
