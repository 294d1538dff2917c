import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { MalformedError } from "../core/errors.ts";
import type { Page } from "../core/ports.ts";

/** Cursors are the sort keys of the last row; the HTTP border seals them, so what arrives here is what was given out. */
export function encodeCursor(keys: readonly (string | number)[]): string {
  return JSON.stringify(keys);
}

function decodeCursor(cursor: string, size: number): (string | number)[] {
  try {
    const keys: unknown = JSON.parse(cursor);
    if (
      Array.isArray(keys) &&
      keys.length === size &&
      keys.every((key) => typeof key === "string" || typeof key === "number")
    )
      return keys;
  } catch {
    // falls through: not a cursor of ours
  }
  throw new MalformedError("request.invalid_cursor", "The cursor is not one this list gave out.");
}

/** Rows strictly after the cursor in descending order of two columns. */
export function before(cursor: string | undefined, first: SQLiteColumn, second: SQLiteColumn): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [a, b] = decodeCursor(cursor, 2);
  return sql`(${first} < ${a} or (${first} = ${a} and ${second} < ${b}))`;
}

/** Asks for one row more than the page, to know whether there is a next one. */
export function toPage<Row, T>(
  rows: readonly Row[],
  limit: number,
  map: (row: Row) => T,
  keys: (row: Row) => readonly (string | number)[],
): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items: items.map(map), next: rows.length > limit && last !== undefined ? encodeCursor(keys(last)) : null };
}

/** A `like` pattern that finds the words as typed, wherever case and engine differ. Used with `escape '\\'`. */
export function contains(column: SQLiteColumn, words: string): SQL {
  const pattern = `%${words.toLowerCase().replace(/[\\%_]/g, (character) => `\\${character}`)}%`;
  return sql`lower(${column}) like ${pattern} escape '\\'`;
}
