/** What other words for the whole shop would change: the real questions of the last days, and the articles' own test questions. */
import type { ShadowKnowledge, Words } from "../core/knowledge.ts";
import { REPLAY_LIMIT, type Replay, toReplay } from "./check-article.ts";
import type { Deps } from "./deps.ts";
import { answererOf, askedAs, countQuestions, replay } from "./replay.ts";

const DAY_MS = 86_400_000;

export interface BrokenTest {
  readonly question: string;
  readonly articleId: string;
  /** The question of the article it is a test of. */
  readonly articleQuestion: string;
  readonly check: "must_hit" | "must_not_hit";
}

export async function checkSynonyms(
  deps: Deps,
  { shopId, words, days }: { readonly shopId: string; readonly words: Words; readonly days: number },
): Promise<{ readonly tests: readonly BrokenTest[]; readonly replay: Replay }> {
  const now = deps.now();
  const [before, after, texts] = await Promise.all([
    deps.knowledge.shadow({ shopId, now, drafts: [] }),
    deps.knowledge.shadow({ shopId, now, drafts: [], words }),
    deps.store.questionsSince({ shopId, since: now - days * DAY_MS, limit: REPLAY_LIMIT }),
  ]);
  try {
    const replayed = await replay({ before, after, at: now, questions: countQuestions(texts) });
    return { tests: brokenTests({ before, after, at: now }), replay: toReplay(replayed) };
  } finally {
    before.close();
    after.close();
  }
}

/** Tests that hold as it is and would not any more. */
function brokenTests(sides: {
  readonly before: ShadowKnowledge;
  readonly after: ShadowKnowledge;
  readonly at: number;
}): BrokenTest[] {
  return [...sides.after.articles()].flatMap(({ articleId, article }) => {
    const breaks = (question: string, hit: boolean) => {
      const asked = askedAs(question, sides.at, article.locale);
      const hits = (knowledge: ShadowKnowledge) => answererOf(knowledge.match(asked))?.articleId === articleId;
      return hits(sides.before) === hit && hits(sides.after) !== hit;
    };
    const { mustHit = [], mustNotHit = [] } = article.tests ?? {};
    const named = { articleId, articleQuestion: article.question };
    return [
      ...mustHit
        .filter((one) => breaks(one, true))
        .map((question) => ({ ...named, question, check: "must_hit" as const })),
      ...mustNotHit
        .filter((one) => breaks(one, false))
        .map((question) => ({ ...named, question, check: "must_not_hit" as const })),
    ];
  });
}
