import type { Allowed } from "./candidates.ts";
import type { Corpus } from "./corpus.ts";
import { normalize, withoutFolding } from "./normalize.ts";
import type { Query } from "./query.ts";
import { lookUp } from "./vocabulary.ts";
import { wordingHash, wordingOf } from "./wording.ts";

/** More articles than this that hold one wording are as good as any of these. */
const MOST = 8;

/** The phrasing of each article that is the question word for word, whatever its script, width, case and punctuation. */
export function findVerbatim(corpus: Corpus, query: Query, allowed: Allowed): Map<number, number> {
  const found = new Map<number, number>();
  const { whole } = query;
  if (whole < 0) return found;
  const wording = wordingOf(query.normal);
  const look = (variant: number) => {
    const article = corpus.article.data[variant] ?? 0;
    if (found.size === MOST || found.has(article) || !allowed(article)) return;
    // Hashes agree; the texts have the last word.
    if (wordingOf(normalize(corpus.texts[variant] ?? "")) === wording) found.set(article, variant);
  };
  const { postings, postingEnd, pending, posted } = corpus;
  if (whole + 1 < postingEnd.length)
    for (let p = postingEnd[whole] ?? 0; p < (postingEnd[whole + 1] ?? 0); p++) look(postings[p] ?? 0);
  // Of the tokens of a text the one for the whole comes last.
  for (let i = 0; i < pending.length; i++) if (pending[i]?.at(-1) === whole) look(posted + i);
  return found;
}

/** Whether two texts are the same in their own script too: of twins in two scripts the shopper's goes first. */
export function isWrittenAlike(one: string, other: string): boolean {
  return wordingOf(withoutFolding(one)) === wordingOf(withoutFolding(other));
}

export function holdsWording({ vocabulary }: Corpus, normal: string): boolean {
  return lookUp(vocabulary, wordingHash(normal)) >= 0;
}
