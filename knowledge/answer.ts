import { calibrated, readSignals, SIGNAL_COUNT, SIGNALS } from "./calibrate.ts";
import { type Candidates, createScratch, gather, ROOM, type Scratch } from "./candidates.ts";
import { createComparer } from "./compare.ts";
import { type Asked, type KeywordHit, type RuleHit, readAsked } from "./controls.ts";
import type { Knowledge } from "./engine.ts";
import { type Comparer, FEATURE_COUNT, FEATURES } from "./features.ts";
import { FEATURE_WEIGHTS, SIGNAL_WEIGHTS } from "./fitted.ts";
import { DEFAULT_THRESHOLDS, type Match, type MatchOptions, type MatchResult, type Why } from "./match.ts";
import { normalize } from "./normalize.ts";
import { isLong, type Passage, tellingPassages } from "./passages.ts";
import { type Query, readQuery } from "./query.ts";
import { describe, FEATURE_ROOM, type Ranked, rank } from "./rank.ts";
import { variantsOf } from "./support.ts";
import { findVerbatim, holdsWording, isWrittenAlike } from "./verbatim.ts";
import { explain, rounded } from "./why.ts";

/** Room that every question uses again. */
export interface Workspace {
  readonly scratch: Scratch;
  readonly comparer: Comparer;
  readonly features: Float32Array;
  readonly signals: Float64Array;
}

export function createWorkspace(): Workspace {
  return {
    scratch: createScratch(),
    comparer: createComparer(),
    features: new Float32Array(FEATURE_ROOM),
    signals: new Float64Array(SIGNAL_COUNT),
  };
}

const featureWeights = FEATURES.map((name) => FEATURE_WEIGHTS[name]);
const signalWeights = SIGNALS.map((name) => SIGNAL_WEIGHTS[name]);
const DEFAULT_LIMIT = 3;
const RULE_SCORES: Readonly<Record<number, number>> = { 3: 1, 2: 0.98, 1: 0.97 };
/** A phrasing repeated word for word; the same when several articles hold it; one that differs in fillers only. */
const VERBATIM_SCORE = 0.99;
const TWIN_SCORE = 0.9;
const SAME_SCORE = 0.97;
/** What a keyword of weight 1 takes away from the doubt. */
const KEYWORD_FORCE = 0.35;
/** What a passage that tells is worth next to one that asks. */
const TOLD = 0.5;
const PRIORITY_STEP = 0.05;
const OTHER_LANGUAGE = 0.5;
/** Of articles of one wording, the one in the shopper's own script, whatever else speaks for the other. */
const SAME_SCRIPT = 1000;

export function answer(knowledge: Knowledge, workspace: Workspace, text: string, options: MatchOptions): MatchResult {
  const { corpus, controls } = knowledge;
  const thresholds = options.thresholds ?? DEFAULT_THRESHOLDS;
  const limit = options.limit ?? DEFAULT_LIMIT;
  const normal = normalize(text);
  if (normal === "" || corpus.ids.length === 0 || limit < 1) return { decision: "none", matches: [] };
  const isAllowed = createGate(knowledge, readAsked(corpus.concepts, normal), options);
  const rules = bestRules(controls.rules(normal, text), knowledge).filter((r) => isAllowed(r.article));
  const written = text.toLowerCase();
  const passages = readPassages(corpus, normal);
  const isPassage = passages.length > 1;
  const scored = passages.map((passage): Found => {
    const query = readQuery(corpus, passage.text);
    const keywords = controls.keywords(query).filter((k) => isAllowed(k.article));
    const scoring = { query, text, written, isPassage, keywords, isAllowed, options, limit };
    return { asks: passage.asks, matches: score(knowledge, workspace, scoring) };
  });
  const matches = [
    ...rules.map((rule) => ruleMatch(knowledge, rule)),
    ...merge(scored).filter((m) => !rules.some((r) => corpus.ids[r.article] === m.articleId)),
  ].slice(0, limit);
  const best = matches[0]?.score ?? 0;
  const decision = best >= thresholds.answer ? "answer" : best >= thresholds.suggest ? "suggest" : "none";
  return { decision, matches };
}

/** The text itself, or the passages of a long one that may be its question. */
function readPassages(corpus: Knowledge["corpus"], normal: string): readonly Passage[] {
  const isPlain = !isLong(normal) || holdsWording(corpus, normal);
  return isPlain ? [{ text: normal, asks: true }] : tellingPassages(corpus, normal);
}

