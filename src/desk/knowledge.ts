/** The shop's published articles in memory, caught up with the rows at most a second late on every process. */
import { type ArticleDraft, isValidAt } from "../core/article.ts";
import type { Knowledge, KnowledgeAnswer, Why } from "../core/knowledge.ts";
import type { Store } from "../core/ports.ts";
import type { ShopSettings } from "../core/shop.ts";

/** What the desk needs of an engine; `knowledge/` is one, and any with this shape will do. */
export interface Engine {
  build(
    articles: Iterable<EngineArticle>,
    dictionary: { readonly synonyms: readonly (readonly string[])[]; readonly stopWords: readonly string[] },
  ): EngineIndex;
}
export interface EngineArticle {
  readonly id: string;
  readonly question: string;
  readonly phrasings: readonly string[];
  readonly keywords: readonly string[];
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
/** Clocks of several machines disagree a little; what changed just before the mark is read again. */
const OVERLAP_MS = 10_000;
/** More changes than this at once are built anew instead of put in one by one. */
const REBUILD_FROM = 200;

interface Shelf {
  index: EngineIndex;
  articles: Map<string, { readonly draft: ArticleDraft; readonly version: number }>;
  /** How many articles answer in each locale. */
  locales: Map<string, number>;
  mark: number;
  synonymsAt: number;
  dictionary: { readonly synonyms: readonly (readonly string[])[]; readonly stopWords: readonly string[] };
  checkedAt: number;
  refreshing?: Promise<void>;
}

export function createKnowledge(deps: {
  readonly store: Pick<Store, "articlesChangedAfter" | "synonyms">;
  readonly engine: Engine;
  readonly settings: (shopId: string) => Promise<Pick<ShopSettings, "thresholds">>;
}): Knowledge {
  const shelves = new Map<string, Promise<Shelf>>();

  async function load(shopId: string, now: number): Promise<Shelf> {
    const [changes, synonyms] = await Promise.all([
      deps.store.articlesChangedAfter(shopId, 0),
      deps.store.synonyms(shopId),
    ]);
    const shelf: Shelf = {
      index: deps.engine.build([], { synonyms: [], stopWords: [] }),
      articles: new Map(),
      locales: new Map(),
      mark: 0,
      synonymsAt: synonyms.changedAt,
      dictionary: { synonyms: synonyms.groups, stopWords: synonyms.stopWords },
      checkedAt: now,
    };
    for (const { id, published, version, mark } of changes) {
      shelf.mark = Math.max(shelf.mark, mark);
      if (published !== undefined) shelf.articles.set(id, { draft: published, version: version ?? 1 });
    }
    rebuild(shelf);
    return shelf;
  }

  function rebuild(shelf: Shelf): void {
    shelf.index = deps.engine.build(
      [...shelf.articles].map(([id, { draft }]) => toEngineArticle(id, draft)),
      shelf.dictionary,
    );
    countLocales(shelf);
  }

  async function refresh(shopId: string, shelf: Shelf, now: number): Promise<void> {
    const [changes, synonyms] = await Promise.all([
      deps.store.articlesChangedAfter(shopId, shelf.mark - OVERLAP_MS),
      deps.store.synonyms(shopId),
    ]);
    const newer = changes.filter(
      ({ id, version, published }) =>
        shelf.articles.get(id)?.version !== version || (published === undefined && shelf.articles.has(id)),
    );
    for (const { id, published, version } of newer) {
      if (published === undefined) shelf.articles.delete(id);
      else shelf.articles.set(id, { draft: published, version: version ?? 1 });
    }
    shelf.mark = Math.max(shelf.mark, ...changes.map((change) => change.mark));
    shelf.checkedAt = now;
    if (newer.length >= REBUILD_FROM || synonyms.changedAt !== shelf.synonymsAt) {
      shelf.synonymsAt = synonyms.changedAt;
      shelf.dictionary = { synonyms: synonyms.groups, stopWords: synonyms.stopWords };
      rebuild(shelf);
    } else if (newer.length > 0) {
      for (const { id, published } of newer) {
        if (published === undefined) shelf.index.remove(id);
        else shelf.index.put(toEngineArticle(id, published));
      }
      countLocales(shelf);
    }
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
    if (Math.abs(now - shelf.checkedAt) >= FRESH_FOR_MS) {
      shelf.refreshing ??= refresh(shopId, shelf, now).finally(() => {
        delete shelf.refreshing;
      });
      await shelf.refreshing;
    }
    return shelf;
  }

  return {
    async match({ shopId, text, locale, limit = 5, now }): Promise<KnowledgeAnswer> {
      const [shelf, { thresholds }] = await Promise.all([fresh(shopId, now), deps.settings(shopId)]);
      const speaks = localeFilter(shelf.locales, locale);
      const { decision, matches } = shelf.index.match(text, {
        limit,
        ...(locale === undefined ? {} : { locale }),
        ...(thresholds === undefined ? {} : { thresholds }),
        accept: (id) => {
          const found = shelf.articles.get(id);
          return found !== undefined && isValidAt(found.draft, now) && speaks(found.draft.locale);
        },
      });
      return {
        decision,
        matches: matches.flatMap(({ articleId, score, why }) => {
          const found = shelf.articles.get(articleId);
          return found === undefined ? [] : [{ articleId, version: found.version, article: found.draft, score, why }];
        }),
      };
    },
  };
}

function toEngineArticle(id: string, draft: ArticleDraft): EngineArticle {
  return {
    id,
    question: draft.question,
    phrasings: draft.phrasings,
    keywords: draft.keywords,
    ...(draft.locale === undefined ? {} : { locale: draft.locale }),
  };
}

function countLocales(shelf: Shelf): void {
  shelf.locales = new Map();
  for (const { draft } of shelf.articles.values()) {
    if (draft.locale !== undefined) shelf.locales.set(draft.locale, (shelf.locales.get(draft.locale) ?? 0) + 1);
  }
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
