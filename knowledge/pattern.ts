import { RE2JS } from "re2js";

const MAX_PATTERN = 200;
const REPEAT = /\{(\d+)(?:,(\d*))?\}/g;
/** RE2 expands counted repetitions; nested ones multiply. */
const MAX_REPEATS = 1000;

export interface Pattern {
  test(text: string): boolean;
}

/** Why a pattern is refused, as a sentence for the merchant; `undefined` when it is fine. */
export function validatePattern(value: string): string | undefined {
  if (value.trim() === "") return "The pattern is empty.";
  if (value.length > MAX_PATTERN) return `The pattern is longer than ${MAX_PATTERN} characters.`;
  const repeats = [...value.matchAll(REPEAT)].reduce((product, m) => product * Math.max(1, Number(m[2] || m[1])), 1);
  if (repeats > MAX_REPEATS) return `The counted repetitions multiply to more than ${MAX_REPEATS}.`;
  try {
    const compiled = compile(value);
    if (compiled.matcher("").find())
      return "The pattern also matches the empty text, so it would answer every question.";
    return undefined;
  } catch (error) {
    return `Not RE2 syntax: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

/** The compiled pattern, or `undefined` when it is refused. Runs in time linear in the text. */
export function compilePattern(value: string): Pattern | undefined {
  if (validatePattern(value) !== undefined) return undefined;
  const compiled = compile(value);
  return { test: (text) => compiled.matcher(text).find() };
}

function compile(value: string): RE2JS {
  return RE2JS.compile(value, RE2JS.CASE_INSENSITIVE);
}
