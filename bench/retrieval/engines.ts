import { createRequire } from "node:module";
import { join } from "node:path";
import Database from "better-sqlite3";
import { buildIndex, type KnowledgeArticle, normalize } from "../../knowledge/index.ts";

export interface Found {
  readonly id: string;
  readonly score: number;
}

/** An engine holds the phrasings of articles and finds up to three articles, best first. */
export interface Engine {
  readonly name: string;
  /** Questions are sampled for engines that take tens of milliseconds each. */
  readonly isSlow?: boolean;
  build(articles: readonly KnowledgeArticle[]): (text: string) => Found[];
}

interface Variant {
  readonly id: number;
  readonly article: string;
  readonly text: string;
}

function variantsOf(articles: readonly KnowledgeArticle[]): Variant[] {
  return articles
    .flatMap((a) => [a.question, ...(a.phrasings ?? [])].map((text) => ({ article: a.id, text })))
    .map((v, id) => ({ id, ...v }));
}

/** Best variant of each article, best first. */
function firstThree(hits: Iterable<Found>): Found[] {
  const best = new Map<string, number>();
  for (const { id, score } of hits) best.set(id, Math.max(score, best.get(id) ?? -Infinity));
  return [...best]
    .map(([id, score]) => ({ id, score }))
    .sort((a, b) => b.score - a.score)
    .slice(0, 3);
}

const segmenter = new Intl.Segmenter("zh", { granularity: "word" });
const words = (text: string) =>
  [...segmenter.segment(text.normalize("NFKC").toLowerCase())].filter((s) => s.isWordLike).map((s) => s.segment);

function grams(text: string): string[] {
  const out: string[] = [];
  for (const run of text
    .normalize("NFKC")
    .toLowerCase()
    .match(/[\p{L}\p{N}]+/gu) ?? [])
    for (let i = 0; i < run.length; i++) {
      out.push(run.charAt(i));
      if (i > 0) out.push(run.slice(i - 1, i + 1));
    }
  return out;
}

const ours: Engine = {
  name: "xiaoer",
  build(articles) {
    const index = buildIndex(articles);
    return (text) => index.match(text).matches.map((m) => ({ id: m.articleId, score: m.score }));
  },
};

const bm25: Engine = {
  name: "BM25, characters 1+2",
  build(articles) {
    const variants = variantsOf(articles);
    const postings = new Map<string, [number, number][]>();
    const lengths: number[] = [];
    for (const { id, text } of variants) {
      const counts = new Map<string, number>();
      for (const gram of grams(text)) counts.set(gram, (counts.get(gram) ?? 0) + 1);
      lengths.push([...counts.values()].reduce((a, b) => a + b, 0));
      for (const [gram, n] of counts) {
        const list = postings.get(gram);
        if (list === undefined) postings.set(gram, [[id, n]]);
        else list.push([id, n]);
      }
    }
    const average = lengths.reduce((a, b) => a + b, 0) / Math.max(1, lengths.length);
    return (text) => {
      const scores = new Map<number, number>();
      for (const gram of new Set(grams(text))) {
        const list = postings.get(gram) ?? [];
        const idf = Math.log(1 + (variants.length - list.length + 0.5) / (list.length + 0.5));
        for (const [id, n] of list) {
          const norm = 1.2 * (0.25 + (0.75 * (lengths[id] ?? 0)) / average);
          scores.set(id, (scores.get(id) ?? 0) + (idf * n * 2.2) / (n + norm));
        }
      }
      return firstThree([...scores].map(([id, score]) => ({ id: variants[id]?.article ?? "", score })));
    };
  },
};

const containsKeyword: Engine = {
  name: "contains keyword",
  build(articles) {
    const byKeyword = new Map<string, Set<string>>();
    for (const { article, text } of variantsOf(articles))
      for (const word of words(text)) {
        if (word.length < 2) continue;
        const list = byKeyword.get(word) ?? new Set();
        byKeyword.set(word, list.add(article));
      }
    return (text) => {
      const lower = text.toLowerCase();
      const hits = new Map<string, number>();
      for (const [word, list] of byKeyword)
        if (lower.includes(word)) for (const id of list) hits.set(id, (hits.get(id) ?? 0) + word.length);
      return firstThree([...hits].map(([id, score]) => ({ id, score })));
    };
  },
};

function fts5(
  name: string,
  tokenizer: string,
  prepare: (text: string) => string,
  terms: (text: string) => string[],
): Engine {
  return {
    name,
    build(articles) {
      const variants = variantsOf(articles);
      const db = new Database(":memory:");
      db.exec(`create virtual table questions using fts5(text, tokenize='${tokenizer}')`);
      const insert = db.prepare("insert into questions(rowid, text) values (?, ?)");
      db.transaction(() => {
        for (const { id, text } of variants) insert.run(id + 1, prepare(text));
      })();
      const select = db.prepare<[string], { rowid: number; rank: number }>(
        "select rowid, rank from questions where questions match ? order by rank limit 20",
      );
      return (text) => {
        const query = [...new Set(terms(text))].map((t) => `"${t.replaceAll('"', '""')}"`).join(" OR ");
        if (query === "") return [];
        return firstThree(
          select.all(query).map(({ rowid, rank }) => ({ id: variants[rowid - 1]?.article ?? "", score: -rank })),
        );
      };
    },
  };
}

