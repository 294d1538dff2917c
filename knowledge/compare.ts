import type { Corpus } from "./corpus.ts";
import { type Amounts, type Comparer, VIA_EXACT, VIA_SOUND, VIA_SYNONYM, VIA_TYPO, VIA_VARIANT } from "./features.ts";
import { syllableTable } from "./pinyin.ts";
import { isLetterKind, type Query } from "./query.ts";
import { CLASS, HAN, KANA, NUMBER } from "./symbols.ts";
import { bitCount } from "./word-list.ts";
import { WrittenComparer } from "./written.ts";

const SYNONYM_CREDIT = 0.95;
const SOUND_CREDIT = 0.2;
const SOUND_PAIR_CREDIT = 0.9;
const TYPO_CREDIT = 0.85;
const VARIANT_CREDIT = 0.7;

const MAX = 256;
const MAX_SYLLABLES = 1024;
const NOT = 1 << 9;

export function createComparer(): Comparer {
  return new SymbolComparer();
}

class SymbolComparer implements Comparer {
  readonly amounts: Amounts = {
    queryTotal: 0,
    matched: 0,
    queryMissing: 0,
    variantMissing: 0,
    queryHeaviest: 0,
    variantHeaviest: 0,
  };
  readonly queryCredit = new Float32Array(MAX);
  readonly queryVia = new Uint8Array(MAX);
  latin = 0;
  kana = 0;

  private readonly written = new WrittenComparer();
  private corpus: Corpus | undefined;
  private query: Query | undefined;
  /** Per token number: index of the question's symbol plus one. */
  private symbolOf = new Uint8Array(0);
  private readonly aliases = new Map<number, { readonly symbol: number; readonly via: number }>();
  /** Per syllable: index of the question's symbol plus one, and where the syllable stands. */
  private readonly soundOf = new Uint8Array(MAX_SYLLABLES);
  private readonly soundMask = new Uint32Array(MAX_SYLLABLES);
  /** Of the question. */
  private weight = 0;
  private pairWeight = 0;
  private heaviest = -1;
  /** Of the variant being compared, by position. */
  private readonly token = new Uint32Array(MAX);
  private readonly tokenWeight = new Float32Array(MAX);
  private readonly credit = new Float32Array(MAX);
  private length = 0;
  private variantWeight = 0;
  private variantPairs = 0;
  private classes = 0;
  private hasHan = false;
  private extraNumber = 0;
  private extraLatin = 0;
  private exact = 0;
  private pairs = 0;
  private sounds = 0;
  private soundPairs = 0;
  private longestRun = 0;
  private common = 0;
  private conceptsSame = 0;

  start(corpus: Corpus, query: Query): void {
    this.clear();
    this.corpus = corpus;
    this.query = query;
    this.written.start(query.normal);
    const size = corpus.vocabulary.hash.length;
    if (this.symbolOf.length < size) this.symbolOf = new Uint8Array(size + (size >> 3));
    this.weight = 0;
    this.heaviest = -1;
    let letters = 0;
    let kana = 0;
    let most = 0;
    query.distinct.forEach((symbol, i) => {
      this.weight += symbol.idf;
      if (symbol.token >= 0) this.symbolOf[symbol.token] = i + 1;
      if (symbol.syllable > 0) {
        this.soundOf[symbol.syllable] = i + 1;
        this.soundMask[symbol.syllable] = (this.soundMask[symbol.syllable] ?? 0) | symbol.mask;
      }
      if (symbol.kind < CLASS && symbol.idf > most) {
        most = symbol.idf;
        this.heaviest = i;
      }
      if (isLetterKind(symbol.kind)) letters++;
      else if (symbol.kind === KANA) kana++;
    });
    for (const { token, symbol, via } of query.aliases)
      this.aliases.set(token, { symbol, via: via === "typo" ? VIA_TYPO : VIA_VARIANT });
    this.pairWeight = 0;
    for (let p = 1; p < query.at.length; p++) this.pairWeight += (this.idfAt(query, p) + this.idfAt(query, p - 1)) / 2;
    this.latin = letters > query.distinct.length / 2 ? 1 : 0;
    this.kana = kana > 0 ? 1 : 0;
  }

  private idfAt(query: Query, position: number): number {
    return query.distinct[query.at[position] ?? 0]?.idf ?? 0;
  }

  private clear(): void {
    for (const symbol of this.query?.distinct ?? []) {
      if (symbol.token >= 0) this.symbolOf[symbol.token] = 0;
      this.soundOf[symbol.syllable] = 0;
      this.soundMask[symbol.syllable] = 0;
    }
    this.aliases.clear();
  }

  compare(variant: number, similarity: number, out: Float32Array, at: number): void {
    const { corpus, query } = this;
    if (corpus === undefined || query === undefined) return;
    this.queryCredit.fill(0, 0, query.distinct.length);
    this.walk(corpus, query, variant);
    if (this.aliases.size > 0) this.creditAliases();
    this.creditConcepts(corpus, query, variant);
    this.written.compare(corpus, variant);
    this.write(query, out, at, similarity);
  }

