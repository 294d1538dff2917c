/** The merchant's API: articles, matching, imports, gaps, synonyms. */
import { z } from "@hono/zod-openapi";
import { type ArticleDraft, answerFor } from "../core/article.ts";
import { ConflictError, InvalidError, NotFoundError, PreconditionError, UnsupportedTypeError } from "../core/errors.ts";
import { detectLocale } from "../core/language.ts";
import type { StoredArticle } from "../core/ports.ts";
import { cleanText } from "../core/text.ts";
import { articleBody, exportArticles, IMPORT_LIMIT, parseImport, runImport, toArticleDraft } from "../desk/articles.ts";
import { clusterGaps } from "../desk/gap-clusters.ts";
import { idParams, listOf, pageQuery, type Route } from "./api.ts";
import { decodeUtf8, readBytes } from "./body.ts";
import type { Actor, HttpDeps } from "./context.ts";
import type { Paging } from "./paging.ts";
import { iso, toArticleJson, toTaskJson } from "./present.ts";
import { articleShape, taskShape } from "./shapes.ts";

const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
const words = (max: number) => z.string().max(max).transform(cleanText);

export function merchantRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  const notFound = () => new NotFoundError("article.not_found", "There is no such article.");
  const load = async (actor: Actor, id: string): Promise<StoredArticle> => {
    const article = await desk.store.article(actor.shopId, id);
    if (article === undefined) throw notFound();
    return article;
  };
  /** @throws {InvalidError} `knowledge.invalid_template`, `knowledge.unknown_skill` with the place of the fault */
  const check = (draft: ArticleDraft) => {
    const issues = [draft.answer, ...draft.answers.map((answer) => answer.text)].flatMap((text) =>
      desk.templates.check(text),
    );
    if (issues.length > 0)
      throw new InvalidError("knowledge.invalid_template", issues[0]?.message ?? "The template is wrong.", { issues });
    if (draft.skill !== undefined && !desk.skills.some((skill) => skill.name === draft.skill)) {
      throw new InvalidError("knowledge.unknown_skill", `There is no skill ${draft.skill}.`, {
        issues: [{ path: "skill", message: `one of ${desk.skills.map((skill) => skill.name).join(", ")}` }],
      });
    }
    if (draft.validFrom !== undefined && draft.validUntil !== undefined && draft.validUntil < draft.validFrom) {
      throw new InvalidError("knowledge.expires_before_start", "The article would end before it begins.", {
        issues: [{ path: "validUntil", message: "before validFrom" }],
      });
    }
  };

  const filter = pageQuery.extend({
    q: words(200).optional(),
    status: z.enum(["draft", "published"]).optional(),
    category: z.string().max(100).optional(),
    locale: z.string().max(35).optional(),
  });
  route(
    "get",
    "/v1/articles",
    {
      tag: "Knowledge",
      summary: "Articles, latest change first",
      access: "articles.read",
      query: filter,
      answer: listOf(articleShape),
    },
    async ({ actor, query }) => {
      const scope = `articles|${actor.shopId}`;
      const page = await desk.store.articles(
        actor.shopId,
        present({ ...query, cursor: await paging.open(query.cursor, scope) }),
      );
      return paging.close(page, scope, toArticleJson);
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
        status: z.enum(["draft", "published"]).optional(),
      }),
      status: 201,
      answer: articleShape,
    },
    async ({ actor, body }) => {
      const { id, status, ...rest } = body;
      const draft = toArticleDraft(rest);
      check(draft);
      const saved = await desk.store.saveArticle({
        shopId: actor.shopId,
        id: id ?? desk.newId("art"),
        draft,
        publish: status === "published",
        by: actor.name,
        now: desk.now(),
      });
      if (saved === undefined) throw new ConflictError("article.exists", "An article with this id exists.");
      desk.hub.wake(actor.shopId);
      return toArticleJson(saved);
    },
  );
  route(
    "get",
    "/v1/articles/{id}",
    { tag: "Knowledge", summary: "One article", access: "articles.read", params: idParams, answer: articleShape },
    async ({ c, actor, params }) => {
      const article = await load(actor, params.id);
      c.header("etag", `"${article.version}"`);
      return toArticleJson(article);
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
      body: articleBody
        .partial()
        .extend({
          status: z.enum(["draft", "published"]).optional(),
          validFrom: z.iso.datetime({ offset: true }).nullish(),
          validUntil: z.iso.datetime({ offset: true }).nullish(),
        }),
      answer: articleShape,
    },
    async ({ c, actor, params, body }) => {
      const current = await load(actor, params.id);
      const seen = ifMatch(c.req.header("if-match"));
      if (seen !== undefined && seen !== current.version)
        throw new PreconditionError(
          "article.version_changed",
          "Somebody else saved this article first.",
          toArticleJson(current),
        );
      const { status, ...change } = body;
      const draft = toArticleDraft({ ...toBody(current), ...present(change) });
      check(draft);
      const saved = await desk.store.saveArticle({
        shopId: actor.shopId,
        id: params.id,
        draft,
        seen: current.version,
        publish: status === "published",
        by: actor.name,
        now: desk.now(),
      });
      if (saved === undefined)
        throw new PreconditionError(
          "article.version_changed",
          "Somebody else saved this article first.",
          toArticleJson(await load(actor, params.id)),
        );
      desk.hub.wake(actor.shopId);
      c.header("etag", `"${saved.version}"`);
      return toArticleJson(saved);
    },
  );
  route(
    "delete",
    "/v1/articles/{id}",
    { tag: "Knowledge", summary: "Delete", access: "articles.write", params: idParams, status: 204 },
    async ({ actor, params }) => {
      if (!(await desk.store.deleteArticle({ shopId: actor.shopId, id: params.id, now: desk.now() }))) throw notFound();
      desk.hub.wake(actor.shopId);
    },
  );
  route(
    "post",
    "/v1/articles/{id}/publish",
    { tag: "Knowledge", summary: "Tell shoppers", access: "articles.write", params: idParams, answer: articleShape },
    async ({ actor, params }) => {
      check(await load(actor, params.id));
      const saved = await desk.store.publishArticle({
        shopId: actor.shopId,
        id: params.id,
        by: actor.name,
        now: desk.now(),
      });
      if (saved === undefined) throw notFound();
      desk.hub.wake(actor.shopId);
      return toArticleJson(saved);
    },
  );
  route(
    "get",
    "/v1/articles/{id}/versions",
    { tag: "Knowledge", summary: "Its versions, latest first", access: "articles.read", params: idParams },
    async ({ actor, params }) => {
      const article = await load(actor, params.id);
      const versions = await desk.store.articleVersions(actor.shopId, params.id);
      return {
        items: versions.map(({ version, at, by, published, draft }) =>
          present({
            version,
            at: iso(at),
            by,
            published,
            article: toArticleJson({ ...article, ...cleared, ...draft, version }),
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
      tag: "Knowledge",
      summary: "Publish an old version again",
      access: "articles.write",
      params: idParams,
      body: z.strictObject({ version: z.number().int().min(1) }),
      answer: articleShape,
    },
    async ({ actor, params, body }) => {
      const current = await load(actor, params.id);
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
        now: desk.now(),
      });
      if (saved === undefined)
        throw new PreconditionError(
          "article.version_changed",
          "Somebody else saved this article first.",
          toArticleJson(await load(actor, params.id)),
        );
      desk.hub.wake(actor.shopId);
      return toArticleJson(saved);
    },
  );

  route(
    "post",
    "/v1/knowledge/match",
    {
      tag: "Knowledge",
      summary: "What the bot would answer, and why",
      access: "knowledge.match",
      body: z.strictObject({
        text: z.string().max(20_000).transform(cleanText),
        locale: z.string().max(35).optional(),
        channel: z.string().max(50).optional(),
        limit: z.number().int().min(1).max(20).default(5),
      }),
    },
    async ({ actor, body }) => {
      const shop = await desk.shop(actor.shopId);
      const locale = body.locale ?? detectLocale(body.text);
      const { decision, matches } = await desk.knowledge.match({
        shopId: actor.shopId,
        text: body.text,
        limit: body.limit,
        now: desk.now(),
        ...(locale === undefined ? {} : { locale }),
      });
      return {
        decision,
        matches: matches.map(({ articleId, article, score, why, version }) => {
          const template = answerFor(article, present({ locale, channel: body.channel }));
          const rendered = desk.templates.render(template, {
            shop: { name: shop.name, hours: shop.rules.hours },
            contact: {},
          });
          return {
            articleId,
            question: article.question,
            answer: rendered.ok ? rendered.text : template,
            score: Math.round(score * 10_000) / 10_000,
            why,
            version,
          };
        }),
      };
    },
  );
  route(
    "post",
    "/v1/knowledge/import",
    {
      tag: "Knowledge",
      summary: "NDJSON or CSV; all or nothing",
      access: "articles.write",
      query: z.object({
        dryRun: z.enum(["0", "1"]).optional(),
        publish: z.enum(["0", "1"]).optional(),
        skipInvalid: z.enum(["0", "1"]).optional(),
      }),
      status: 202,
      answer: z.object({ taskId: z.string() }),
    },
    async ({ c, actor, query }) => {
      const type = (c.req.header("content-type") ?? "").split(";")[0]?.trim();
      const format =
        type === "text/csv"
          ? "csv"
          : type === "application/x-ndjson" || type === "application/ndjson"
            ? "ndjson"
            : undefined;
      if (format === undefined)
        throw new UnsupportedTypeError("request.type_not_allowed", "Send application/x-ndjson or text/csv.");
      const text = decodeUtf8(await readBytes(c.req.raw, IMPORT_LIMIT));
      const parsed = parseImport(text, format, { check, newId: desk.newId });
      const taskId = desk.newId("tsk");
      await desk.store.createTask({
        id: taskId,
        shopId: actor.shopId,
        kind: "knowledge.import",
        input: { by: actor.name },
        total: parsed.rows,
        now: desk.now(),
      });
      const options = {
        dryRun: query.dryRun === "1",
        publish: query.publish === "1",
        skipInvalid: query.skipInvalid === "1",
        by: actor.name,
      };
      desk.background(runImport(desk, { taskId, shopId: actor.shopId, parsed, ...options }));
      return { taskId };
    },
  );
  route(
    "get",
    "/v1/knowledge/export",
    {
      tag: "Knowledge",
      summary: "All articles as NDJSON or CSV",
      access: "articles.read",
      query: z.object({ format: z.enum(["ndjson", "csv"]).default("ndjson") }),
    },
    async ({ actor, query }) => {
      const body = exportArticles(desk, actor.shopId, query.format);
      return new Response(body, {
        headers: {
          "content-type": query.format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
          "content-disposition": `attachment; filename="articles.${query.format}"`,
          "cache-control": "no-store",
        },
      });
    },
  );
  route(
    "get",
    "/v1/knowledge/gaps",
    { tag: "Knowledge", summary: "What shoppers asked in vain, clustered", access: "articles.read", query: pageQuery },
    async ({ actor, query }) => ({
      items: clusterGaps(await desk.store.openGaps(actor.shopId, 2000))
        .slice(0, query.limit)
        .map(({ questionIds: _ids, ...gap }) => ({ ...gap, lastAt: iso(gap.lastAt) })),
      next: null,
    }),
  );
  route(
    "post",
    "/v1/knowledge/gaps/{id}/accept",
    {
      tag: "Knowledge",
      summary: "Add the questions to an article, or write a new one",
      access: "articles.write",
      params: idParams,
      body: z.union([z.strictObject({ articleId: z.string().max(200) }), z.strictObject({ article: articleBody })]),
    },
    async ({ actor, params, body }) => {
      const gap = clusterGaps(await desk.store.openGaps(actor.shopId, 2000)).find(({ id }) => id === params.id);
      if (gap === undefined) throw new NotFoundError("gap.not_found", "There is no such gap.");
      const current = "articleId" in body ? await load(actor, body.articleId) : undefined;
      const base = current ?? ("article" in body ? toArticleDraft(body.article) : undefined);
      if (base === undefined) throw notFound();
      const draft = {
        ...toArticleDraft(toBody(base)),
        phrasings: [...new Set([...base.phrasings, ...gap.questions])].slice(0, 200),
      };
      check(draft);
      const id = current?.id ?? desk.newId("art");
      const saved = await desk.store.saveArticle({
        shopId: actor.shopId,
        id,
        draft,
        publish: true,
        by: actor.name,
        now: desk.now(),
        ...(current === undefined ? {} : { seen: current.version }),
      });
      if (saved === undefined)
        throw new PreconditionError("article.version_changed", "Somebody else saved this article first.");
      await desk.store.settleGaps({ shopId: actor.shopId, ids: gap.questionIds, state: "accepted", articleId: id });
      desk.hub.wake(actor.shopId);
      return { article: toArticleJson(saved) };
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
      const gap = clusterGaps(await desk.store.openGaps(actor.shopId, 2000)).find(({ id }) => id === params.id);
      if (gap === undefined) throw new NotFoundError("gap.not_found", "There is no such gap.");
      await desk.store.settleGaps({ shopId: actor.shopId, ids: gap.questionIds, state: "ignored" });
    },
  );
  const synonymsShape = z.strictObject({
    synonyms: z
      .array(
        z
          .array(words(100).pipe(z.string().min(1)))
          .min(2)
          .max(50),
      )
      .max(2000),
    stopWords: z.array(words(50)).max(1000).default([]),
  });
  route(
    "get",
    "/v1/knowledge/synonyms",
    { tag: "Knowledge", summary: "The shop's own words", access: "articles.read", answer: synonymsShape },
    async ({ actor }) => {
      const { groups, stopWords } = await desk.store.synonyms(actor.shopId);
      return { synonyms: groups, stopWords };
    },
  );
  route(
    "put",
    "/v1/knowledge/synonyms",
    {
      tag: "Knowledge",
      summary: "Replace the shop's own words",
      access: "articles.write",
      body: synonymsShape,
      answer: synonymsShape,
    },
    async ({ actor, body }) => {
      await desk.store.saveSynonyms({
        shopId: actor.shopId,
        groups: body.synonyms,
        stopWords: body.stopWords,
        now: desk.now(),
      });
      return body;
    },
  );
  route(
    "get",
    "/v1/tasks/{id}",
    { tag: "Operations", summary: "How far a long task is", access: "tasks.read", params: idParams, answer: taskShape },
    async ({ actor, params }) => {
      const task = await desk.store.task(actor.shopId, params.id);
      if (task === undefined) throw new NotFoundError("task.not_found", "There is no such task.");
      return toTaskJson(task);
    },
  );
}

const cleared = {
  skill: undefined,
  category: undefined,
  locale: undefined,
  validFrom: undefined,
  validUntil: undefined,
};

/** `"3"`, `W/"3"` or a bare 3. @throws {InvalidError} for anything else */
function ifMatch(header: string | undefined): number | undefined {
  if (header === undefined || header === "*") return undefined;
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(header.trim())?.[1];
  if (version === undefined)
    throw new InvalidError("request.invalid", 'If-Match names the version you saw, such as "3".');
  return Number(version);
}

/** A draft as the body that would have made it. */
function toBody(draft: ArticleDraft): z.input<typeof articleBody> {
  const { question, phrasings, keywords, answer, answers, skill, category, locale, validFrom, validUntil } = draft;
  return present({
    question,
    phrasings: [...phrasings],
    keywords: [...keywords],
    answer,
    answers: answers.map((one) => ({ ...one })),
    skill,
    category,
    locale,
    validFrom: validFrom === undefined ? undefined : iso(validFrom),
    validUntil: validUntil === undefined ? undefined : iso(validUntil),
  });
}
