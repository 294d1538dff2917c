/** What a publish would break: the shop's must-hit and must-not-hit questions, other articles' own questions, and real ones. */
import type { ArticleDraft } from "../core/article.ts";
import { InvalidError } from "../core/errors.ts";
import type { ShadowKnowledge } from "../core/knowledge.ts";
import type { Deps } from "./deps.ts";
import { type Answerer, answererOf, askedAs, countQuestions, type Replayed, replay } from "./replay.ts";

export interface Finding {
  readonly check:
    | "must_hit"
    | "must_not_hit"
    | "takes_question"
    | "phrasing_elsewhere"
    | "close"
    | "empty_answer"
    | "already_over";
  /** `error`: not published. */
  readonly level: "error" | "warning";
  readonly detail: string;
  /** The question it is about. */
  readonly question?: string;
  /** The other article. */
  readonly articleId?: string;
  readonly otherQuestion?: string;
  /** Between the two articles' scores. */
  readonly gap?: number;
}

export interface ArticleCheck {
  readonly ok: boolean;
  readonly checks: readonly Finding[];
}

interface Case {
  readonly id: string;
  readonly draft: ArticleDraft;
  readonly before: ShadowKnowledge;
  readonly after: ShadowKnowledge;
  /** The article is told to shoppers already: taking another's question is then a change for the worse. */
  readonly edits: boolean;
  readonly at: number;
}

/** Scores nearer than this are easily confused. */
const TOO_CLOSE = 0.05;
const MAX_WORDINGS = 60;
const MAX_NEIGHBOURS = 40;
const REPLAY_LIMIT = 5000;
const DAY_MS = 86_400_000;

/** As if it were valid now: whether it answers well, not whether its time has come. */
async function openCase(
  deps: Deps,
  {
    shopId,
    id,
    draft,
    edits,
  }: { readonly shopId: string; readonly id: string; readonly draft: ArticleDraft; readonly edits: boolean },
): Promise<Case> {
  const now = deps.now();
  const { validFrom: _from, validUntil: _until, ...timeless } = draft;
  const [before, after] = await Promise.all([
    deps.knowledge.shadow({ shopId, now, drafts: [] }),
    deps.knowledge.shadow({ shopId, now, drafts: [{ id, draft: timeless }] }),
  ]);
  return { id, draft, before, after, edits, at: now };
}

function findingsOf(found: Case): Finding[] {
  return [...standing(found), ...tests(found), ...taken(found), ...wordings(found)];
}

export async function checkArticle(
  deps: Deps,
  input: { readonly shopId: string; readonly id: string; readonly draft: ArticleDraft; readonly edits: boolean },
): Promise<ArticleCheck> {
  const checks = findingsOf(await openCase(deps, input));
  return { ok: checks.every(({ level }) => level !== "error"), checks };
}

/** With the shop's real questions of the last days. */
export async function checkWithReplay(
  deps: Deps,
  input: Parameters<typeof checkArticle>[1] & { readonly days: number },
): Promise<ArticleCheck & { readonly replay: Replay }> {
  const found = await openCase(deps, input);
  const checks = findingsOf(found);
  const since = found.at - input.days * DAY_MS;
  const texts = await deps.store.questionsSince({ shopId: input.shopId, since, limit: REPLAY_LIMIT });
  const replayed = await replay({ ...found, questions: countQuestions(texts) });
  return { ok: checks.every(({ level }) => level !== "error"), checks, replay: toReplay(replayed) };
}

export interface Replay {
  readonly total: number;
  readonly changed: readonly Replayed[];
  /** Answered before, not any more; and the other way round. */
  readonly lost: number;
  readonly gained: number;
}

export function toReplay(replayed: readonly Replayed[]): Replay {
  const changed = replayed.filter(({ from, to }) => from?.articleId !== to?.articleId);
  return {
    total: replayed.length,
    changed,
    lost: changed.filter(({ to }) => to === undefined).length,
    gained: changed.filter(({ from }) => from === undefined).length,
  };
}

/** @throws {InvalidError} `knowledge.check_failed`, naming each question a publish would break */
export async function refuseBroken(deps: Deps, input: Parameters<typeof checkArticle>[1]): Promise<void> {
  const { checks } = await checkArticle(deps, input);
  const errors = checks.filter(({ level }) => level === "error");
  const [first] = errors;
  if (first === undefined) return;
  throw new InvalidError("knowledge.check_failed", first.detail, {
    issues: errors.map(({ check, detail }) => ({ path: check, message: detail })),
  });
}

