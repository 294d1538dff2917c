/** From unanswered questions to answers: the clusters, what accepting one would change, and what it saved. */
import type { ArticleDraft } from "../core/article.ts";
import { NotFoundError } from "../core/errors.ts";
import type { Deps } from "./deps.ts";
import { clusterGaps, type Gap } from "./gap-clusters.ts";
import { type Replayed, replay } from "./replay.ts";

const QUESTIONS = 1000;
const ASKS = 20_000;
const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;

/** What shoppers asked in vain, the costliest matter first. */
export async function gapsOf(deps: Deps, shopId: string): Promise<Gap[]> {
  const now = deps.now();
  const [questions, asks, shop] = await Promise.all([
    deps.store.openGaps(shopId, QUESTIONS),
    deps.store.gapAsksSince({ shopId, since: now - 30 * DAY_MS, limit: ASKS }),
    deps.shop(shopId),
  ]);
  const likeness = await deps.knowledge.alike({ shopId, texts: questions.map(({ text }) => text), now });
  return clusterGaps({ questions, likeness, asks, handleMinutes: shop.rules.handleMinutes, now });
}

/** By any of its wordings, since the leading one may have changed meanwhile. @throws {NotFoundError} `gap.not_found` */
export async function gapOf(deps: Deps, shopId: string, id: string): Promise<Gap> {
  const gap = (await gapsOf(deps, shopId)).find(({ questionIds }) => questionIds.includes(id));
  if (gap === undefined) throw new NotFoundError("gap.not_found", "There is no such gap.");
  return gap;
}

/** The article with the gap's wordings, or those of them that were picked. */
export function withQuestions(base: ArticleDraft, gap: Gap, picked?: readonly string[]): ArticleDraft {
  const questions = picked === undefined ? gap.questions : gap.questions.filter((one) => picked.includes(one));
  return { ...base, phrasings: [...new Set([...base.phrasings, ...questions])].slice(0, 500) };
}

/** What accepting would change: of the cluster's own questions, and of the last week's unanswered ones. */
export interface Proof {
  readonly cluster: Counted & { readonly questions: readonly Replayed[] };
  readonly lastWeek: Counted;
}
interface Counted {
  readonly total: number;
  /** Answered by any article, before and after. */
  readonly before: number;
  readonly after: number;
}

export async function proveGap(
  deps: Deps,
  input: { readonly shopId: string; readonly gap: Gap; readonly articleId: string; readonly draft: ArticleDraft },
): Promise<Proof> {
  const { shopId, gap, articleId, draft } = input;
  const at = deps.now();
  const [before, after, asks] = await Promise.all([
    deps.knowledge.shadow({ shopId, now: at, drafts: [] }),
    deps.knowledge.shadow({ shopId, now: at, drafts: [{ id: articleId, draft }] }),
    deps.store.gapAsksSince({ shopId, since: at - WEEK_MS, limit: ASKS }),
  ]);
  const week = new Map<string, number>();
  for (const { text } of asks) week.set(text, (week.get(text) ?? 0) + 1);
  const ownQuestions = new Map(gap.questions.map((question) => [question, week.get(question) ?? 1]));
  const [own, lastWeek] = await Promise.all([
    replay({ questions: ownQuestions, before, after, at }),
    replay({ questions: week, before, after, at }),
  ]).finally(() => {
    before.close();
    after.close();
  });
  const wordings = (side: "from" | "to") => own.filter((one) => one[side] !== undefined).length;
  const askings = (side?: "from" | "to") =>
    lastWeek.reduce((sum, one) => sum + (side === undefined || one[side] !== undefined ? one.count : 0), 0);
  return {
    cluster: { total: own.length, before: wordings("from"), after: wordings("to"), questions: own },
    lastWeek: { total: askings(), before: askings("from"), after: askings("to") },
  };
}

/** What an accepted gap has saved since. */
export interface Learned {
  readonly articleId: string;
  readonly question: string;
  readonly acceptedAt: number;
  readonly wordings: number;
  /** Askings in vain before, and the share of them people had to answer. */
  readonly askedBefore: number;
  readonly transferRateBefore: number;
  readonly answeredSince: number;
  readonly handedOverSince: number;
  readonly savedMinutes: number;
  /** The same over the first fourteen days, which is what was promised. */
  readonly twoWeeks: {
    readonly answered: number;
    readonly handedOver: number;
    readonly savedMinutes: number;
    /** The fourteen days are over. */
    readonly complete: boolean;
  };
}

export async function learnedOf(deps: Deps, shopId: string, limit: number): Promise<Learned[]> {
  const [gaps, shop] = await Promise.all([deps.store.learnedGaps(shopId, limit), deps.shop(shopId)]);
  const drafts = await deps.store.draftsOf(shopId, [...new Set(gaps.map(({ articleId }) => articleId))]);
  return Promise.all(
    gaps.flatMap(({ articleId, settledAt, wordings, askings, transfers }) => {
      const draft = drafts.get(articleId)?.draft;
      if (draft === undefined) return [];
      const count = async (): Promise<Learned> => {
        const transferRateBefore = askings === 0 ? 0 : transfers / askings;
        const between = async (until?: number) => {
          const asked = {
            shopId,
            articleIds: [articleId],
            since: settledAt,
            ...(until === undefined ? {} : { until }),
          };
          const figures = await deps.store.articleFigures(asked);
          const answered = figures.reduce((sum, { hits }) => sum + hits, 0);
          const handedOver = figures.reduce((sum, { handoffs }) => sum + handoffs, 0);
          const avoided = Math.max(0, answered * transferRateBefore - handedOver);
          return { answered, handedOver, savedMinutes: Math.round(avoided * shop.rules.handleMinutes) };
        };
        const promised = settledAt + 2 * WEEK_MS;
        const [all, twoWeeks] = await Promise.all([between(), between(promised)]);
        return {
          articleId,
          question: draft.question,
          acceptedAt: settledAt,
          wordings,
          askedBefore: askings,
          transferRateBefore,
          answeredSince: all.answered,
          handedOverSince: all.handedOver,
          savedMinutes: all.savedMinutes,
          twoWeeks: { ...twoWeeks, complete: deps.now() >= promised },
        };
      };
      return [count()];
    }),
  );
}
