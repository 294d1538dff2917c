/** The shop's published articles in memory, caught up with the rows at most a third of a second late on every process. */
import { type ArticleDraft, isValidAt } from "../core/article.ts";
import type { Knowledge, KnowledgeAnswer, ShadowKnowledge, Words } from "../core/knowledge.ts";
import type { PublishedChange, Store } from "../core/ports.ts";
import type { ShopSettings } from "../core/shop.ts";
import type { IndexCopies } from "./index-copies.ts";
import {
  ask,
  type Census,
  countEntries,
  doStartersStepBack,
  type EngineArticle,
  type EngineIndex,
  type Entries,
  type Entry,
  localesOf,
  type Overlay,
  overlayMark,
  type Place,
  replaceIn,
  stampOf,
  toEngineArticles,
  toEntry,
  toldTo,
  toOverlaid,
  type View,
  wordingsOf,
} from "./shelf.ts";

/** What the desk needs of an engine; `knowledge/` is one, and any with this shape will do. */
export interface Engine {
  build(articles: Iterable<EngineArticle>, dictionary: Words): EngineIndex;
  /** The same in steps of a few milliseconds, between which others are served. */
  readonly buildInSteps?: (
    articles: Iterable<EngineArticle>,
    dictionary: Words,
  ) => Iterator<undefined, EngineIndex, undefined>;
  /** Why a pattern is refused, as a sentence; undefined when it is fine. */
  readonly validatePattern?: (pattern: string) => string | undefined;
}

/** How old the answers may be: well inside the five seconds promised, and soon enough for who tries what was just published. */
const FRESH_FOR_MS = 300;
/** Rows read between two turns of the event loop. */
const ROWS_AT_ONCE = 250;
/** What is put in is found more slowly than what an index was built with: from so many wordings on it is built anew, while it answers. */
const CROWDED_FROM = 120;
const crowdedFrom = ({ built }: Pick<Shelf, "built">) => CROWDED_FROM + built / 128;
/** Twice as many are too much to be put in at all: what changed is found as soon as the new index is whole. */
const tooMany = (shelf: Pick<Shelf, "built">) => 2 * crowdedFrom(shelf);
/** Below it a copy is built faster than the live index forgets what was put over it. */
const OVERLAY_FROM = 3000;

/** A smaller index is built as fast as a copy of it is read. */
const KEPT_FROM = 3000;

/** Articles compared between two turns of the event loop. */
const COMPARED_AT_ONCE = 500;

/** A build that takes longer was given up with the request that began it (a Worker's ends with its visitor). */
const GIVEN_UP_AFTER_MS = 30_000;

interface Shelf {
  readonly shopId: string;
  index: EngineIndex;
  readonly entries: Map<string, Entry>;
  census: Census;
  /** Whether the starters have made way: what the index is, or is being, built for. */
  stepBack: boolean;
  mark: number;
  synonymsAt: number;
  dictionary: Words;
  checkedAt: number;
  refreshing?: Promise<boolean>;
  /** Wordings the index was built with, and put into it since. */
  built: number;
  put: number;
  /** More has changed than the index holds. */
  isStale: boolean;
  building?: Building;
  spare?: Spare;
}

