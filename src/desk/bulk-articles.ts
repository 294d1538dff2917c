/** The same change to many articles; each goes by itself, and who could not says why. */
import type { ArticleDraft } from "../core/article.ts";
import type { ArticleSave, StoredArticle } from "../core/ports.ts";
import { checkArticles, reviewOf } from "./check-article.ts";
import type { Deps } from "./deps.ts";

export type BulkChange =
  | { readonly action: "move"; readonly category: string | undefined }
  | { readonly action: "publish"; readonly reason?: string }
  | { readonly action: "expire" };

export interface BulkOutcome {
  readonly id: string;
  readonly ok: boolean;
  readonly code?: string;
  readonly detail?: string;
}

interface Bulk {
  readonly shopId: string;
  readonly by: string;
}

const gone = (id: string): BulkOutcome => ({
  id,
  ok: false,
  code: "article.not_found",
  detail: "There is no such article.",
});
const changedMeanwhile = (id: string): BulkOutcome => ({
  id,
  ok: false,
  code: "article.version_changed",
  detail: "Somebody else saved this article first.",
});

export async function changeArticles(
  deps: Deps,
  { ids, change, ...bulk }: Bulk & { readonly ids: readonly string[]; readonly change: BulkChange },
): Promise<readonly BulkOutcome[]> {
  const found = await Promise.all(ids.map(async (id) => ({ id, article: await deps.store.article(bulk.shopId, id) })));
  const there = found.flatMap(({ article }) => article ?? []);
  const missing = found.filter(({ article }) => article === undefined).map(({ id }) => gone(id));
  if (change.action === "publish") return [...missing, ...(await publishAll(deps, bulk, there, change.reason))];
  const done: BulkOutcome[] = [];
  for (const article of there)
    done.push(
      change.action === "move"
        ? await move(deps, bulk, article, change.category)
        : await expire(deps, bulk, article, deps.now()),
    );
  return [...missing, ...done];
}

const draftOf = ({ published: _published, next: _next, ...article }: StoredArticle): ArticleDraft => {
  const { id: _id, shopId: _shop, status: _status, version: _version, publishedVersion: _told, ...rest } = article;
  const { ownerId: _owner, starterVersion: _starter, review: _review, sentBack: _back, ...kept } = rest;
  const { createdAt: _created, updatedAt: _updated, ...draft } = kept;
  return draft;
};

async function save(
  deps: Deps,
  { shopId, by }: Bulk,
  input: Pick<ArticleSave, "id" | "draft" | "publish" | "isStarter" | "keepsReview"> & { readonly seen: number },
): Promise<boolean> {
  return (await deps.store.saveArticle({ shopId, by, now: deps.now(), ...input })) !== undefined;
}

/** Shoppers see no category, so what they are told moves along where the working copy is what they are told. */
async function move(
  deps: Deps,
  bulk: Bulk,
  article: StoredArticle,
  category: string | undefined,
): Promise<BulkOutcome> {
  const { category: _old, ...rest } = draftOf(article);
  const draft = { ...rest, ...(category === undefined ? {} : { category }) };
  const { id, version: seen, starterVersion = 0 } = article;
  const publish = article.status === "published";
  // What a starter pack says is the pack's still, wherever the shop keeps it.
  const isStarter = publish && starterVersion > 0 && starterVersion === article.publishedVersion;
  return (await save(deps, bulk, { id, draft, seen, publish, isStarter })) ? { id, ok: true } : changedMeanwhile(id);
}

/** What shoppers are told ends now; edits under way stay edits under way. */
async function expire(deps: Deps, bulk: Bulk, article: StoredArticle, now: number): Promise<BulkOutcome> {
  const { id } = article;
  const ended = (draft: ArticleDraft): ArticleDraft => {
    const { validFrom, ...rest } = draft;
    return { ...rest, ...(validFrom !== undefined && validFrom <= now ? { validFrom } : {}), validUntil: now };
  };
  const draft = ended(draftOf(article));
  const told = article.next?.draft ?? article.published;
  if (told === undefined || article.status === "published")
    return (await save(deps, bulk, { id, draft, seen: article.version, publish: told !== undefined }))
      ? { id, ok: true }
      : changedMeanwhile(id);
  const end = { id, draft: ended(told), seen: article.version, publish: true, keepsReview: true };
  if (!(await save(deps, bulk, end))) return changedMeanwhile(id);
  await save(deps, bulk, { id, draft, seen: article.version + 1, publish: false });
  return { id, ok: true };
}

async function publishAll(
  deps: Deps,
  { shopId, by }: Bulk,
  articles: readonly StoredArticle[],
  reason: string | undefined,
): Promise<BulkOutcome[]> {
  const waiting = articles.filter(({ status }) => status !== "published");
  const done = articles.filter(({ status }) => status === "published").map(({ id }): BulkOutcome => ({ id, ok: true }));
  if (waiting.length === 0) return done;
  const candidates = waiting.map((article) => ({
    id: article.id,
    draft: draftOf(article),
    edits: article.publishedVersion !== undefined,
  }));
  const checked = await checkArticles(deps, { shopId, articles: candidates });
  for (const { id, version } of waiting) {
    const findings = checked.get(id) ?? [];
    const red = findings.find(({ level }) => level === "error");
    const [amber] = findings.filter(({ level }) => level === "warning");
    if (red !== undefined) done.push({ id, ok: false, code: "knowledge.check_failed", detail: red.detail });
    else if (amber !== undefined && reason === undefined)
      done.push({ id, ok: false, code: "knowledge.reason_required", detail: amber.detail });
    else {
      const review = reviewOf(findings, reason);
      const saved = await deps.store.publishArticle({ shopId, id, by, seen: version, review, now: deps.now() });
      done.push(saved === undefined ? changedMeanwhile(id) : { id, ok: true });
    }
  }
  return done;
}