function trigrams(text: string): string[] {
  const chars = [...text.toLowerCase().replace(/[^\p{L}\p{N}\s]/gu, "")];
  return chars.slice(2).map((c, i) => `${chars[i]}${chars[i + 1]}${c}`);
}

/** Libraries are looked for from here, or from the folder in BENCH_LIBRARIES; those not installed are left out. */
const require = createRequire(join(process.env.BENCH_LIBRARIES ?? import.meta.dirname, "here.js"));

function optional<T>(name: string): T | undefined {
  try {
    return require(name) as T; // The few members used are declared beside each engine.
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "MODULE_NOT_FOUND") return undefined;
    throw error;
  }
}

interface MiniSearch {
  addAll(documents: readonly Variant[]): void;
  search(text: string, options: object): { readonly id: number; readonly score: number }[];
}

function miniSearch(name: string, tokenize?: (text: string) => string[]): Engine | undefined {
  const library = optional<{ default: new (options: object) => MiniSearch }>("minisearch");
  if (library === undefined) return undefined;
  const Library = library.default ?? library;
  return {
    name,
    build(articles) {
      const variants = variantsOf(articles);
      const index = new Library({ fields: ["text"], ...(tokenize && { tokenize }) });
      index.addAll(variants);
      return (text) =>
        firstThree(
          index
            .search(text, { fuzzy: 0.2, prefix: true })
            .slice(0, 40)
            .map(({ id, score }) => ({ id: variants[id]?.article ?? "", score })),
        );
    },
  };
}

interface Orama {
  create(options: object): unknown;
  insertMultiple(db: unknown, documents: readonly object[], batch: number): unknown;
  search(db: unknown, query: object): { hits: { score: number; document: { article: string } }[] };
}

function orama(): Engine | undefined {
  const library = optional<Orama>("@orama/orama");
  const mandarin = optional<{ createTokenizer(): unknown }>("@orama/tokenizers/mandarin");
  if (library === undefined || mandarin === undefined) return undefined;
  return {
    name: "@orama/orama, Mandarin",
    build(articles) {
      const tokenizer = mandarin.createTokenizer();
      const db = library.create({ schema: { article: "string", text: "string" }, components: { tokenizer } });
      library.insertMultiple(
        db,
        variantsOf(articles).map(({ article, text }) => ({ article, text })),
        1000,
      );
      return (text) => {
        const { hits } = library.search(db, { term: text, properties: ["text"], limit: 20, threshold: 1 });
        return firstThree(hits.map(({ document, score }) => ({ id: document.article, score })));
      };
    },
  };
}

interface FlexIndex {
  add(id: number, text: string): void;
  search(text: string, options: object): number[];
}

function flexSearch(): Engine | undefined {
  const library = optional<{ Index: new (options: object) => FlexIndex }>("flexsearch");
  if (library === undefined) return undefined;
  return {
    name: "flexsearch, characters",
    build(articles) {
      const variants = variantsOf(articles);
      const index = new library.Index({ encode: grams, tokenize: "strict" });
      for (const { id, text } of variants) index.add(id, text);
      // It ranks but gives no score: the place among the results stands for it.
      return (text) =>
        firstThree(
          index
            .search(text, { limit: 20, suggest: true })
            .map((id, place) => ({ id: variants[id]?.article ?? "", score: 1 / (place + 1) })),
        );
    },
  };
}

interface Fuse {
  search(text: string, options: object): { readonly item: Variant; readonly score?: number }[];
}

function fuse(): Engine | undefined {
  const library = optional<{ default: new (list: readonly Variant[], options: object) => Fuse }>("fuse.js");
  if (library === undefined) return undefined;
  const Library = library.default ?? library;
  return {
    name: "fuse.js",
    isSlow: true,
    build(articles) {
      const index = new Library(variantsOf(articles), {
        keys: ["text"],
        includeScore: true,
        ignoreLocation: true,
        threshold: 0.9,
      });
      return (text) =>
        firstThree(
          index
            .search(text.slice(0, 60), { limit: 20 })
            .map(({ item, score = 1 }) => ({ id: item.article, score: 1 - score })),
        );
    },
  };
}

export function engines(): Engine[] {
  const folded = (text: string) => words(normalize(text));
  return [
    ours,
    bm25,
    miniSearch("minisearch, default"),
    miniSearch("minisearch, words", words),
    orama(),
    flexSearch(),
    fuse(),
    fts5("SQLite FTS5, words", "unicode61", (text) => words(text).join(" "), words),
    fts5("SQLite FTS5, words, folded", "unicode61", (text) => folded(text).join(" "), folded),
    fts5("SQLite FTS5, trigram", "trigram", (text) => text, trigrams),
    containsKeyword,
  ].filter((engine) => engine !== undefined);
}
