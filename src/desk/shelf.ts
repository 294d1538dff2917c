/** A shop's published articles in memory: which version tells whom, what the index holds of it, and which of them answer at all. */
import { type ArticleControls, type ArticleDraft, isRolledOutTo, isValidAt, type Rollout } from "../core/article.ts";
import type { ArticleMatch, KnowledgeAnswer, Why } from "../core/knowledge.ts";
import type { PublishedChange } from "../core/ports.ts";
import { type Starters, startersStepBack } from "../core/starters.ts";

export interface EngineArticle extends Omit<ArticleControls, "keywordWeights"> {
  readonly id: string;
  readonly question: string;
  readonly phrasings: readonly string[];
  readonly keywords: readonly (string | { readonly term: string; readonly weight: number })[];
  readonly locale?: string;
}
export interface EngineIndex {
  match(
    text: string,
    options: {
      readonly limit: number;
      readonly locale?: string;
      readonly accept: (id: string) => boolean;
      readonly thresholds?: { readonly answer: number; readonly suggest: number };
    },
  ): {
    readonly decision: "answer" | "suggest" | "none";
    readonly matches: readonly { readonly articleId: string; readonly score: number; readonly why: readonly Why[] }[];
  };
  put(article: EngineArticle): void;
  remove(id: string): void;
  /** A compact copy for `Engine.restore`; made in passing where nothing was put in since the build. */
  snapshot?(): Uint8Array;
}

interface Told {
  readonly draft: ArticleDraft;
  readonly version: number;
}
/** What is told by one article: the published version, and the one on its way. */
export interface Entry {
  readonly published?: Told;
  readonly next?: Rollout;
  /** From a starter pack: the version that is the pack's own, 0 when none is. */
  readonly starterVersion?: number;
}
export type Entries = ReadonlyMap<string, Entry>;

/** What follows from all of the entries together. */
export interface Census {
  /** Published articles that came from no pack; from when on for those still on their way to everyone. */
  readonly ownFrom: readonly number[];
  /** Articles that answer only while starters do. */
  readonly starters: number;
  /** How many articles answer in each locale, with the starters and without. */
  readonly locales: ReadonlyMap<string, number>;
  readonly ownLocales: ReadonlyMap<string, number>;
}

/** The entries as one question is asked of them. */
export interface View {
  readonly index: EngineIndex;
  readonly entries: Pick<Entries, "get">;
  readonly locales: ReadonlyMap<string, number>;
  /** The starters have made way: what is the pack's still does not answer. */
  readonly stepBack: boolean;
  /** What the index calls a version. @default by the article's id, and `NEXT` after it for the one on its way */
  readonly over?: Overlay;
}

/** Edits in the live index under names that only who asks with them knows. */
export interface Overlay {
  readonly ids: ReadonlySet<string>;
  /** Follows the article's id. */
  readonly mark: string;
}

export interface Place {
  readonly locale?: string;
  readonly contactId?: string;
  readonly at: number;
}

/** No id may hold it; what follows says which version is meant. */
const MARK = "\u0000";
const NEXT = `${MARK}next`;
const articleOf = (key: string) => key.split(MARK, 1)[0] ?? key;
/** Of an overlay; no other has the same number. */
export const overlayMark = (number: number) => `${MARK}over${number}`;

export function toEntry({ published, version, next, starterVersion }: PublishedChange): Entry | undefined {
  if (published === undefined && next === undefined) return undefined;
  return {
    ...(published === undefined ? {} : { published: { draft: published, version: version ?? 1 } }),
    ...(next === undefined ? {} : { next }),
    ...(starterVersion === undefined ? {} : { starterVersion }),
  };
}

/** Tells two states of an article apart; a version is written once. */
export function stampOf(entry: Entry | undefined): string {
  const { published, next, starterVersion } = entry ?? {};
  return [published?.version, next?.version, next?.percent, next?.from, starterVersion].join(" ");
}

/** What is told is still the pack's, as nobody here has looked at it since. */
const isPacks = (entry: Entry | undefined, told: Told | undefined) =>
  told !== undefined && entry?.starterVersion === told.version && told.version > 0;

/** What the pack answers by a skill is the shop's own facts: it makes no promise of its own, and only gives way. */
const makesWay = (entry: Entry | undefined, told: Told | undefined) =>
  isPacks(entry, told) && told?.draft.skill === undefined;

export function countEntries(entries: Entries): Census {
  const ownFrom: number[] = [];
  const locales = new Map<string, number>();
  const ownLocales = new Map<string, number>();
  let starters = 0;
  const add = (map: Map<string, number>, locale: string | undefined) => {
    if (locale !== undefined) map.set(locale, (map.get(locale) ?? 0) + 1);
  };
  for (const entry of entries.values()) {
    const { published, next, starterVersion } = entry;
    for (const told of [published, next]) {
      add(locales, told?.draft.locale);
      if (!isPacks(entry, told)) add(ownLocales, told?.draft.locale);
    }
    if (starterVersion === undefined) {
      if (published !== undefined) ownFrom.push(Number.NEGATIVE_INFINITY);
      else if (next !== undefined && next.percent >= 100) ownFrom.push(next.from);
    } else if (makesWay(entry, published)) starters += 1;
  }
  return { ownFrom, starters, locales, ownLocales };
}

