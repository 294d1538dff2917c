/** An import as a task: looked at first, then written, and taken back whole where it cannot be. */
import type { ArticleDraft } from "../core/article.ts";
import { NotFoundError } from "../core/errors.ts";
import { MAX_ERRORS, type ParsedImport } from "./articles.ts";
import type { Deps } from "./deps.ts";
import { duplicatesOf, reviewImport, tracked, withKnown } from "./import-review.ts";
import { undoImport } from "./undo-import.ts";

/** Rows written in one transaction: on SQLite nobody else is served meanwhile. */
const CHUNK = 250;

export async function runImport(
  deps: Deps,
  input: {
    readonly taskId: string;
    readonly shopId: string;
    readonly parsed: ParsedImport;
    readonly dryRun: boolean;
    readonly publish: boolean;
    readonly skipInvalid: boolean;
    readonly by: string;
    readonly ownerId?: string;
  },
): Promise<void> {
  const { taskId, shopId } = input;
  const update = (patch: Parameters<Deps["store"]["updateTask"]>[1]) => deps.store.updateTask(taskId, patch);
  try {
    const before = await deps.store.draftsOf(
      shopId,
      input.parsed.articles.map(({ id }) => id),
    );
    const { parsed, warnings } = await reviewImport(deps, {
      ...input,
      parsed: await withKnown(deps, shopId, tracked(input.parsed, before)),
    });
    const refused = parsed.errors.length > 0 && !input.skipInvalid;
    const known = parsed.articles.filter(({ id }) => before.has(id));
    const same = known.filter(({ id, draft }) => isSame(before.get(id)?.draft, draft)).length;
    const duplicates = duplicatesOf(parsed);
    const startersSteppedBack = input.publish ? await makeWay(deps, shopId, parsed) : 0;
    const result = {
      new: parsed.articles.length - known.length,
      changed: known.length - same,
      unchanged: same,
      duplicate: duplicates.length,
      invalid: parsed.errors.length,
      ...(input.publish ? { warnings: warnings.length } : {}),
      ...(startersSteppedBack === 0 ? {} : { startersSteppedBack }),
      imported: refused || input.dryRun ? 0 : parsed.articles.length,
      dryRun: input.dryRun,
      ...(refused || input.dryRun ? {} : { batchId: taskId }),
    };
    // A duplicate is worth a look and stops nothing.
    const errors = [...parsed.errors, ...warnings, ...duplicates].slice(0, MAX_ERRORS);
    if (refused || input.dryRun) {
      await update({
        state: refused ? "failed" : "done",
        done: parsed.rows,
        result,
        errors,
        now: deps.now(),
      });
      return;
    }
    await update({ state: "running", done: 0, now: deps.now() });
    await importAll(deps, { ...input, parsed });
    // Looked up now, so that the first shopper after it does not wait for the new index.
    await deps.knowledge.starters({ shopId, now: deps.now() }).catch((error: unknown) => {
      deps.log.warn({ err: error, taskId }, "what was imported will be indexed with the next question");
    });
    await update({ state: "done", done: parsed.rows, result, errors, now: deps.now() });
  } catch (error) {
    deps.log.error({ err: error, taskId }, "an import failed");
    // Chunks before the one that failed are taken back.
    await undoImport(deps, { shopId, batchId: taskId, by: input.by }).catch((cause: unknown) => {
      if (!(cause instanceof NotFoundError))
        deps.log.error({ err: cause, taskId }, "a failed import was not taken back");
    });
    await update({
      state: "failed",
      errors: [{ code: "internal", message: "The import could not be written; nothing of it was kept." }],
      now: deps.now(),
    });
  }
  deps.hub.wake(shopId);
}

/** How many starters answer nobody any more once this is published. */
async function makeWay(deps: Deps, shopId: string, { articles }: ParsedImport): Promise<number> {
  const at = { shopId, now: deps.now() };
  const before = await deps.knowledge.starters(at);
  return before.stepBack ? 0 : (await deps.knowledge.starters({ ...at, drafts: articles })).steppedBack;
}

function isSame(before: ArticleDraft | undefined, draft: ArticleDraft): boolean {
  return before !== undefined && canonical(before) === canonical(draft);
}

/** As text with its keys in order, however the row was written. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** One transaction up to a size every engine takes; above it chunks, each all or nothing. */
async function importAll(
  deps: Deps,
  { shopId, parsed, publish, by, ownerId, taskId }: Parameters<typeof runImport>[1],
): Promise<void> {
  for (let at = 0; at < parsed.articles.length; at += CHUNK) {
    await deps.store.saveArticles({
      shopId,
      batchId: taskId,
      articles: parsed.articles.slice(at, at + CHUNK),
      publish,
      by,
      ...(ownerId === undefined ? {} : { ownerId }),
      now: deps.now(),
    });
    await deps.store.updateTask(taskId, { done: Math.min(at + CHUNK, parsed.rows), now: deps.now() });
  }
}
