/** What a publish would break: the shop's must-hit and must-not-hit questions, other articles' own questions, and real ones. */
import type { ArticleDraft } from "../core/article.ts";
import { InvalidError } from "../core/errors.ts";
import type { ShadowKnowledge } from "../core/knowledge.ts";
import type { Review } from "../core/ports.ts";
import { type Fault, faultsOf } from "./check-draft.ts";
import { checkLinks } from "./check-links.ts";
import { referenceFaults } from "./check-references.ts";
import { checkWords, type WordRules } from "./check-words.ts";
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
    | "already_over"
    | "unresolved_variable"
    | "unknown_skill"
    | "invalid_pattern"
    | "expires_before_start"
    | "banned_word"
    | "missing_locale"
    | "stale_translation"
    | "dead_link"
    | "unknown_picture"
    | "unknown_group";
  /** `error`: not published. */
  readonly level: "error" | "warning";
  readonly detail: string;
  /** The question it is about. */
  readonly question?: string;
  /** The other article. */
  readonly articleId?: string;
  readonly otherQuestion?: string;
  /** The word, the language or the link it is about. */
  readonly word?: string;
  /** Between the two articles' scores. */
  readonly gap?: number;
}

export interface ArticleCheck {
  readonly ok: boolean;
  readonly checks: readonly Finding[];
}

/** An article as it would be told. */
interface Candidate {
  readonly id: string;
  readonly draft: ArticleDraft;
  /** The article is told to shoppers already: taking another's question is then a change for the worse. */
  readonly edits: boolean;
}

/** The shop's knowledge as it is and as it would be. */
interface Sides {
  readonly before: ShadowKnowledge;
  readonly after: ShadowKnowledge;
  readonly at: number;
  readonly changed: ReadonlyMap<string, ArticleDraft>;
}

interface Case extends Candidate, Sides {
  readonly rules: WordRules;
  readonly faults: readonly Fault[];
}

/** Scores nearer than this are easily confused. */
const TOO_CLOSE = 0.05;
const MAX_WORDINGS = 60;
const MAX_NEIGHBOURS = 40;
export const REPLAY_LIMIT = 5000;
/** Questions between two turns of the event loop: shoppers are asked in between. */
const AT_ONCE = 10;
/** What is looked at without asking anything, measured in questions. */
const QUICK = 0.03;
const DAY_MS = 86_400_000;

/** Counts what is asked; lets others have their turn after some. */
type Breathe = (asked?: number) => Promise<void>;
function createBreathe(): Breathe {
  let count = 0;
  return async (asked = 1) => {
    count += asked;
    if (count < AT_ONCE) return;
    count = 0;
    await new Promise<void>((resolve) => setTimeout(resolve));
  };
}

/** As if they were valid now: whether they answer well, not whether their time has come. */
async function withCases<T>(
  deps: Deps,
  { shopId, articles }: { readonly shopId: string; readonly articles: readonly Candidate[] },
  look: (opened: { readonly cases: readonly Case[]; readonly sides: Sides }) => Promise<T>,
): Promise<T> {
  const now = deps.now();
  const shop = await deps.shop(shopId);
  const { bannedWords, locales } = shop.rules;
  const drafts = articles.map(({ id, draft: { validFrom: _from, validUntil: _until, ...draft } }) => ({
    id,
    draft: searchable(deps, draft),
  }));
  const [before, after] = await Promise.all([
    deps.knowledge.shadow({ shopId, now, drafts: [] }),
    deps.knowledge.shadow({ shopId, now, drafts }),
  ]);
  const sides = { before, after, at: now, changed: new Map(articles.map(({ id, draft }) => [id, draft])) };
  const rules = { bannedWords, locales, locale: shop.locale };
  try {
    const cases: Case[] = [];
    const breathe = createBreathe();
    for (const article of articles) {
      const faults = [...faultsOf(deps, article.draft), ...(await referenceFaults(deps, shopId, article.draft))];
      cases.push({ ...article, ...sides, rules, faults });
      await breathe(QUICK);
    }
    return await look({ sides, cases });
  } finally {
    before.close();
    after.close();
  }
}

/** Without a pattern the engine does not take, which is a finding of its own. */
function searchable({ knowledge }: Deps, draft: ArticleDraft): ArticleDraft {
  const rules = draft.controls?.rules ?? [];
  const fine = rules.filter(({ kind, value }) => kind !== "pattern" || knowledge.refusesPattern(value) === undefined);
  return fine.length === rules.length ? draft : { ...draft, controls: { ...draft.controls, rules: fine } };
}

async function findingsOf(found: Case): Promise<Finding[]> {
  const breathe = createBreathe();
  return [
    ...faults(found),
    ...checkWords(found.draft, found.rules, found.at),
    ...(await tests(found, breathe)).map(({ finding }) => finding),
    ...(await taken(found, breathe)),
    ...(await wordings(found, breathe)),
  ];
}

