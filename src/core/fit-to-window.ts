/** Says everything in no more messages than are left. Pure. */
import { type Capabilities, PLAIN_TEXT } from "./adapter.ts";
import type { Content } from "./content.ts";
import { lower } from "./lower.ts";
import { splitText, textLength } from "./text.ts";

/** Messages that go out one after the other and bring so many of the contents, from the first not yet brought. */
export interface Call {
  readonly messages: readonly Content[];
  readonly carries: number;
}

export interface Fitted {
  readonly calls: readonly Call[];
  /** How many of the contents, from the end, do not go in: nothing is ever left out silently. */
  readonly unsaid: number;
}

type Limits = Pick<Capabilities, "maxTextLength" | "textUnit">;

/**
 * What is to be said, lowered to the channel already, in at most `left` messages: as it is while there is room, and its end in words
 * (pictures as links, buttons as numbered lines) joined by blank lines where there is not.
 * @param left absent: any number
 */
export function fitToWindow(
  contents: readonly Content[],
  { left, limits }: { readonly left: number | undefined; readonly limits: Limits },
): Fitted {
  const single = (content: Content): Call => ({ messages: [content], carries: 1 });
  if (left === undefined || contents.length <= left) return { calls: contents.map(single), unsaid: 0 };
  for (let kept = left - 1; kept >= 0; kept -= 1) {
    const merged = inWords(contents.slice(kept), limits);
    if (countOf(merged) <= left - kept)
      return { calls: [...contents.slice(0, kept).map(single), ...merged], unsaid: 0 };
  }
  return asMuchAs(inWords(contents, limits), contents.length, left);
}

/** All of it in words, in as few messages as hold them. */
export function inWords(contents: readonly Content[], limits: Limits): readonly Call[] {
  const words = contents.map((content) => wordsOf(content, limits));
  const joined = join(words);
  const pieces = splitText(joined, limits.maxTextLength, limits.textUnit);
  const packed = pack(words, limits);
  // Between contents where that costs nothing, else wherever the text may be cut.
  return packed !== undefined && packed.length <= pieces.length ? packed : toCalls(pieces, words);
}

function countOf(calls: readonly Call[]): number {
  return calls.reduce((sum, call) => sum + call.messages.length, 0);
}

function wordsOf(content: Content, { maxTextLength, textUnit }: Limits): string {
  const parts = lower(content, { ...PLAIN_TEXT, maxTextLength, textUnit });
  return parts
    .map((part) => (part.type === "text" ? part.text : ""))
    .join("\n")
    .trim();
}

const SEPARATOR = "\n\n";
const join = (texts: readonly string[]) => texts.join(SEPARATOR);
const say = (text: string): Content => ({ type: "text", text });

/** Whole contents side by side; undefined when one is longer than a message. */
function pack(words: readonly string[], { maxTextLength, textUnit }: Limits): Call[] | undefined {
  const groups: string[][] = [];
  for (const text of words) {
    if (textLength(text, textUnit) > maxTextLength) return undefined;
    const last = groups.at(-1);
    if (last !== undefined && textLength(join([...last, text]), textUnit) <= maxTextLength) last.push(text);
    else groups.push([text]);
  }
  return groups.map((group) => ({ messages: [say(join(group))], carries: group.length }));
}

/** The pieces of the joined words; a piece in which no content ends goes with the next. */
function toCalls(pieces: readonly string[], words: readonly string[]): Call[] {
  let end = -SEPARATOR.length;
  const ends = words.map((text) => {
    end += SEPARATOR.length + text.length;
    return end;
  });
  const calls: Call[] = [];
  let messages: Content[] = [];
  let reached = 0;
  let ended = 0;
  for (const piece of pieces) {
    reached += piece.length;
    if (piece.trim() !== "") messages.push(say(piece.trim()));
    const until = ends.filter((at) => at <= reached).length;
    if (until === ended || messages.length === 0) continue;
    calls.push({ messages, carries: until - ended });
    messages = [];
    ended = until;
  }
  return calls;
}

function asMuchAs(calls: readonly Call[], contents: number, left: number): Fitted {
  const said: Call[] = [];
  for (const call of calls) {
    if (countOf(said) + call.messages.length > left) break;
    said.push(call);
  }
  return { calls: said, unsaid: contents - said.reduce((sum, call) => sum + call.carries, 0) };
}