  /** Goes once through the variant's symbols: what is the same, in a row, in order, and in sound. */
  private walk(corpus: Corpus, query: Query, variant: number): void {
    const { idf, kind, unit } = corpus.vocabulary;
    const { token, tokenWeight, credit, symbolOf } = this;
    const syllables = syllableTable();
    const from = variant === 0 ? 0 : (corpus.symbolEnd.data[variant - 1] ?? 0);
    const n = Math.min(MAX, (corpus.symbolEnd.data[variant] ?? 0) - from);
    this.length = n;
    this.variantWeight = 0;
    this.variantPairs = 0;
    this.classes = 0;
    this.hasHan = false;
    this.extraNumber = 0;
    this.extraLatin = 0;
    this.exact = 0;
    this.pairs = 0;
    this.sounds = 0;
    this.soundPairs = 0;
    this.longestRun = 0;
    // Bits of the question's first 32 positions: longest common subsequence after Hyyrö.
    let sequence = -1;
    let run = 0;
    let lastMask = 0;
    let lastWeight = 0;
    let lastSyllable = 0;
    let lastSoundMask = 0;
    for (let j = 0; j < n; j++) {
      const number = corpus.symbols.data[from + j] ?? 0;
      const weight = Math.max(0, idf.data[number] ?? 0);
      const k = kind.data[number] ?? 0;
      token[j] = number;
      tokenWeight[j] = k < CLASS ? weight : -weight;
      credit[j] = 0;
      this.variantWeight += weight;
      if (k >= CLASS) this.classes |= 1 << (k - CLASS);
      else if (k === HAN) this.hasHan = true;
      const i = (symbolOf[number] ?? 0) - 1;
      const mask = i < 0 ? 0 : (query.distinct[i]?.mask ?? 0);
      if (i >= 0) {
        this.exact += weight;
        credit[j] = 1;
        this.queryCredit[i] = 1;
        this.queryVia[i] = VIA_EXACT;
        const hits = sequence & mask;
        sequence = (sequence + hits) | (sequence & ~mask);
      } else if (k === NUMBER) this.extraNumber = 1;
      else if (isLetterKind(k)) this.extraLatin = 1;

      const syllable = k === HAN ? (syllables[unit.data[number] ?? 0] ?? 0) : 0;
      const heard = syllable > 0 ? (this.soundOf[syllable] ?? 0) > 0 : i >= 0;
      const soundMask = syllable > 0 ? (this.soundMask[syllable] ?? 0) : mask;
      if (heard) this.sounds += weight;
      const pairWeight = j === 0 ? 0 : (weight + lastWeight) / 2;
      this.variantPairs += pairWeight;
      if (((lastMask << 1) & mask) !== 0) {
        this.pairs += pairWeight;
        run++;
      } else run = mask === 0 ? 0 : 1;
      if (run > this.longestRun) this.longestRun = run;
      if (((lastSoundMask << 1) & soundMask) !== 0) {
        this.soundPairs += pairWeight;
        if (syllable > 0) this.hear(j, syllable, SOUND_PAIR_CREDIT);
        if (lastSyllable > 0) this.hear(j - 1, lastSyllable, SOUND_PAIR_CREDIT);
      } else if (heard && syllable > 0) this.hear(j, syllable, SOUND_CREDIT);
      lastMask = mask;
      lastWeight = weight;
      lastSyllable = syllable;
      lastSoundMask = soundMask;
    }
    const nq = query.at.length;
    this.common = Math.min(nq, 32) - bitCount(sequence & (nq >= 32 ? -1 : (1 << nq) - 1));
  }

  private hear(j: number, syllable: number, value: number): void {
    if ((this.credit[j] ?? 0) < value) this.credit[j] = value;
    this.cover((this.soundOf[syllable] ?? 0) - 1, value, VIA_SOUND);
  }

  private cover(i: number, value: number, via: number): void {
    if (i < 0 || (this.queryCredit[i] ?? 0) >= value) return;
    this.queryCredit[i] = value;
    this.queryVia[i] = via;
  }

  private creditAliases(): void {
    for (let j = 0; j < this.length; j++) {
      const alias = this.aliases.get(this.token[j] ?? 0);
      if (alias === undefined) continue;
      const value = alias.via === VIA_TYPO ? TYPO_CREDIT : VARIANT_CREDIT;
      this.credit[j] = Math.max(this.credit[j] ?? 0, value);
      this.cover(alias.symbol, value, alias.via);
    }
  }

