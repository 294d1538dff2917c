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

/** @throws {NotFoundError} `import.not_found` {ConflictError} `import.too_late` */
export async function undoImport(
  deps: Deps,
  { shopId, batchId, by }: { readonly shopId: string; readonly batchId: string; readonly by: string },
): Promise<Undone> {
  const now = deps.now();
  const items = await deps.store.importItems(shopId, batchId);
  const [first] = items;
  if (first === undefined) throw new NotFoundError("import.not_found", "There is no such import to undo.");
  if (now - first.at > UNDO_MS)
    throw new ConflictError("import.too_late", "An import can be undone for three days, and this one is older.");
  const undone = { restored: 0, removed: 0, kept: 0 };
  for (const { articleId: id, draftBefore, publishedBefore, version } of items) {
    const article = await deps.store.article(shopId, id);
    if (article === undefined || article.version !== version) undone.kept += 1;
    else if (draftBefore === undefined) {
      await deps.store.deleteArticle({ shopId, id, now });
      undone.removed += 1;
    } else {
      // First what shoppers were told, then the working copy where it was another.
      const was = JSON.stringify(draftBefore) === JSON.stringify(publishedBefore);
      const save = (draft: typeof draftBefore, seen: number, publish: boolean) =>
        deps.store.saveArticle({ shopId, id, draft, seen, publish, by, now });
      if (publishedBefore !== undefined) await save(publishedBefore, version, true);
      if (!was) await save(draftBefore, publishedBefore === undefined ? version : version + 1, false);
      undone.restored += 1;
    }
  }
  return undone;
}
