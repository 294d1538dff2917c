import type { ArticleDraft } from "../core/article.ts";
import { ConflictError, NotFoundError } from "../core/errors.ts";
import type { Deps } from "./deps.ts";

/** How long an import can be undone. */
const UNDO_MS = 3 * 86_400_000;

export interface Undone {
  /** Put back as they were. */
  readonly restored: number;
  /** New with the import: deleted again. */
  readonly removed: number;
  /** Somebody's own work since: left alone. */
  readonly kept: number;
}

/**
 * With `untold` only where shoppers are told nothing of what it wrote; otherwise nothing is undone and the answer is undefined.
 * @throws {NotFoundError} `import.not_found` {ConflictError} `import.too_late`
 */
export async function undoImport(
  deps: Deps,
  input: { readonly shopId: string; readonly batchId: string; readonly by: string; readonly untold?: boolean },
): Promise<Undone | undefined> {
  const { shopId, batchId, by, untold = false } = input;
  const now = deps.now();
  const items = await deps.store.importItems(shopId, batchId);
  const [first] = items;
  if (first === undefined) throw new NotFoundError("import.not_found", "There is no such import to undo.");
  if (now - first.at > UNDO_MS)
    throw new ConflictError("import.too_late", "An import can be undone for three days, and this one is older.");
  if (untold)
    for (const { articleId, publishedBefore } of items) {
      const article = await deps.store.article(shopId, articleId);
      if (publishedBefore !== undefined || article?.published !== undefined || article?.next !== undefined)
        return undefined;
    }
  /** What a starter pack says is the pack's again when the import is taken back. */
  const saysVersion = async (wanted: number, id: string, published: ArticleDraft | undefined) => {
    const found = (await deps.store.articleVersions(shopId, id)).find(({ version }) => version === wanted);
    return JSON.stringify(found?.draft) === JSON.stringify(published);
  };
  const undone = { restored: 0, removed: 0, kept: 0 };
  for (const { articleId: id, draftBefore, publishedBefore, version } of items) {
    const article = await deps.store.article(shopId, id);
    if (article === undefined || article.version !== version) undone.kept += 1;
    else if (draftBefore === undefined) {
      // Published between the look and now: left alone.
      if (await deps.store.deleteArticle({ shopId, id, untold, now })) undone.removed += 1;
      else undone.kept += 1;
    } else {
      // First what shoppers were told, then the working copy where it was another.
      const was = JSON.stringify(draftBefore) === JSON.stringify(publishedBefore);
      const { starterVersion = 0 } = article;
      const isStarter = starterVersion > 0 && (await saysVersion(starterVersion, id, publishedBefore));
      const save = (draft: typeof draftBefore, seen: number, publish: boolean) =>
        deps.store.saveArticle({
          shopId,
          id,
          draft,
          seen,
          publish,
          by,
          isStarter: publish && isStarter,
          keepsReview: !was,
          now,
        });
      if (publishedBefore !== undefined) await save(publishedBefore, version, true);
      if (!was) await save(draftBefore, publishedBefore === undefined ? version : version + 1, false);
      undone.restored += 1;
    }
  }
  return undone;
}