interface Found {
  readonly asks: boolean;
  readonly matches: readonly Match[];
}

/** What each passage found, the surest first; in a story what is only told is seldom the question. */
function merge(found: readonly Found[]): readonly Match[] {
  if (found.length === 1) return found[0]?.matches ?? [];
  const all = found.flatMap(({ asks, matches }) =>
    asks ? matches : matches.map((match) => ({ ...match, score: rounded(match.score * TOLD) })),
  );
  const best = new Map<string, Match>();
  for (const match of all.sort((a, b) => b.score - a.score))
    if (!best.has(match.articleId)) best.set(match.articleId, match);
  return [...best.values()];
}

/** Whether an article may be returned; asked once per article and question. */
function createGate({ corpus, controls, counters }: Knowledge, asked: () => Asked, { accept }: MatchOptions) {
  const known = new Map<number, boolean>();
  return (article: number): boolean => {
    const before = known.get(article);
    if (before !== undefined) return before;
    const owner = counters.get(article) ?? article;
    const open =
      corpus.alive.data[article] === 1 &&
      controls.isOpen(owner, asked) &&
      (accept === undefined || accept(corpus.ids[owner] ?? ""));
    known.set(article, open);
    return open;
  };
}

interface Scoring {
  readonly query: Query;
  readonly text: string;
  /** The text in lower case. */
  readonly written: string;
  readonly isPassage: boolean;
  readonly keywords: readonly KeywordHit[];
  readonly isAllowed: (article: number) => boolean;
  readonly options: MatchOptions;
  readonly limit: number;
}

function score(knowledge: Knowledge, { scratch, comparer, features, signals }: Workspace, scoring: Scoring): Match[] {
  const { corpus } = knowledge;
  const { query, keywords } = scoring;
  const candidates = gather(corpus, query, scratch, scoring.isAllowed, scoring.isPassage);
  const verbatim = findVerbatim(corpus, query, scoring.isAllowed);
  for (const variant of verbatim.values()) addCandidate(candidates, variant, 1);
  addKeywordCandidates(knowledge, candidates, keywords);
  if (candidates.count === 0) return [];
  features.fill(0, 0, candidates.count * FEATURE_COUNT);
  describe(corpus, query, candidates, comparer, features);
  const ranked = adjust(knowledge, rank(corpus, candidates, features, featureWeights), { ...scoring, verbatim });
  let before = 1;
  return ranked.slice(0, Math.max(scoring.limit, 3)).map((one, place): Match => {
    readSignals(corpus, query, comparer, ranked, place, features, signals);
    const phrasing = corpus.texts[one.variant] ?? "";
    const doubt = 1 - calibrated(signals, signalWeights);
    const own = keywords.filter((k) => k.article === one.article);
    const force = own.reduce((sum, k) => sum + k.weight, 0);
    const least = verbatim.has(one.article)
      ? verbatim.size === 1
        ? VERBATIM_SCORE
        : TWIN_SCORE
      : place === 0 && isSame(corpus, one.variant, query)
        ? SAME_SCORE
        : 0;
    // The order is that of the comparison; what is behind another is never surer.
    const sure = Math.min(before, Math.max(1 - doubt * Math.exp(-KEYWORD_FORCE * force), least));
    before = sure;
    const why = [...keywordWhy(query, own), ...explain(query, comparer, scoring.written)];
    return { articleId: corpus.ids[one.article] ?? "", score: rounded(sure), phrasing, why };
  });
}

/** Whether the variant has exactly the symbols of the question. */
function isSame({ symbolEnd, symbols }: Knowledge["corpus"], variant: number, query: Query): boolean {
  const from = variant === 0 ? 0 : (symbolEnd.data[variant - 1] ?? 0);
  const length = (symbolEnd.data[variant] ?? 0) - from;
  if (length !== query.at.length) return false;
  return query.at.every((symbol, i) => query.distinct[symbol]?.token === symbols.data[from + i]);
}

