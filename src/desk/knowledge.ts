/** The shop's published articles in memory, caught up with the rows at most a second late on every process. */
import { type ArticleControls, type ArticleDraft, isRolledOutTo, isValidAt, type Rollout } from "../core/article.ts";
import type { ArticleMatch, Knowledge, KnowledgeAnswer, Why } from "../core/knowledge.ts";
import type { PublishedChange, Store } from "../core/ports.ts";
import type { ShopSettings } from "../core/shop.ts";

/** What the desk needs of an engine; `knowledge/` is one, and any with this shape will do. */
export interface Engine {
  build(articles: Iterable<EngineArticle>, dictionary: Dictionary): EngineIndex;
  /** The same in steps of a few milliseconds, between which others are served. */
  readonly buildInSteps?: (
    articles: Iterable<EngineArticle>,
    dictionary: Dictionary,
  ) => Iterator<undefined, EngineIndex, undefined>;
  /** Why a pattern is refused, as a sentence; undefined when it is fine. */
  readonly validatePattern?: (pattern: string) => string | undefined;
}
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
}

/** How old the answers may be: well inside the five seconds promised. */
const FRESH_FOR_MS = 1000;
/** Clocks of several machines disagree a little; what changed this long before the last look is read again. */
const OVERLAP_MS = 10_000;
/** More changes than this are built anew instead of put in one by one. */
const REBUILD_FROM = 200;

interface Told {
  readonly draft: ArticleDraft;
  readonly version: number;
}
/** What is told by one article: the published version, and the one on its way. */
interface Entry {
  readonly published?: Told;
  readonly next?: Rollout;
}

/** A build that takes longer was given up with the request that began it (a Worker's ends with its visitor). */
const GIVEN_UP_AFTER_MS = 30_000;

/** The index names the version on its way by the article's id and this, which no id may hold. */
const NEXT = "\u0000next";
const isNext = (key: string) => key.endsWith(NEXT);
const articleOf = (key: string) => (isNext(key) ? key.slice(0, -NEXT.length) : key);

interface Dictionary {
  readonly synonyms: readonly (readonly string[])[];
  readonly stopWords: readonly string[];
}

interface Shelf {
  index: EngineIndex;
  entries: Map<string, Entry>;
  /** How many articles answer in each locale. */
  locales: Map<string, number>;
  mark: number;
  synonymsAt: number;
  dictionary: Dictionary;
  checkedAt: number;
  refreshing?: Promise<void>;
  /** Articles put into the index since it was built. */
  put: number;
  /** More has changed than the index holds. */
  isStale: boolean;
  building?: Building;
}

/** An index on its way. */
interface Building {
  readonly since: number;
  readonly done: Promise<void>;
  /** Put in one by one as soon as it is whole. */
  readonly late: Set<string>;
  /** Too much has changed since it was begun. */
  isOutdated: boolean;
}

interface Place {
  readonly locale?: string;
  readonly contactId?: string;
  readonly at: number;
}

