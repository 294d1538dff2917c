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
 * Splits a text into pieces of at most `max` units, never inside a grapheme cluster, at a paragraph, sentence or word where one is near.
 * Joined again the pieces are the text. A single cluster larger than `max` stands alone, since cutting it would change it.
 */
export function splitText(text: string, max: number, unit: TextUnit): string[] {
  if (textLength(text, unit) <= max) return [text];
  const pieces: string[] = [];
  let piece = "";
  let size = 0;
  // Where the current piece may end well: the best boundary seen in its second half, by strength.
  let cut = 0;
  let strength = 0;
  for (const { segment } of graphemes.segment(text)) {
    const length = textLength(segment, unit);
    if (size + length > max && piece !== "") {
      const end = strength > 0 ? cut : piece.length;
      pieces.push(piece.slice(0, end));
      piece = piece.slice(end);
      size = textLength(piece, unit);
      cut = 0;
      strength = 0;
      if (size + length > max && piece !== "") {
        pieces.push(piece);
        piece = "";
        size = 0;
      }
    }
    piece += segment;
    size += length;
    const here = boundaryStrength(segment);
    if (size * 2 > max && here > 0 && here >= strength) {
      cut = piece.length;
      strength = here;
    }
  }
  if (piece !== "") pieces.push(piece);
  return pieces;
}

function boundaryStrength(segment: string): number {
  if (segment.includes("\n")) return 3;
  if (/^[。!?！？;；.]$/u.test(segment)) return 2;
  return /^[\s,，、]$/u.test(segment) ? 1 : 0;
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