/** Whether the starters have made way for what the shop wrote itself. */
export function doStartersStepBack(setting: Starters | undefined, { ownFrom }: Census, now: number): boolean {
  return startersStepBack(
    setting ?? "auto",
    ownFrom.reduce((count, from) => count + (from <= now ? 1 : 0), 0),
  );
}

export const localesOf = ({ locales, ownLocales }: Census, stepBack: boolean) => (stepBack ? ownLocales : locales);

/** The version a contact is told at a time: the one place that says who answers. */
export function toldTo(
  entry: Entry | undefined,
  articleId: string,
  { stepBack, ...place }: Pick<Place, "contactId" | "at"> & { readonly stepBack: boolean },
): Told | undefined {
  const { next, published } = entry ?? {};
  const told = next !== undefined && isRolledOutTo(next, { articleId, ...place }) ? next : published;
  return stepBack && makesWay(entry, told) ? undefined : told;
}

/** What the index holds of an article; nothing of those that have stepped back, since it learns from all it holds. */
export function toEngineArticles(id: string, entry: Entry | undefined, stepBack: boolean): EngineArticle[] {
  const { published, next } = entry ?? {};
  return [
    ...(published === undefined || (stepBack && makesWay(entry, published))
      ? []
      : [toEngineArticle(id, published.draft)]),
    ...(next === undefined ? [] : [toEngineArticle(`${id}${NEXT}`, next.draft)]),
  ];
}

export const toOverlaid = ({ mark }: Overlay, id: string, draft: ArticleDraft) =>
  toEngineArticle(`${id}${mark}`, draft);

/** Puts an article into an index as it is told now, whatever the index held of it. */
export function replaceIn(index: EngineIndex, id: string, articles: readonly EngineArticle[]): void {
  for (const key of [id, `${id}${NEXT}`]) if (!articles.some((article) => article.id === key)) index.remove(key);
  for (const article of articles) index.put(article);
}

export function wordingsOf(articles: readonly EngineArticle[]): number {
  return articles.reduce(
    (sum, { phrasings, counterExamples }) => sum + 1 + phrasings.length + (counterExamples?.length ?? 0),
    0,
  );
}

type Question = { readonly text: string } & Omit<Parameters<EngineIndex["match"]>[1], "accept" | "locale">;

const SURENESS = { none: 0, suggest: 1, answer: 2 } as const;

/** Where the starters have made way, those that are left are heard only where the shop's own are less sure. */
export function ask(view: View, question: Question, place: Place): KnowledgeAnswer {
  const all = askFor(view, question, place, () => true);
  const { entries, stepBack } = view;
  const isStarter = (id: string, told: Told) => isPacks(entries.get(id), told);
  const [best] = all.matches;
  if (!stepBack || best === undefined || !isStarter(best.articleId, { draft: best.article, version: best.version }))
    return all;
  const own = askFor(view, question, place, (id, told) => !isStarter(id, told));
  return SURENESS[own.decision] < SURENESS[all.decision] ? all : own;
}

function askFor(
  { index, entries, locales, stepBack, over }: View,
  { text, ...options }: Question,
  place: Place,
  isHeard: (id: string, told: Told) => boolean,
): KnowledgeAnswer {
  const speaks = localeFilter(locales, place.locale);
  const told = (id: string) => toldTo(entries.get(id), id, { ...place, stepBack });
  const { decision, matches } = index.match(text, {
    ...options,
    ...(place.locale === undefined ? {} : { locale: place.locale }),
    accept: (key) => {
      const id = articleOf(key);
      const version = told(id);
      if (version === undefined || !isHeard(id, version)) return false;
      if (!isValidAt(version.draft, place.at) || !speaks(version.draft.locale)) return false;
      // Of several versions only the contact's own side may be found.
      const mark = over?.ids.has(id) ? over.mark : version === entries.get(id)?.next ? NEXT : "";
      return key === `${id}${mark}`;
    },
  });
  return {
    decision,
    matches: matches.flatMap(({ articleId: key, score, why }): ArticleMatch[] => {
      const articleId = articleOf(key);
      const version = told(articleId);
      return version === undefined ? [] : [{ articleId, version: version.version, article: version.draft, score, why }];
    }),
  };
}

function toEngineArticle(id: string, draft: ArticleDraft): EngineArticle {
  const { keywordWeights = {}, ...controls } = draft.controls ?? {};
  return {
    id,
    question: draft.question,
    phrasings: draft.phrasings,
    keywords: draft.keywords.map((term) => {
      const weight = keywordWeights[term];
      return weight === undefined ? term : { term, weight };
    }),
    ...controls,
    ...(draft.locale === undefined ? {} : { locale: draft.locale }),
  };
}

/** Articles of the asked locale and those of none; where the shop has nothing in that locale, the language, then all. */
function localeFilter(
  locales: ReadonlyMap<string, number>,
  locale: string | undefined,
): (locale: string | undefined) => boolean {
  if (locale === undefined) return () => true;
  const language = locale.split("-")[0] ?? locale;
  if (locales.has(locale)) return (own) => own === undefined || own === locale || own === language;
  const related = [...locales.keys()].some((own) => own.split("-")[0] === language);
  return related ? (own) => own === undefined || own.split("-")[0] === language : () => true;
}