const isOk = (checks: readonly Finding[]) => checks.every(({ level }) => level !== "error");

async function withCase<T>(
  deps: Deps,
  { shopId, ...article }: Candidate & { readonly shopId: string },
  look: (found: Case) => Promise<T>,
): Promise<T> {
  return withCases(deps, { shopId, articles: [article] }, async ({ cases: [found] }) => {
    if (found === undefined) throw new Error("There is a case for each article.");
    return look(found);
  });
}

export async function checkArticle(
  deps: Deps,
  input: Candidate & { readonly shopId: string; readonly links?: boolean },
): Promise<ArticleCheck> {
  const [found, links] = await Promise.all([
    withCase(deps, input, findingsOf),
    input.links === true ? checkLinks(deps, input.draft) : [],
  ]);
  const checks = [...found, ...links];
  return { ok: isOk(checks), checks };
}

/** With the shop's real questions of the last days. */
export async function checkWithReplay(
  deps: Deps,
  input: Candidate & { readonly shopId: string; readonly days: number },
): Promise<ArticleCheck & { readonly replay: Replay }> {
  const look = async (found: Case) => {
    const since = found.at - input.days * DAY_MS;
    const texts = await deps.store.questionsSince({ shopId: input.shopId, since, limit: REPLAY_LIMIT });
    const findings = await findingsOf(found);
    return { findings, replayed: await replay({ ...found, questions: countQuestions(texts) }) };
  };
  const [{ findings, replayed }, links] = await Promise.all([
    withCase(deps, input, look),
    checkLinks(deps, input.draft),
  ]);
  const checks = [...findings, ...links];
  return { ok: isOk(checks), checks, replay: toReplay(replayed) };
}

/**
 * Many at once, as if all of them were published: one copy of the index for all, and of each only what one question a piece tells. Gives
 * way to shoppers between. What is only worth knowing is looked for until `until`; what must not be is found in any case.
 */