export function createKnowledge(deps: {
  readonly store: Pick<Store, "articlesChangedAfter" | "synonyms">;
  readonly engine: Engine;
  readonly settings: (shopId: string) => Promise<Pick<ShopSettings, "thresholds">>;
}): Knowledge {
  const { engine } = deps;
  const shelves = new Map<string, Promise<Shelf>>();

  async function load(shopId: string, now: number): Promise<Shelf> {
    const [changes, synonyms] = await Promise.all([
      deps.store.articlesChangedAfter(shopId, 0),
      deps.store.synonyms(shopId),
    ]);
    const shelf: Shelf = {
      index: engine.build([], { synonyms: [], stopWords: [] }),
      entries: new Map(),
      locales: new Map(),
      mark: 0,
      synonymsAt: synonyms.changedAt,
      dictionary: { synonyms: synonyms.groups, stopWords: synonyms.stopWords },
      checkedAt: now,
      put: 0,
      isStale: true,
    };
    for (const change of changes) {
      shelf.mark = Math.max(shelf.mark, change.mark);
      keep(shelf.entries, change);
    }
    shelf.locales = countLocales(shelf.entries);
    await rebuild(shelf, now);
    return shelf;
  }

  /** The index there was answers until the new one is whole. */
  function rebuild(shelf: Shelf, now: number): Promise<void> {
    const { building } = shelf;
    if (building !== undefined && Math.abs(now - building.since) < GIVEN_UP_AFTER_MS) {
      building.isOutdated = true;
      return building.done;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const begun: Building = { since: now, done: promise, late: new Set(), isOutdated: false };
    shelf.building = begun;
    build(shelf, begun).then(resolve, reject);
    return promise;
  }

  async function build(shelf: Shelf, building: Building): Promise<void> {
    try {
      do {
        building.isOutdated = false;
        building.late.clear();
        shelf.put = 0;
        const index = await built(engine, [...shelf.entries].flatMap(toEngineArticles), shelf.dictionary);
        if (shelf.building !== building) return; // Given up, and begun again.
        for (const id of building.late) replaceIn(index, id, shelf.entries.get(id));
        shelf.index = index;
      } while (building.isOutdated);
      shelf.isStale = false;
    } finally {
      if (shelf.building === building) delete shelf.building;
    }
  }

  /** Returns whether there is reason to build the index anew. */
  async function refresh(shopId: string, shelf: Shelf, now: number): Promise<boolean> {
    const [changes, synonyms] = await Promise.all([
      deps.store.articlesChangedAfter(shopId, Math.min(shelf.mark, shelf.checkedAt - OVERLAP_MS)),
      deps.store.synonyms(shopId),
    ]);
    const newer = changes.filter((change) => stampOf(shelf.entries.get(change.id)) !== stampOf(toEntry(change)));
    for (const change of newer) keep(shelf.entries, change);
    shelf.mark = Math.max(shelf.mark, ...changes.map((change) => change.mark));
    shelf.checkedAt = now;
    const hasNewWords = synonyms.changedAt !== shelf.synonymsAt;
    if (hasNewWords) {
      shelf.synonymsAt = synonyms.changedAt;
      shelf.dictionary = { synonyms: synonyms.groups, stopWords: synonyms.stopWords };
    }
    if (newer.length > 0) shelf.locales = countLocales(shelf.entries);
    shelf.put += newer.length;
    if (hasNewWords || (newer.length > 0 && shelf.put >= REBUILD_FROM)) {
      shelf.isStale = true;
      return true;
    }
    for (const { id } of newer) {
      replaceIn(shelf.index, id, shelf.entries.get(id));
      shelf.building?.late.add(id);
    }
    // One that failed or was given up.
    return shelf.isStale && shelf.building === undefined;
  }

  async function fresh(shopId: string, now: number): Promise<Shelf> {
    let loading = shelves.get(shopId);
    if (loading === undefined) {
      loading = load(shopId, now);
      shelves.set(shopId, loading);
      // A failed load is tried again by the next question, not remembered.
      loading.catch(() => shelves.delete(shopId));
    }
    const shelf = await loading;
    if (Math.abs(now - shelf.checkedAt) >= FRESH_FOR_MS) await refreshNow(shopId, shelf, now);
    return shelf;
  }

  /** Whoever finds that much has changed waits until it answers; the others are answered meanwhile. */
  async function refreshNow(shopId: string, shelf: Shelf, now: number): Promise<void> {
    if (shelf.refreshing !== undefined) return shelf.refreshing;
    let mustBuild = false;
    shelf.refreshing = refresh(shopId, shelf, now)
      .then((must) => {
        mustBuild = must;
      })
      .finally(() => {
        delete shelf.refreshing;
      });
    await shelf.refreshing;
    if (mustBuild) await rebuild(shelf, now);
  }

  return {
    async match({ shopId, text, locale, limit = 5, contactId, draft, now, at = now }) {
      const [shelf, { thresholds }] = await Promise.all([fresh(shopId, now), deps.settings(shopId)]);
      const place = {
        at,
        ...(locale === undefined ? {} : { locale }),
        ...(contactId === undefined ? {} : { contactId }),
      };
      const question = { text, limit, ...(thresholds === undefined ? {} : { thresholds }) };
      return draft === undefined ? ask(shelf, question, place) : askWith(shelf, draft, question, place);
    },
    async told({ shopId, articleId, contactId, now }) {
      const shelf = await fresh(shopId, now);
      const place = { at: now, ...(contactId === undefined ? {} : { contactId }) };
      const told = toldTo(shelf.entries.get(articleId), articleId, place);
      return told === undefined || !isValidAt(told.draft, now)
        ? undefined
        : { articleId, version: told.version, article: told.draft };
    },
    async shadow({ shopId, now, drafts }) {
      const [shelf, { thresholds }] = await Promise.all([fresh(shopId, now), deps.settings(shopId)]);
      // What was saved a moment ago counts.
      await refreshNow(shopId, shelf, now);
      const entries = new Map(shelf.entries);
      for (const { id, draft } of drafts) {
        if (draft === undefined) entries.delete(id);
        else entries.set(id, { published: { draft, version: 0 } });
      }
      const copy = {
        entries,
        locales: countLocales(entries),
        // Without drafts it is the live index; a question asked of it leaves no trace.
        index:
          drafts.length === 0
            ? shelf.index
            : await built(engine, [...entries].flatMap(toEngineArticles), shelf.dictionary),
      };
      const options = thresholds === undefined ? {} : { thresholds };
      return {
        match: ({ text, limit = 5, ...place }) => ask(copy, { text, limit, ...options }, place),
        articles: () =>
          [...copy.entries].flatMap(([articleId, entry]) => {
            const told = toldTo(entry, articleId, { at: now });
            return told === undefined ? [] : [{ articleId, article: told.draft }];
          }),
      };
    },
    async alike({ shopId, texts, now }) {
      const { dictionary } = await fresh(shopId, now);
      const articles = texts.map((question, place) => ({ id: `${place}`, question, phrasings: [], keywords: [] }));
      const index = engine.build(articles, dictionary);
      return texts.map((text, place) =>
        index
          .match(text, { limit: 12, accept: (id) => id !== `${place}` })
          .matches.map(({ articleId, score }) => ({ place: Number(articleId), score })),
      );
    },
    refusesPattern: (pattern) => engine.validatePattern?.(pattern),
  };
}

async function built(engine: Engine, articles: readonly EngineArticle[], dictionary: Dictionary): Promise<EngineIndex> {
  if (engine.buildInSteps === undefined) return engine.build(articles, dictionary);
  const steps = engine.buildInSteps(articles, dictionary);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
}

/** Puts an article into an index as it is told now, whatever the index held of it. */
function replaceIn(index: EngineIndex, id: string, entry: Entry | undefined): void {
  const now = entry === undefined ? [] : toEngineArticles([id, entry]);
  for (const key of [id, `${id}${NEXT}`]) if (!now.some((article) => article.id === key)) index.remove(key);
  for (const article of now) index.put(article);
}

interface Shelved extends Pick<Shelf, "index" | "locales"> {
  readonly entries: Pick<ReadonlyMap<string, Entry>, "get">;
}

/**
 * The live index with one article put over it for one question, as a version on its way to everyone: a copy would cost a whole build. Nobody
 * else is asked meanwhile, since nothing here waits.
 */
function askWith(
  { index, entries, locales }: Shelf,
  { id, draft }: { readonly id: string; readonly draft: ArticleDraft },
  question: Parameters<typeof ask>[1],
  place: Place,
): KnowledgeAnswer {
  const over: Entry = { next: { draft, version: 0, percent: 100, from: Number.NEGATIVE_INFINITY } };
  const spoken = new Map(locales);
  if (draft.locale !== undefined) spoken.set(draft.locale, (spoken.get(draft.locale) ?? 0) + 1);
  for (const article of toEngineArticles([id, over])) index.put(article);
  try {
    const shelved = { get: (other: string) => (other === id ? over : entries.get(other)) };
    return ask({ index, locales: spoken, entries: shelved }, question, place);
  } finally {
    index.remove(`${id}${NEXT}`);
    const own = entries.get(id)?.next;
    if (own !== undefined) for (const article of toEngineArticles([id, { next: own }])) index.put(article);
  }
}

function ask(
  { index, entries, locales }: Shelved,
  { text, ...options }: { readonly text: string } & Omit<Parameters<EngineIndex["match"]>[1], "accept" | "locale">,
  place: Place,
): KnowledgeAnswer {
  const speaks = localeFilter(locales, place.locale);
  const { decision, matches } = index.match(text, {
    ...options,
    ...(place.locale === undefined ? {} : { locale: place.locale }),
    accept: (key) => {
      const id = articleOf(key);
      const entry = entries.get(id);
      const told = toldTo(entry, id, place);
      // Of two versions only the contact's own side may be found.
      const own = isNext(key) ? entry?.next?.draft : entry?.published?.draft;
      return told !== undefined && told.draft === own && isValidAt(told.draft, place.at) && speaks(told.draft.locale);
    },
  });
  return {
    decision,
    matches: matches.flatMap(({ articleId: key, score, why }): ArticleMatch[] => {
      const articleId = articleOf(key);
      const told = toldTo(entries.get(articleId), articleId, place);
      return told === undefined ? [] : [{ articleId, version: told.version, article: told.draft, score, why }];
    }),
  };
}

/** The version a contact is told at a time. */
function toldTo(entry: Entry | undefined, articleId: string, place: Pick<Place, "contactId" | "at">): Told | undefined {
  const { next, published } = entry ?? {};
  return next !== undefined && isRolledOutTo(next, { articleId, ...place }) ? next : published;
}

function toEntry({ published, version, next }: PublishedChange): Entry | undefined {
  if (published === undefined && next === undefined) return undefined;
  return {
    ...(published === undefined ? {} : { published: { draft: published, version: version ?? 1 } }),
    ...(next === undefined ? {} : { next }),
  };
}

function keep(entries: Map<string, Entry>, change: PublishedChange): void {
  const entry = toEntry(change);
  if (entry === undefined) entries.delete(change.id);
  else entries.set(change.id, entry);
}

/** Tells two states of an article apart; a version is written once. */
function stampOf(entry: Entry | undefined): string {
  const { published, next } = entry ?? {};
  return [published?.version, next?.version, next?.percent, next?.from].join(" ");
}

function toEngineArticles([id, { published, next }]: readonly [string, Entry]): EngineArticle[] {
  return [
    ...(published === undefined ? [] : [toEngineArticle(id, published.draft)]),
    ...(next === undefined ? [] : [toEngineArticle(`${id}${NEXT}`, next.draft)]),
  ];
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

function countLocales(entries: ReadonlyMap<string, Entry>): Map<string, number> {
  const locales = new Map<string, number>();
  for (const { published, next } of entries.values()) {
    for (const told of [published, next]) {
      const locale = told?.draft.locale;
      if (locale !== undefined) locales.set(locale, (locales.get(locale) ?? 0) + 1);
    }
  }
  return locales;
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
