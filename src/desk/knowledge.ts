/** The shop's published articles in memory, caught up with the rows at most a second late on every process. */
import { type ArticleControls, type ArticleDraft, isRolledOutTo, isValidAt, type Rollout } from "../core/article.ts";
import type { ArticleMatch, Knowledge, KnowledgeAnswer, Why } from "../core/knowledge.ts";
import type { PublishedChange, Store } from "../core/ports.ts";
import type { ShopSettings } from "../core/shop.ts";

/** What the desk needs of an engine; `knowledge/` is one, and any with this shape will do. */
export interface Engine {
  build(
    articles: Iterable<EngineArticle>,
    dictionary: { readonly synonyms: readonly (readonly string[])[]; readonly stopWords: readonly string[] },
  ): EngineIndex;
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
/** More changes than this at once are built anew instead of put in one by one. */
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
    };
    for (const change of changes) {
      shelf.mark = Math.max(shelf.mark, change.mark);
      keep(shelf.entries, change);
    }
    rebuild(shelf);
    return shelf;
  }

  function rebuild(shelf: Shelf): void {
    shelf.index = engine.build([...shelf.entries].flatMap(toEngineArticles), shelf.dictionary);
    shelf.locales = countLocales(shelf.entries);
  }

  async function refresh(shopId: string, shelf: Shelf, now: number): Promise<void> {
    const [changes, synonyms] = await Promise.all([
      deps.store.articlesChangedAfter(shopId, Math.min(shelf.mark, shelf.checkedAt - OVERLAP_MS)),
      deps.store.synonyms(shopId),
    ]);
    const newer = changes.filter((change) => stampOf(shelf.entries.get(change.id)) !== stampOf(toEntry(change)));
    const before = new Map(newer.map(({ id }) => [id, shelf.entries.get(id)]));
    for (const change of newer) keep(shelf.entries, change);
    shelf.mark = Math.max(shelf.mark, ...changes.map((change) => change.mark));
    shelf.checkedAt = now;
    if (newer.length >= REBUILD_FROM || synonyms.changedAt !== shelf.synonymsAt) {
      shelf.synonymsAt = synonyms.changedAt;
      shelf.dictionary = { synonyms: synonyms.groups, stopWords: synonyms.stopWords };
      rebuild(shelf);
    } else if (newer.length > 0) {
      for (const { id } of newer) replace(shelf, id, before.get(id));
      shelf.locales = countLocales(shelf.entries);
    }
  }

  function replace(shelf: Shelf, id: string, before: Entry | undefined): void {
    const entry = shelf.entries.get(id);
    const now = entry === undefined ? [] : toEngineArticles([id, entry]);
    for (const gone of before === undefined ? [] : toEngineArticles([id, before]))
      if (!now.some((article) => article.id === gone.id)) shelf.index.remove(gone.id);
    for (const article of now) shelf.index.put(article);
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

  function refreshNow(shopId: string, shelf: Shelf, now: number): Promise<void> {
    shelf.refreshing ??= refresh(shopId, shelf, now).finally(() => {
      delete shelf.refreshing;
    });
    return shelf.refreshing;
  }

  return {
    async match({ shopId, text, locale, limit = 5, contactId, now, at = now }) {
      const [shelf, { thresholds }] = await Promise.all([fresh(shopId, now), deps.settings(shopId)]);
      const place = {
        at,
        ...(locale === undefined ? {} : { locale }),
        ...(contactId === undefined ? {} : { contactId }),
      };
      return ask(shelf, { text, limit, ...(thresholds === undefined ? {} : { thresholds }) }, place);
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
      const copy: Shelved = {
        entries,
        locales: countLocales(entries),
        // Without drafts it is the live index; a question asked of it leaves no trace.
        index:
          drafts.length === 0 ? shelf.index : engine.build([...entries].flatMap(toEngineArticles), shelf.dictionary),
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

type Shelved = Pick<Shelf, "index" | "entries" | "locales">;

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
