import type { ArticleFields } from "../api/types.ts";

/** Edits not saved yet, kept on this browser with what they were made from. */
interface LocalCopy {
  readonly baseVersion: number;
  readonly base: ArticleFields;
  readonly fields: ArticleFields;
}

const nameOf = (articleId: string) => `xiaoer.article.${articleId}`;

export function readLocalCopy(articleId: string): LocalCopy | undefined {
  try {
    const saved: unknown = JSON.parse(localStorage.getItem(nameOf(articleId)) ?? "null");
    // Written by us below; anything else has no `fields`.
    return typeof saved === "object" && saved !== null && "fields" in saved && "base" in saved
      ? (saved as LocalCopy)
      : undefined;
  } catch {
    return undefined;
  }
}

export function writeLocalCopy(articleId: string, copy: LocalCopy | undefined): void {
  try {
    if (copy === undefined) localStorage.removeItem(nameOf(articleId));
    else localStorage.setItem(nameOf(articleId), JSON.stringify(copy));
  } catch {
    // Storage full or forbidden: the edits live in the tab.
  }
}
