import type { Column } from "./columns.ts";
import type { Concepts } from "./concepts.ts";
import type { Extras } from "./controls.ts";
import type { Corpus } from "./corpus.ts";
import { addWord, createWordList } from "./word-list.ts";

/** Raised when the layout or the meaning of the arrays changes: older snapshots are then built anew from their texts. */
const VERSION = 3;
const MAGIC = 0x58454b31;

type Data = Uint8Array | Int8Array | Uint16Array | Uint32Array | Float32Array;

interface Head {
  readonly version: number;
  readonly fingerprint: number;
  readonly ids: string[];
  readonly texts: string[];
  readonly firsts: number[];
  readonly extras: [number, Extras][];
  readonly counters: [number, number][];
  readonly words: [string[], number[]];
  readonly teaching: { articles: number; scale: number } | null;
}

/** What a snapshot holds; `corpus` is missing when it was made with other words or by another version. */
export interface Restored {
  readonly ids: readonly string[];
  readonly texts: readonly string[];
  /** First variant of each article. */
  readonly firsts: readonly number[];
  readonly extras: readonly (readonly [number, Extras])[];
  /** Article number of counter-examples and of the article they speak against. */
  readonly counters: readonly (readonly [number, number])[];
  readonly corpus: Corpus | undefined;
}

export interface Kept {
  readonly corpus: Corpus;
  readonly extras: [number, Extras][];
  readonly counters: [number, number][];
}

/** All arrays one after the other behind a JSON head. The corpus must have no pending variants. */
export function writeSnapshot({ corpus, extras, counters }: Kept): Uint8Array {
  const { teaching } = corpus;
  const head: Head = {
    version: VERSION,
    fingerprint: corpus.concepts.fingerprint,
    ids: corpus.ids,
    texts: corpus.texts,
    firsts: [...corpus.firstVariant.data.subarray(0, corpus.ids.length)],
    extras,
    counters,
    words: [corpus.words.words, corpus.words.tokens],
    teaching: teaching === undefined ? null : { articles: teaching.articles, scale: teaching.scale },
  };
  const json = new TextEncoder().encode(JSON.stringify(head));
  const arrays = arraysOf(corpus);
  const size = arrays.reduce((sum, a) => sum + 8 + padded(a.byteLength), 16 + padded(json.length));
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.length, true);
  bytes.set(json, 16);
  let at = 16 + padded(json.length);
  for (const array of arrays) {
    view.setUint32(at, array.byteLength, true);
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at + 8);
    at += 8 + padded(array.byteLength);
  }
  return bytes;
}

const padded = (size: number) => Math.ceil(size / 8) * 8;
const used = <T extends Uint8Array | Uint16Array | Uint32Array | Float32Array>({ data, length }: Column<T>): Data =>
  data.subarray(0, length);

function arraysOf(corpus: Corpus): Data[] {
  const { vocabulary: v, teaching } = corpus;
  return [
    v.table,
    used(v.hash),
    used(v.kind),
    used(v.unit),
    used(v.articles),
    used(v.share),
    used(v.idf),
    used(corpus.alive),
    used(corpus.firstVariant),
    used(corpus.article),
    used(corpus.symbolEnd),
    used(corpus.conceptEnd),
    used(corpus.norm),
    used(corpus.symbols),
    used(corpus.conceptTokens),
    used(corpus.conceptSpans),
    corpus.postings,
    corpus.postingEnd,
    teaching?.ends ?? new Uint32Array(0),
    teaching?.spoken ?? new Uint32Array(0),
    teaching?.weights ?? new Int8Array(0),
  ];
}

/** Throws when the bytes are no snapshot at all. */
export function readSnapshot(bytes: Uint8Array, concepts: Concepts): Restored {
  // Typed arrays need aligned storage of their own; the caller's bytes may be a view and may change.
  const copy = bytes.slice();
  const view = new DataView(copy.buffer);
  if (copy.length < 16 || view.getUint32(0, true) !== MAGIC) throw new Error("These bytes are no knowledge snapshot.");
  const jsonLength = view.getUint32(4, true);
  if (16 + jsonLength > copy.length) throw new Error("The knowledge snapshot is cut off.");
  // The magic number says that `writeSnapshot` wrote it.
  const head = JSON.parse(new TextDecoder().decode(copy.subarray(16, 16 + jsonLength))) as Head;
  const { ids, texts, firsts, extras, counters } = head;
  const fits = head.version === VERSION && head.fingerprint === concepts.fingerprint;
  const corpus = fits ? readCorpus(copy, 16 + padded(jsonLength), head, concepts) : undefined;
  return { ids, texts, firsts, extras, counters, corpus };
}

function readCorpus(bytes: Uint8Array, start: number, head: Head, concepts: Concepts): Corpus {
  const { buffer } = bytes;
  const view = new DataView(buffer);
  let at = start;
  const next = (): [number, number] => {
    if (at + 8 > bytes.length) throw new Error("The knowledge snapshot is cut off.");
    const size = view.getUint32(at, true);
    const from = at + 8;
    at = from + padded(size);
    if (at > bytes.length) throw new Error("The knowledge snapshot is cut off.");
    return [from, size];
  };
  const column = <T>(data: T & { length: number }) => ({ data, length: data.length });
  const u8 = () => {
    const [from, size] = next();
    return new Uint8Array(buffer, from, size);
  };
  const u16 = () => {
    const [from, size] = next();
    return new Uint16Array(buffer, from, size / 2);
  };
  const u32 = () => {
    const [from, size] = next();
    return new Uint32Array(buffer, from, size / 4);
  };
  const f32 = () => {
    const [from, size] = next();
    return new Float32Array(buffer, from, size / 4);
  };
  const vocabulary = {
    table: u32(),
    hash: column(u32()),
    kind: column(u8()),
    unit: column(u16()),
    articles: column(u32()),
    share: column(f32()),
    idf: column(f32()),
  };
  const words = createWordList();
  head.words[0].forEach((word, i) => {
    addWord(words, word, head.words[1][i] ?? 0);
  });
  const corpus = {
    vocabulary,
    concepts,
    ids: head.ids,
    alive: column(u8()),
    firstVariant: column(u32()),
    texts: head.texts,
    article: column(u32()),
    symbolEnd: column(u32()),
    conceptEnd: column(u32()),
    norm: column(f32()),
    symbols: column(u32()),
    conceptTokens: column(u32()),
    conceptSpans: column(u16()),
    words,
    teaching: undefined,
    posted: head.texts.length,
    postings: u32(),
    postingEnd: u32(),
    pending: [],
  };
  const [ends, spoken] = [u32(), u32()];
  const [from, size] = next();
  const teaching =
    head.teaching === null ? undefined : { ...head.teaching, ends, spoken, weights: new Int8Array(buffer, from, size) };
  return { ...corpus, teaching };
}