function standing({ draft, at }: Case): Finding[] {
  const findings: Finding[] = [];
  if (draft.answer.trim() === "" && draft.skill === undefined)
    findings.push({ check: "empty_answer", level: "error", detail: "The article has no answer." });
  if (draft.validUntil !== undefined && draft.validUntil < at)
    findings.push({ check: "already_over", level: "warning", detail: "The article's time is over already." });
  return findings;
}

/** The article's own sets must hold; another's must not break by this. */
function tests({ id, draft, before, after, at }: Case): Finding[] {
  const findings: Finding[] = [];
  const sets = [...after.articles()].map((other) =>
    other.articleId === id ? { articleId: id, article: draft } : other,
  );
  for (const { articleId, article } of sets) {
    const asked = (question: string) => askedAs(question, at, article.locale);
    const holds = (knowledge: ShadowKnowledge, question: string, hit: boolean) =>
      (answererOf(knowledge.match(asked(question)))?.articleId === articleId) === hit;
    const note = (check: "must_hit" | "must_not_hit", question: string) => {
      const to = answererOf(after.match(asked(question)));
      const detail =
        check === "must_hit"
          ? `“${question}” must be answered by “${article.question}”, and ${whoAnswers(to)}.`
          : `“${question}” must not be answered by “${article.question}”, and it is.`;
      findings.push({
        check,
        level: "error",
        detail,
        question,
        ...otherOf(articleId === id ? to : { articleId, question: article.question }),
      });
    };
    const breaks = (question: string, hit: boolean) =>
      !holds(after, question, hit) && (articleId === id || holds(before, question, hit));
    for (const question of article.tests?.mustHit ?? []) if (breaks(question, true)) note("must_hit", question);
    for (const question of article.tests?.mustNotHit ?? []) if (breaks(question, false)) note("must_not_hit", question);
  }
  return findings;
}

const whoAnswers = (to: Answerer | undefined) => (to === undefined ? "nothing answers it" : `“${to.question}” does`);
const otherOf = (other: Pick<Answerer, "articleId" | "question"> | undefined) =>
  other === undefined ? {} : { articleId: other.articleId, otherQuestion: other.question };

/** Questions of the articles near by that were theirs and would be this one's. */
function taken({ id, draft, before, after, edits, at }: Case): Finding[] {
  const near = new Map<string, ArticleDraft>();
  for (const wording of [draft.question, ...draft.phrasings].slice(-MAX_WORDINGS))
    for (const { articleId, article } of before.match(askedAs(wording, at, draft.locale)).matches)
      if (articleId !== id && near.size < MAX_NEIGHBOURS) near.set(articleId, article);
  return [...near].flatMap(([articleId, article]) =>
    [article.question, ...article.phrasings.slice(0, 20)].flatMap((question, place): Finding[] => {
      const asked = askedAs(question, at, article.locale);
      if (answererOf(before.match(asked))?.articleId !== articleId) return [];
      if (answererOf(after.match(asked))?.articleId !== id) return [];
      const detail = `“${question}” is a question of “${article.question}”, and this article would answer it.`;
      const level = edits && place === 0 ? "error" : "warning";
      return [{ check: "takes_question", level, detail, question, articleId, otherQuestion: article.question }];
    }),
  );
}

/** The article's own wordings that another answers, or nearly. */
function wordings({ id, draft, after, at }: Case): Finding[] {
  return [draft.question, ...draft.phrasings].slice(0, MAX_WORDINGS).flatMap((question): Finding[] => {
    const [first, second] = after.match(askedAs(question, at, draft.locale)).matches;
    const other = first?.articleId === id ? second : first;
    if (first === undefined || other === undefined) return [];
    const told = { question, articleId: other.articleId, otherQuestion: other.article.question };
    if (first.articleId !== id) {
      const detail = `“${question}” finds “${other.article.question}” first.`;
      return [{ check: "phrasing_elsewhere", level: "warning", detail, ...told }];
    }
    const gap = first.score - other.score;
    if (gap >= TOO_CLOSE) return [];
    const detail = `“${question}” is only ${gap.toFixed(2)} away from “${other.article.question}”.`;
    return [{ check: "close", level: "warning", detail, gap, ...told }];
  });
}
