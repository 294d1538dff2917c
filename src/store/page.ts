import { type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import { MalformedError } from "../core/errors.ts";
import type { Page } from "../core/ports.ts";

/** Cursors are the sort keys of the last row; the HTTP border seals them, so what arrives here is what was given out. */
export function encodeCursor(keys: readonly (string | number)[]): string {
  return JSON.stringify(keys);
}

/** @throws {MalformedError} `request.invalid_cursor`: not the keys of these columns. */
function decodeCursor(cursor: string, columns: readonly SQLiteColumn[]): (string | number)[] {
  const fits = (key: unknown, column: SQLiteColumn | undefined) =>
    column?.dataType === "number" ? Number.isSafeInteger(key) : typeof key === "string";
  try {
    const keys: unknown = JSON.parse(cursor);
    if (Array.isArray(keys) && keys.length === columns.length && keys.every((key, i) => fits(key, columns[i])))
      return keys;
  } catch {
    // falls through: not a cursor of ours
  }
  throw new MalformedError("request.invalid_cursor", "The cursor is not one this list gave out.");
}

/** Rows strictly after the cursor in descending order of two columns. */
export function before(cursor: string | undefined, first: SQLiteColumn, second: SQLiteColumn): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [a, b] = decodeCursor(cursor, [first, second]);
  // As one comparison of rows the index is entered at the cursor, however deep the page.
  return sql`(${first}, ${second}) < (${a}, ${b})`;
}

/** Rows strictly after the cursor in ascending order of two columns. */
export function after(cursor: string | undefined, first: SQLiteColumn, second: SQLiteColumn): SQL | undefined {
  if (cursor === undefined) return undefined;
  const [a, b] = decodeCursor(cursor, [first, second]);
  return sql`(${first}, ${second}) > (${a}, ${b})`;
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

/**
 * Finds the words as typed, in any case the database knows. No `like`: D1 takes only short patterns, and nothing needs escaping.
 */
export function contains(column: SQLiteColumn, words: string): SQL {
  return words === "" ? sql`1 = 1` : sql`replace(lower(${column}), lower(${words}), '') <> lower(${column})`;
}
