/** Many articles at once: moved, published, ended, handed over; and the categories they stand in. */
import { z } from "@hono/zod-openapi";
import { NotFoundError } from "../core/errors.ts";
import { CATEGORY_LEVELS, isCategory } from "../desk/article-body.ts";
import { changeArticles } from "../desk/bulk-articles.ts";
import { may } from "./access.ts";
import type { Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { refuseUnreviewed } from "./review.ts";

const ids = z.array(z.string().min(1).max(100)).min(1).max(200);
const reason = words(500).pipe(z.string().min(1)).optional();
const category = words(100).refine(isCategory, `at most ${CATEGORY_LEVELS} levels, separated by “/”`);
const bulkBody = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("move"), ids, category: category.nullable() }),
  z.strictObject({ action: z.literal("publish"), ids, reason }),
  z.strictObject({ action: z.literal("expire"), ids }),
  z.strictObject({ action: z.literal("assign"), ids, ownerId: z.string().min(1).max(200).nullable() }),
]);

export function articleBulkRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "post",
    "/v1/articles/bulk",
    {
      tag: "Knowledge",
      summary: "The same change to up to 200 articles; each goes by itself, and what could not go says why",
      access: "articles.write",
      body: bulkBody,
      answer: z.object({
        items: z.array(
          z.object({ id: z.string(), ok: z.boolean(), code: z.string().optional(), detail: z.string().optional() }),
        ),
      }),
    },
    async ({ c, actor, body }) => {
      const { shopId } = actor;
      if (body.action === "publish" || body.action === "expire") await refuseUnreviewed(http, c, actor);
      const wanted = [...new Set(body.ids)];
      if (body.action === "assign") {
        const ownerId = body.ownerId ?? undefined;
        if (ownerId !== undefined && !(await desk.store.users(shopId)).some(({ id }) => id === ownerId))
          throw new NotFoundError("user.not_found", "There is no such user.");
        await desk.store.setArticleOwner({ shopId, ids: wanted, ownerId, now: desk.now() });
        desk.hub.wake(shopId);
        return { items: wanted.map((id) => ({ id, ok: true })) };
      }
      const change =
        body.action === "move"
          ? { action: body.action, category: body.category ?? undefined }
          : present({ ...body, ids: undefined });
      const items = await changeArticles(desk, { shopId, by: actor.name, ids: wanted, change });
      const data = { ...change, ids: items.filter(({ ok }) => ok).map(({ id }) => id) };
      await desk.store.addAudit(auditOf(http, c, actor, { action: `article.bulk_${body.action}`, result: "ok", data }));
      desk.hub.wake(shopId);
      return { items };
    },
  );
  route(
    "get",
    "/v1/knowledge/categories",
    {
      tag: "Knowledge",
      summary: "The categories in use, with how many articles stand in each; levels are separated by “/”",
      access: "articles.read",
      answer: z.object({
        items: z.array(z.object({ category: z.string(), count: z.number().int() })),
        next: z.null(),
      }),
    },
    async ({ actor }) => ({ items: await desk.store.articleCategories(actor.shopId), next: null }),
  );
  route(
    "get",
    "/v1/knowledge/people",
    {
      tag: "Knowledge",
      summary: "Who can answer for an article or be given an unanswered question",
      access: "articles.read",
      answer: z.object({
        items: z.array(z.object({ id: z.string(), name: z.string(), role: z.string() })),
        next: z.null(),
      }),
    },
    async ({ actor }) => ({
      items: (await desk.store.users(actor.shopId))
        .filter((user) => user.disabledAt === undefined && may(user.role, "articles.read"))
        .map(({ id, name, role }) => ({ id, name, role })),
      next: null,
    }),
  );
}
