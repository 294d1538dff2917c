import { NotFoundError, PreconditionError } from "../core/errors.ts";
import type { StoredArticle } from "../core/ports.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { toArticleJson } from "./present.ts";

/** Unknown, deleted, or another shop's. */
export const noArticle = () => new NotFoundError("article.not_found", "There is no such article.");

/** @throws {NotFoundError} `article.not_found` */
export async function loadArticle({ desk }: HttpDeps, actor: Actor, id: string): Promise<StoredArticle> {
  const article = await desk.store.article(actor.shopId, id);
  if (article === undefined) throw noArticle();
  return article;
}

/** What a save answers that came second, with what the first one saved. */
export const savedMeanwhile = ({ desk }: HttpDeps, current: StoredArticle) =>
  new PreconditionError(
    "article.version_changed",
    "Somebody else saved this article first.",
    toArticleJson(current, desk.now()),
  );