/** What was built to check an import is, but for a few articles, what the import needs. */
interface Spare {
  readonly index: EngineIndex;
  readonly articles: ReadonlyMap<string, readonly EngineArticle[]>;
  readonly dictionary: Words;
  readonly at: number;
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

type Settings = Partial<Pick<ShopSettings, "thresholds" | "starters">>;
type Draft = Parameters<Knowledge["shadow"]>[0]["drafts"][number];

export function createKnowledge(deps: {
  readonly store: Pick<Store, "articlesChangedAfter" | "synonyms">;
  readonly engine: Engine;
  readonly settings: (shopId: string) => Promise<Settings>;
  /** Of large indexes. @default none are kept */
  readonly copies?: IndexCopies;
}): Knowledge {
  const { engine, copies } = deps;
  const shelves = new Map<string, Promise<Shelf>>();
  let overlays = 0;

  /** Page by page: a shop of 10,000 would keep everybody waiting while its rows are read. */
  async function changesAfter(shopId: string, mark: number): Promise<PublishedChange[]> {
    const changes: PublishedChange[] = [];
    for (let last = mark; ; ) {
      const page = await deps.store.articlesChangedAfter(shopId, last, ROWS_AT_ONCE);
      changes.push(...page);
      if (page.length < ROWS_AT_ONCE) return changes;
      last = page.at(-1)?.mark ?? last;
      await aTurn();
    }
  }

  async function load(shopId: string, now: number): Promise<Shelf> {
    const [changes, synonyms, { starters }] = await Promise.all([
      changesAfter(shopId, 0),
      deps.store.synonyms(shopId),
      deps.settings(shopId),
    ]);
    const entries = new Map<string, Entry>();
    for (const change of changes) keep(entries, change);
    const census = countEntries(entries);
    const shelf: Shelf = {
      shopId,
      index: engine.build([], { synonyms: [], stopWords: [] }),
      entries,
      census,
      stepBack: doStartersStepBack(starters, census, now),
      mark: Math.max(0, ...changes.slice(-1).map(({ mark }) => mark)),
      synonymsAt: synonyms.changedAt,
      dictionary: { synonyms: synonyms.groups, stopWords: synonyms.stopWords },
      checkedAt: now,
      built: 0,
      put: 0,
      isStale: true,
    };
    if (!(await restore(shelf, changes))) await rebuild(shelf, now);
    return shelf;
  }

  /** From the copy another process, or this one before it was started again, has left; what changed since is put into it. */
  async function restore(shelf: Shelf, changes: readonly PublishedChange[]): Promise<boolean> {
    const { shopId, entries, stepBack } = shelf;
    if (entries.size < KEPT_FROM) return false;
    const copy = await copies?.read({ shopId, kind: kindOf(shelf), words: shelf.dictionary });
    if (copy === undefined) return false;
    const late = changes.filter(({ mark }) => mark > copy.mark);
    const told = late.map(({ id }) => ({ id, articles: toEngineArticles(id, entries.get(id), stepBack) }));
    const put = wordingsOf(told.flatMap(({ articles }) => articles));
    if (late.length + put > CROWDED_FROM) return false;
    for (const { id, articles } of told) replaceIn(copy.index, id, articles);
    shelf.index = copy.index;
    shelf.built = wordingsOf([...entries].flatMap(([id, entry]) => toEngineArticles(id, entry, stepBack)));
    shelf.put = put;
    shelf.isStale = false;
    return true;
  }

  function keepCopy(shelf: Shelf, index: EngineIndex, mark: number): void {
    if (shelf.entries.size < KEPT_FROM) return;
    copies?.keep({ shopId: shelf.shopId, kind: kindOf(shelf), index, mark, now: shelf.checkedAt });
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
    const told = (id: string) => toEngineArticles(id, shelf.entries.get(id), shelf.stepBack);
    try {
      do {
        building.isOutdated = false;
        building.late.clear();
        const { mark } = shelf;
        const articles = [...shelf.entries.keys()].flatMap(told);
        await aTurn();
        const spare = await spareFor(shelf, told);
        const index = spare?.index ?? (await buildPatiently(engine, articles, shelf.dictionary));
        if (shelf.building !== building) return; // Given up, and begun again.
        if (spare === undefined || spare.isWhole) keepCopy(shelf, index, mark);
        const late = [...building.late].map((id) => ({ id, articles: told(id) }));
        for (const one of late) replaceIn(index, one.id, one.articles);
        shelf.index = index;
        shelf.built = wordingsOf(articles);
        shelf.put = wordingsOf(late.flatMap((one) => one.articles));
      } while (building.isOutdated);
      shelf.isStale = false;
    } finally {
      if (shelf.building === building) delete shelf.building;
    }
  }

  /** Returns whether there is reason to build the index anew before it is asked. */
  async function refresh(shopId: string, shelf: Shelf, now: number): Promise<boolean> {
    const [changes, synonyms] = await Promise.all([changesAfter(shopId, shelf.mark), deps.store.synonyms(shopId)]);
    const newer = changes.filter((change) => stampOf(shelf.entries.get(change.id)) !== stampOf(toEntry(change)));
    for (const change of newer) keep(shelf.entries, change);
    shelf.mark = changes.at(-1)?.mark ?? shelf.mark;
    shelf.checkedAt = now;
    const hasNewWords = synonyms.changedAt !== shelf.synonymsAt;
    if (hasNewWords) {
      shelf.synonymsAt = synonyms.changedAt;
      shelf.dictionary = { synonyms: synonyms.groups, stopWords: synonyms.stopWords };
    }
    if (newer.length > 0) shelf.census = countEntries(shelf.entries);
    const told = newer.map(({ id }) => ({ id, articles: toEngineArticles(id, shelf.entries.get(id), shelf.stepBack) }));
    const wordings = wordingsOf(told.flatMap(({ articles }) => articles));
    if (hasNewWords || newer.length > CROWDED_FROM || (wordings > 0 && shelf.put + wordings > tooMany(shelf))) {
      shelf.isStale = true;
      return true;
    }
    for (const { id, articles } of told) {
      replaceIn(shelf.index, id, articles);
      shelf.building?.late.add(id);
    }
    countPut(shelf, wordings, now);
    // One that failed or was given up.
    return shelf.isStale && shelf.building === undefined;
  }

  function countPut(shelf: Shelf, wordings: number, now: number): void {
    shelf.put += wordings;
    if (shelf.put <= crowdedFrom(shelf) || shelf.building !== undefined) return;
    shelf.isStale = true;
    // What there is answers rightly all the same, and the next look at the rows tries again.
    rebuild(shelf, now).catch(() => undefined);
  }

  /** Whoever finds that much has changed waits until it answers; the others are answered meanwhile. */
  async function fresh(shopId: string, now: number, atOnce = false): Promise<{ shelf: Shelf; settings: Settings }> {
    let loading = shelves.get(shopId);
    if (loading === undefined) {
      loading = load(shopId, now);
      shelves.set(shopId, loading);
      // A failed load is tried again by the next question, not remembered.
      loading.catch(() => shelves.delete(shopId));
    }
    const [shelf, settings] = await Promise.all([loading, deps.settings(shopId)]);
    let mustBuild = false;
    if (atOnce || Math.abs(now - shelf.checkedAt) >= FRESH_FOR_MS) mustBuild = await refreshOnce(shopId, shelf, now);
    if (shelf.spare !== undefined && Math.abs(now - shelf.spare.at) > GIVEN_UP_AFTER_MS) delete shelf.spare;
    const stepBack = doStartersStepBack(settings.starters, shelf.census, now);
    if (stepBack !== shelf.stepBack) {
      shelf.stepBack = stepBack;
      shelf.isStale = true;
      mustBuild = true;
    }
    if (mustBuild) await rebuild(shelf, now);
    return { shelf, settings };
  }

  /** True for the one who began it. */
  async function refreshOnce(shopId: string, shelf: Shelf, now: number): Promise<boolean> {
    if (shelf.refreshing !== undefined) {
      await shelf.refreshing;
      return false;
    }
    shelf.refreshing = refresh(shopId, shelf, now).finally(() => {
      delete shelf.refreshing;
    });
    return shelf.refreshing;
  }

  /** As if the drafts were published: put over the live index where that is large, since a copy would cost a whole build. */
  function putOver(shelf: Shelf, drafts: readonly Draft[], now: number) {
    const { index } = shelf;
    const over: Overlay = { mark: overlayMark(overlays++), ids: new Set(drafts.map(({ id }) => id)) };
    const articles = drafts.flatMap(({ id, draft }) => (draft === undefined ? [] : [toOverlaid(over, id, draft)]));
    for (const article of articles) index.put(article);
    countPut(shelf, wordingsOf(articles), now);
    // Where another index has taken its place meanwhile, who asks with the drafts goes on with this one.
    return {
      over,
      index,
      close() {
        for (const { id } of articles) index.remove(id);
      },
    };
  }

  function askWith(
    shelf: Shelf,
    draft: NonNullable<Parameters<Knowledge["match"]>[0]["draft"]>,
    { question, place, now }: { readonly question: Question; readonly place: Place; readonly now: number },
  ): KnowledgeAnswer {
    const { stepBack, census } = shelf;
    const over = toDraftEntry(shelf.entries.get(draft.id), draft.draft);
    const entries = { get: (id: string) => (id === draft.id ? over : shelf.entries.get(id)) };
    const locales = new Map(localesOf(census, stepBack));
    const { locale } = draft.draft;
    if (locale !== undefined) locales.set(locale, (locales.get(locale) ?? 0) + 1);
    const put = putOver(shelf, [draft], now);
    try {
      return ask({ index: put.index, entries, locales, stepBack, over: put.over }, question, place);
    } finally {
      put.close();
    }
  }

  async function shadow({ shopId, now, drafts, words }: Parameters<Knowledge["shadow"]>[0]): Promise<ShadowKnowledge> {
    // What was saved a moment ago counts.
    const { shelf, settings } = await fresh(shopId, now, true);
    const entries = withDrafts(shelf.entries, drafts);
    const census = countEntries(entries);
    const stepBack = doStartersStepBack(settings.starters, census, now);
    const world = { entries, stepBack, locales: localesOf(census, stepBack), settings, now };
    // A question asked of the live index leaves no trace.
    if (drafts.length === 0 && words === undefined) return toShadow(world, shelf.index);
    const changed = drafts.flatMap(({ id }) => toEngineArticles(id, entries.get(id), stepBack));
    const isSmall = wordingsOf(changed) <= CROWDED_FROM;
    if (words === undefined && isSmall && stepBack === shelf.stepBack && shelf.built >= OVERLAY_FROM) {
      const { over, index, close } = putOver(shelf, drafts, now);
      return { ...toShadow({ ...world, over }, index), close };
    }
    const articles = new Map([...entries].map(([id, entry]) => [id, toEngineArticles(id, entry, stepBack)]));
    await aTurn();
    const dictionary = words ?? shelf.dictionary;
    const index = await buildPatiently(engine, [...articles.values()].flat(), dictionary);
    if (!isSmall && words === undefined) shelf.spare = { index, articles, dictionary, at: now };
    return toShadow(world, index);
  }

  return {
    async match({ shopId, text, locale, limit = 5, contactId, draft, now, at = now }) {
      const { shelf, settings } = await fresh(shopId, now);
      const { thresholds } = settings;
      const place = {
        at,
        ...(locale === undefined ? {} : { locale }),
        ...(contactId === undefined ? {} : { contactId }),
      };
      const question = { text, limit, ...(thresholds === undefined ? {} : { thresholds }) };
      if (draft !== undefined) return askWith(shelf, draft, { question, place, now });
      return ask({ ...shelf, locales: localesOf(shelf.census, shelf.stepBack) }, question, place);
    },
    async told({ shopId, articleId, contactId, now }) {
      const { shelf } = await fresh(shopId, now);
      const place = { at: now, stepBack: shelf.stepBack, ...(contactId === undefined ? {} : { contactId }) };
      const told = toldTo(shelf.entries.get(articleId), articleId, place);
      return told === undefined || !isValidAt(told.draft, now)
        ? undefined
        : { articleId, version: told.version, article: told.draft };
    },
    shadow,
    async starters({ shopId, now, drafts = [] }) {
      const { shelf, settings } = await fresh(shopId, now, true);
      const census = drafts.length === 0 ? shelf.census : countEntries(withDrafts(shelf.entries, drafts));
      const stepBack = doStartersStepBack(settings.starters, census, now);
      return { stepBack, steppedBack: stepBack ? census.starters : 0 };
    },
    async alike({ shopId, texts, now }) {
      const { dictionary } = (await fresh(shopId, now)).shelf;
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

type Question = Parameters<typeof ask>[1];

/** The spare index brought up to the shelf, where that takes a few articles only. It is taken once: from then on it changes. */
async function spareFor(
  shelf: Shelf,
  told: (id: string) => EngineArticle[],
): Promise<{ readonly index: EngineIndex; readonly isWhole: boolean } | undefined> {
  const { spare } = shelf;
  delete shelf.spare;
  if (spare === undefined || spare.dictionary !== shelf.dictionary) return undefined;
  const ids = [...new Set([...shelf.entries.keys(), ...spare.articles.keys()])];
  const others: { readonly id: string; readonly articles: EngineArticle[] }[] = [];
  for (const [count, id] of ids.entries()) {
    if (count % COMPARED_AT_ONCE === COMPARED_AT_ONCE - 1) await aTurn();
    const articles = told(id);
    if (JSON.stringify(articles) !== JSON.stringify(spare.articles.get(id) ?? [])) others.push({ id, articles });
    if (others.length > CROWDED_FROM) return undefined;
  }
  if (wordingsOf(others.flatMap(({ articles }) => articles)) > CROWDED_FROM) return undefined;
  for (const { id, articles } of others) replaceIn(spare.index, id, articles);
  return { index: spare.index, isWhole: others.length === 0 };
}

/** What an index is made for besides the articles and the words, which the engine knows by itself. */
const kindOf = ({ stepBack }: Pick<Shelf, "stepBack">): string => (stepBack ? "own" : "all");

interface World extends Omit<View, "index" | "entries"> {
  readonly entries: Entries;
  readonly settings: Settings;
  readonly now: number;
}

function toShadow({ settings, now, ...view }: World, index: EngineIndex): ShadowKnowledge {
  const { thresholds } = settings;
  const options = thresholds === undefined ? {} : { thresholds };
  return {
    match: ({ text, limit = 5, ...place }) => ask({ ...view, index }, { text, limit, ...options }, place),
    articles: () =>
      [...view.entries].flatMap(([articleId, entry]) => {
        const told = toldTo(entry, articleId, { at: now, stepBack: view.stepBack });
        return told === undefined ? [] : [{ articleId, article: told.draft }];
      }),
    close() {},
  };
}

/** As if everyone were told it; where the article came from stays. */
function toDraftEntry(entry: Entry | undefined, draft: ArticleDraft): Entry {
  return {
    published: { draft, version: 0 },
    ...(entry?.starterVersion === undefined ? {} : { starterVersion: 0 }),
  };
}

function withDrafts(before: Entries, drafts: readonly Draft[]): Entries {
  const entries = new Map(before);
  for (const { id, draft } of drafts) {
    if (draft === undefined) entries.delete(id);
    else entries.set(id, toDraftEntry(before.get(id), draft));
  }
  return entries;
}

const aTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

async function buildPatiently(
  engine: Engine,
  articles: readonly EngineArticle[],
  dictionary: Words,
): Promise<EngineIndex> {
  if (engine.buildInSteps === undefined) return engine.build(articles, dictionary);
  const steps = engine.buildInSteps(articles, dictionary);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await aTurn();
  }
}

function keep(entries: Map<string, Entry>, change: PublishedChange): void {
  const entry = toEntry(change);
  if (entry === undefined) entries.delete(change.id);
  else entries.set(change.id, entry);
}