export async function checkArticles(
  deps: Deps,
  input: { readonly shopId: string; readonly articles: readonly Candidate[]; readonly until?: number },
): Promise<ReadonlyMap<string, readonly Finding[]>> {
  return withCases(deps, input, async ({ cases, sides }) => {
    const found = new Map<string, Finding[]>(input.articles.map(({ id }) => [id, []]));
    const note = (id: string | undefined, findings: readonly Finding[]) => found.get(id ?? "")?.push(...findings);
    const late = () => input.until !== undefined && deps.now() > input.until;
    const breathe = createBreathe();
    for (const one of cases) {
      note(one.id, [...faults(one), ...checkWords(one.draft, one.rules, one.at)]);
      if (late()) await breathe(QUICK);
      else note(one.id, await wordings(one, breathe, 1));
    }
    for (const { finding, articleId, to } of await tests(sides, breathe))
      note(sides.changed.has(articleId) ? articleId : (to ?? input.articles[0]?.id), [finding]);
    const told = new Map(input.articles.map(({ id, edits }) => [id, edits]));
    // What makes way for the change itself, as starters do, has nothing taken from it.
    const stays = new Set([...sides.after.articles()].map(({ articleId }) => articleId));
    for (const { articleId, article } of sides.before.articles()) {
      if (late()) break;
      if (sides.changed.has(articleId) || !stays.has(articleId)) continue;
      const taker = takerOf(sides, article, article.question, articleId);
      if (taker !== undefined && told.has(taker))
        note(taker, [takes(article.question, { articleId, article }, told.get(taker) === true)]);
      await breathe(2);
    }
    return found;
  });
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
export async function refuseBroken(deps: Deps, input: Parameters<typeof checkArticle>[1]): Promise<readonly Finding[]> {
  const { checks } = await checkArticle(deps, input);
  refuse("knowledge.check_failed", checks, "error");
  return checks;
}

/** @throws {InvalidError} `knowledge.check_failed`; `knowledge.reason_required` where something was noticed and nobody says why it may stay */
export async function refuseUnreasoned(
  deps: Deps,
  { reason, ...input }: Parameters<typeof checkArticle>[1] & { readonly reason: string | undefined },
): Promise<Review> {
  const checks = await refuseBroken(deps, { ...input, links: true });
  if (reason === undefined) refuse("knowledge.reason_required", checks, "warning");
  return reviewOf(checks, reason);
}

/** What is kept with a version. */
export function reviewOf(checks: readonly Finding[], reason?: string): Review {
  const warnings = checks.filter(({ level }) => level === "warning").map(({ detail }) => detail.slice(0, 300));
  return { warnings: warnings.slice(0, 50), ...(reason === undefined ? {} : { reason }) };
}

function refuse(code: string, checks: readonly Finding[], level: Finding["level"]): void {
  const found = checks.filter((finding) => finding.level === level);
  const [first] = found;
  if (first === undefined) return;
  throw new InvalidError(code, first.detail, {
    issues: found.map(({ check, detail }) => ({ path: check, message: detail })),
  });
}

const FAULTS = {
  "knowledge.invalid_template": "unresolved_variable",
  "knowledge.unknown_skill": "unknown_skill",
  "knowledge.invalid_pattern": "invalid_pattern",
  "knowledge.expires_before_start": "expires_before_start",
  "knowledge.unknown_picture": "unknown_picture",
  "knowledge.unknown_group": "unknown_group",
} as const;

const faults = (found: Case): Finding[] =>
  found.faults.map(({ code, message }) => ({ check: FAULTS[code], level: "error", detail: message }));

interface Broken {
  readonly finding: Finding;
  /** Whose set it is, and who answers now. */
  readonly articleId: string;
  readonly to: string | undefined;
}

/** The changed articles' own sets must hold; another's must not break by this. */
async function tests({ changed, before, after, at }: Sides, breathe: Breathe): Promise<Broken[]> {
  const broken: Broken[] = [];
  const sets = [...after.articles()].map((other) => {
    const draft = changed.get(other.articleId);
    return draft === undefined ? other : { articleId: other.articleId, article: draft };
  });
  for (const { articleId, article } of sets) {
    const own = changed.has(articleId);
    const asked = (question: string) => askedAs(question, at, article.locale);
    const holds = (knowledge: ShadowKnowledge, question: string, hit: boolean) =>
      (answererOf(knowledge.match(asked(question)))?.articleId === articleId) === hit;
    const note = (check: "must_hit" | "must_not_hit", question: string) => {
      const to = answererOf(after.match(asked(question)));
      const detail =
        check === "must_hit"
          ? `“${question}” must be answered by “${article.question}”, and ${whoAnswers(to)}.`
          : `“${question}” must not be answered by “${article.question}”, and it is.`;
      const other = otherOf(own ? to : { articleId, question: article.question });
      broken.push({ articleId, to: to?.articleId, finding: { check, level: "error", detail, question, ...other } });
    };
    const breaks = (question: string, hit: boolean) =>
      !holds(after, question, hit) && (own || holds(before, question, hit));
    for (const question of article.tests?.mustHit ?? []) {
      if (breaks(question, true)) note("must_hit", question);
      await breathe(2);
    }
    for (const question of article.tests?.mustNotHit ?? []) {
      if (breaks(question, false)) note("must_not_hit", question);
      await breathe(2);
    }
  }
  return broken;
}

const whoAnswers = (to: Answerer | undefined) => (to === undefined ? "nothing answers it" : `“${to.question}” does`);
const otherOf = (other: Pick<Answerer, "articleId" | "question"> | undefined) =>
  other === undefined ? {} : { articleId: other.articleId, otherQuestion: other.question };

/** Questions of the articles near by that were theirs and would be this one's. */
async function taken({ id, draft, before, after, edits, at }: Case, breathe: Breathe): Promise<Finding[]> {
  const near = new Map<string, ArticleDraft>();
  for (const wording of [draft.question, ...draft.phrasings].slice(-MAX_WORDINGS)) {
    for (const { articleId, article } of before.match(askedAs(wording, at, draft.locale)).matches)
      if (articleId !== id && near.size < MAX_NEIGHBOURS) near.set(articleId, article);
    await breathe();
  }
  const found: Finding[] = [];
  for (const [articleId, article] of near) {
    for (const [place, question] of [article.question, ...article.phrasings.slice(0, 20)].entries()) {
      if (takerOf({ before, after, at }, article, question, articleId) === id)
        found.push(takes(question, { articleId, article }, edits && place === 0));
      await breathe(2);
    }
  }
  return found;
}

/** Who would answer a question that is an article's own so far. */
function takerOf(
  { before, after, at }: Pick<Sides, "before" | "after" | "at">,
  { locale }: ArticleDraft,
  question: string,
  articleId: string,
): string | undefined {
  const asked = askedAs(question, at, locale);
  if (answererOf(before.match(asked))?.articleId !== articleId) return undefined;
  const taker = answererOf(after.match(asked))?.articleId;
  return taker === articleId ? undefined : taker;
}

function takes(
  question: string,
  { articleId, article }: { readonly articleId: string; readonly article: ArticleDraft },
  breaks: boolean,
): Finding {
  const detail = `“${question}” is a question of “${article.question}”, and this article would answer it.`;
  const level = breaks ? "error" : "warning";
  return { check: "takes_question", level, detail, question, articleId, otherQuestion: article.question };
}

/** The article's own wordings that another answers, or nearly. */
async function wordings(found: Case, breathe: Breathe, most = MAX_WORDINGS): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const question of [found.draft.question, ...found.draft.phrasings].slice(0, most)) {
    findings.push(...elsewhere(found, question));
    await breathe();
  }
  return findings;
}

function elsewhere({ id, draft, after, at }: Case, question: string): Finding[] {
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
}
