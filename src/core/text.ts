/**
 * Makes any text storable: well-formed Unicode, no NUL (PostgreSQL refuses it), composed (NFC). Ids are never passed through here.
 */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\u0000", "").normalize("NFC");
}

/** The unit a platform counts text in. */
export type TextUnit = "utf16" | "bytes" | "graphemes";

const graphemes = new Intl.Segmenter("und", { granularity: "grapheme" });
const encoder = new TextEncoder();
const ASCII = /^[\u0020-\u007e\n]*$/;

/** Length of a text in the platform's own unit. */
export function textLength(text: string, unit: TextUnit): number {
  if (unit === "utf16" || ASCII.test(text)) return text.length;
  if (unit === "bytes") return encoder.encode(text).length;
  let count = 0;
  for (const _ of graphemes.segment(text)) count += 1;
  return count;
}

/**
 * Splits a text into pieces of at most `max` units: at a paragraph, a sentence or a word where there is one, never inside a URL or a word
 * that fits, never inside a grapheme cluster that fits. Joined again the pieces are the text.
 */
export function splitText(text: string, max: number, unit: TextUnit): string[] {
  if (textLength(text, unit) <= max) return [text];
  const pieces: string[] = [];
  let piece = "";
  let size = 0;
  // Where the current piece may end well: the last of its best boundaries, one in its second half before any in its first.
  let cut = 0;
  let cutRank = 0;
  let previous = "";
  for (const segment of atoms(text, max, unit)) {
    const length = textLength(segment, unit);
    while (size + length > max && piece !== "") {
      const end = cut > 0 ? cut : piece.length;
      pieces.push(piece.slice(0, end));
      piece = piece.slice(end);
      size = textLength(piece, unit);
      cut = 0;
      cutRank = 0;
    }
    piece += segment;
    size += length;
    const strength = boundaryStrength(segment, previous);
    const rank = strength === 0 ? 0 : strength + (size * 2 > max ? 10 : 0);
    if (rank > 0 && rank >= cutRank) {
      cut = piece.length;
      cutRank = rank;
    }
    previous = segment;
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}

/** What is never cut: grapheme clusters, and of a cluster larger than `max` (a letter under thousands of accents) its code points. */
function* atoms(text: string, max: number, unit: TextUnit): Generator<string> {
  for (const { segment } of graphemes.segment(text)) {
    if (textLength(segment, unit) <= max) yield segment;
    else yield* segment;
  }
}

/** How well a piece may end after `segment`: line 4, sentence 3, comma or space 2, between Chinese or Japanese characters 1. */
function boundaryStrength(segment: string, previous: string): number {
  if (segment.includes("\n")) return 4;
  if (/^[。！？；]$/u.test(segment)) return 3;
  // A full stop ends a sentence only before a space: "3.14" and "https://a.example/b" have none.
  if (/^\s$/u.test(segment)) return /^[.!?;]$/.test(previous) ? 3 : 2;
  if (/^[，、：]$/u.test(segment)) return 2;
  return /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(segment) ? 1 : 0;
}

/** Shortens a label to `max` units between grapheme clusters, marking the cut; only for labels whose full text stands elsewhere. */
export function shorten(text: string, max: number, unit: TextUnit = "graphemes"): string {
  if (textLength(text, unit) <= max) return text;
  const room = max - textLength("…", unit);
  let kept = "";
  let size = 0;
  for (const { segment } of graphemes.segment(text)) {
    size += textLength(segment, unit);
    if (size > room) break;
    kept += segment;
  }
  return `${kept}…`;
}
