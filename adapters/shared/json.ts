import { PayloadError } from "../../src/core/errors.ts";

/** `security.md` §13. */
const MAX_DEPTH = 32;
const LONG_NUMBER = /\d{16}/;

/**
 * Reads a webhook's JSON: strict UTF-8, at most 32 levels deep, and integers beyond 2^53 kept as text, since platforms send 64-bit ids as
 * bare numbers and `JSON.parse` would merge neighbours.
 * @throws {PayloadError} when it is not JSON, or too deep.
 */
export function parseJson(body: Uint8Array): unknown {
  // Before JSON.parse, which reads a million brackets that every later walk over the value would overflow on.
  if (isDeeperThan(body, MAX_DEPTH)) throw new PayloadError(`The body is nested deeper than ${MAX_DEPTH} levels.`);
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    return LONG_NUMBER.test(text) ? JSON.parse(text, keepLongIntegers) : JSON.parse(text);
  } catch (cause) {
    throw new PayloadError("The body is not JSON.", cause);
  }
}

/** @throws {PayloadError} when the body of a platform that sends objects is none. */
export function toObject(value: unknown): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw new PayloadError("The body is no object.");
}

/** JSON that a text within a body may hold; undefined when it holds none. */
export function jsonIn(text: string): unknown {
  try {
    return parseJson(new TextEncoder().encode(text));
  } catch {
    return undefined;
  }
}

/** https://tc39.es/proposal-json-parse-with-source/: the third argument holds the number as it was written. */
function keepLongIntegers(
  this: unknown,
  _key: string,
  value: unknown,
  context?: { readonly source?: string },
): unknown {
  if (typeof value !== "number" || Number.isSafeInteger(value)) return value;
  return context?.source !== undefined && /^-?\d+$/.test(context.source) ? context.source : value;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPEN = new Set([0x5b, 0x7b]);
const CLOSE = new Set([0x5d, 0x7d]);

function isDeeperThan(body: Uint8Array, max: number): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < body.length; index += 1) {
    const byte = body[index] ?? 0;
    if (inString) {
      if (byte === BACKSLASH) index += 1;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPEN.has(byte)) {
      depth += 1;
      if (depth > max) return true;
    } else if (CLOSE.has(byte)) depth -= 1;
  }
  return false;
}