/** Articles whose keyword was used, though none of their phrasings resembles the question. */
function addKeywordCandidates({ corpus }: Knowledge, candidates: Candidates, keywords: readonly KeywordHit[]): void {
  if (keywords.length === 0) return;
  const present = new Set<number>();
  for (let c = 0; c < candidates.count; c++) present.add(corpus.article.data[candidates.variant[c] ?? 0] ?? 0);
  const heaviest = [...keywords].sort((a, b) => b.weight - a.weight);
  for (const { article } of heaviest) {
    if (candidates.count === ROOM) return;
    if (present.has(article) || variantsOf(corpus, article) === 0) continue;
    present.add(article);
    addCandidate(candidates, corpus.firstVariant.data[article] ?? 0, 0);
  }
}

function addCandidate(candidates: Candidates, variant: number, similarity: number): void {
  if (candidates.variant.subarray(0, candidates.count).includes(variant)) return;
  candidates.variant[candidates.count] = variant;
  candidates.similarity[candidates.count++] = similarity;
}

interface Adjusting extends Scoring {
  /** From an article to its phrasing that is the question word for word. */
  readonly verbatim: ReadonlyMap<number, number>;
}

/** Applies keywords, priority, language and counter-examples to the order; what was asked word for word goes first. */
function adjust(
  { corpus, controls, counters }: Knowledge,
  ranked: Ranked[],
  { keywords, options, verbatim, text }: Adjusting,
): Ranked[] {
  const forces = new Map<number, number>();
  for (const { article, weight } of keywords) forces.set(article, (forces.get(article) ?? 0) + weight);
  const language = options.locale === undefined ? undefined : languageOf(options.locale);
  const idOf = (one: Ranked) => corpus.ids[one.article] ?? "";
  const strength = (one: Ranked) => (verbatim.has(one.article) ? Number.POSITIVE_INFINITY : one.raw);
  const against = new Map<number, number>();
  for (const one of ranked) {
    const owner = counters.get(one.article);
    if (owner !== undefined) against.set(owner, Math.max(strength(one), against.get(owner) ?? -Infinity));
  }
  const change = ({ article }: Ranked) => {
    const extras = controls.extrasOf(article);
    const priority = Math.max(-10, Math.min(10, extras?.priority ?? 0)) * PRIORITY_STEP;
    const foreign = language !== undefined && extras?.locale !== undefined && languageOf(extras.locale) !== language;
    return priority + (forces.get(article) ?? 0) - (foreign ? OTHER_LANGUAGE : 0);
  };
  const alike = (variant: number) => verbatim.size > 1 && isWrittenAlike(corpus.texts[variant] ?? "", text);
  return ranked
    .filter((one) => !counters.has(one.article) && strength(one) > (against.get(one.article) ?? -Infinity))
    .map((one) => {
      const changed = change(one);
      const variant = verbatim.get(one.article);
      const lead = variant === undefined ? Number.NEGATIVE_INFINITY : changed + (alike(variant) ? SAME_SCRIPT : 0);
      return { ...one, variant: variant ?? one.variant, raw: one.raw + changed, lead };
    })
    .sort((a, b) => compareNumbers(b.lead, a.lead) || b.raw - a.raw || compareIds(idOf(a), idOf(b)));
}

/** Infinite ones too. */
const compareNumbers = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0);
const compareIds = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function languageOf(locale: string): string {
  return locale.toLowerCase().split(/[-_]/)[0] ?? "";
}

/** One hit per article, the strictest rule first, then priority. */
function bestRules(hits: readonly RuleHit[], { controls, corpus }: Knowledge): RuleHit[] {
  const priority = (hit: RuleHit) => controls.extrasOf(hit.article)?.priority ?? 0;
  const sorted = [...hits].sort(
    (a, b) =>
      b.rank - a.rank ||
      priority(b) - priority(a) ||
      b.value.length - a.value.length ||
      compareIds(corpus.ids[a.article] ?? "", corpus.ids[b.article] ?? ""),
  );
  return sorted.filter((hit, i) => sorted.findIndex((other) => other.article === hit.article) === i);
}

function ruleMatch({ corpus }: Knowledge, { article, value, rank: strictness }: RuleHit): Match {
  const why: Why[] = [{ term: value, via: "rule", weight: 1 }];
  return { articleId: corpus.ids[article] ?? "", score: RULE_SCORES[strictness] ?? 0.97, phrasing: value, why };
}

function keywordWhy({ normal, symbols }: Query, hits: readonly KeywordHit[]): Why[] {
  return hits.map(({ start, length, weight }) => ({
    term: normal.slice(symbols.start[start], symbols.end[start + length - 1]),
    via: "keyword",
    weight: rounded(Math.min(1, weight)),
  }));
}