  /** Words that stand for the same concept cover each other; what the texts mean is compared by concepts as well. */
  private creditConcepts(corpus: Corpus, query: Query, variant: number): void {
    const { conceptTokens, conceptSpans, conceptEnd } = corpus;
    const from = variant === 0 ? 0 : (conceptEnd.data[variant - 1] ?? 0);
    const end = conceptEnd.data[variant] ?? 0;
    let agreed = 0;
    let all = 0;
    for (const concept of query.concepts) {
      all += concept.idf;
      let isShared = false;
      for (let c = from; c < end; c++) {
        if (conceptTokens.data[c] !== concept.token) continue;
        isShared = true;
        const span = conceptSpans.data[c] ?? 0;
        for (let j = span >> 8; j < (span >> 8) + (span & 255) && j < MAX; j++)
          this.credit[j] = Math.max(this.credit[j] ?? 0, SYNONYM_CREDIT);
      }
      if (!isShared) continue;
      agreed += concept.idf;
      for (let p = concept.start; p < concept.start + concept.length; p++)
        this.cover(query.at[p] ?? -1, SYNONYM_CREDIT, VIA_SYNONYM);
    }
    let own = 0;
    for (let c = from; c < end; c++) own += Math.max(0, corpus.vocabulary.idf.data[conceptTokens.data[c] ?? 0] ?? 0);
    this.conceptsSame = all + own === 0 ? 0 : (2 * agreed) / (all + own);
  }

  private sumVariant(): { covered: number; missing: number; most: number } {
    let covered = 0;
    let missing = 0;
    let most = 0;
    for (let j = 0; j < this.length; j++) {
      const weight = this.tokenWeight[j] ?? 0;
      const c = this.credit[j] ?? 0;
      covered += c * Math.abs(weight);
      if (weight > most) most = weight;
      if ((1 - c) * weight > missing) missing = (1 - c) * weight;
    }
    return { covered, missing, most };
  }

  private write(query: Query, out: Float32Array, at: number, similarity: number): void {
    const { amounts, length: n } = this;
    const { distinct } = query;
    const nq = query.at.length;
    const variant = this.sumVariant();
    let covered = 0;
    let exact = 0;
    let missing = 0;
    let missingNumber = 0;
    let missingLatin = 0;
    let hasHan = false;
    for (let i = 0; i < distinct.length; i++) {
      const symbol = distinct[i];
      if (symbol === undefined) continue;
      const c = this.queryCredit[i] ?? 0;
      covered += c * symbol.idf;
      if (c === 1) exact += symbol.idf;
      if (symbol.kind === HAN) hasHan = true;
      if (symbol.kind < CLASS && (1 - c) * symbol.idf > missing) missing = (1 - c) * symbol.idf;
      if (c === 0 && symbol.kind === NUMBER) missingNumber = 1;
      else if (c === 0 && isLetterKind(symbol.kind)) missingLatin = 1;
    }
    const total = this.weight + this.variantWeight + 1e-6;
    const pairTotal = this.pairWeight + this.variantPairs + 1e-6;
    const lengths = nq + n + 1e-6;
    const coveredQuery = covered / (this.weight + 1e-6);
    const coveredVariant = variant.covered / (this.variantWeight + 1e-6);
    const symbols = (this.exact + exact) / total;
    const pairs = (2 * this.pairs) / pairTotal;
    const sequence = (2 * this.common) / lengths;
    const asked = query.classes & ~NOT;
    const offered = this.classes & ~NOT;
    let column = at;
    out[column++] = similarity;
    out[column++] = symbols;
    out[column++] = pairs;
    out[column++] = (2 * this.sounds) / total;
    out[column++] = (2 * this.soundPairs) / pairTotal;
    out[column++] = (covered + variant.covered) / total;
    out[column++] = coveredQuery;
    out[column++] = coveredVariant;
    out[column++] = coveredQuery * coveredVariant;
    out[column++] = missing / Math.max(1, distinct[this.heaviest]?.idf ?? 1);
    out[column++] = variant.missing / Math.max(1, variant.most);
    out[column++] = sequence;
    out[column++] = (2 * this.longestRun) / lengths;
    out[column++] = this.common === n && n === nq ? 1 : 0;
    out[column++] = (offered & ~asked) !== 0 ? 1 : 0;
    out[column++] = asked !== 0 && offered !== 0 && (asked & offered) === 0 ? 1 : 0;
    out[column++] = ((query.classes ^ this.classes) & NOT) !== 0 ? 1 : 0;
    out[column++] = missingNumber;
    out[column++] = this.extraNumber;
    out[column++] = hasHan ? missingLatin : 0;
    out[column++] = this.hasHan ? this.extraLatin : 0;
    out[column++] = Math.abs(nq - n) / lengths;
    out[column++] = this.conceptsSame;
    out[column++] = this.heaviest >= 0 ? (this.queryCredit[this.heaviest] ?? 0) : 0;
    out[column++] = this.latin * symbols;
    out[column++] = this.latin * pairs;
    out[column++] = this.latin * sequence;
    out[column++] = this.written.words;
    out[column++] = this.written.pairs;
    out[column++] = this.written.sequence;
    out[column++] = this.written.words ** 2;
    amounts.queryTotal = this.weight;
    amounts.matched = covered;
    amounts.queryMissing = this.weight - covered;
    amounts.variantMissing = this.variantWeight - variant.covered;
    amounts.queryHeaviest = missing;
    amounts.variantHeaviest = variant.missing;
  }
}
