import { Column, is, Param, Placeholder, SQL, sql } from "drizzle-orm";
import { type SQLiteColumn, SQLiteSyncDialect, type SQLiteTable } from "drizzle-orm/sqlite-core";
import { drizzle } from "drizzle-orm/sqlite-proxy";

const refuse = () => Promise.reject(new Error("Queries are run by an engine."));
/** Builds queries and never runs them: engines take the text and the values. */
export const db = drizzle(refuse, refuse, { casing: "snake_case" });
const dialect = new SQLiteSyncDialect({ casing: "snake_case" });

/** Names of values filled in at each run. */
export type Values = Readonly<Record<string, unknown>>;

/** One query, ready for an engine: its text, its values in order, and how a row of it reads. */
export interface Statement<Row = unknown> {
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly decode: (rows: unknown[][]) => Row[];
}

/** A query compiled once and filled in at each run: drizzle's work is done at start-up, not on the message path. */
export type Prepared<Row> = (values?: Values) => Statement<Row>;

interface Builder<Row> {
  prepare(): { getQuery(): { sql: string; params: unknown[] } };
  readonly _: { readonly result: Row };
}
type RowOf<Result> = Result extends readonly (infer Row)[] ? Row : never;

/** Compiles a drizzle query; `sql.placeholder("name")` marks the values. Rows come back as drizzle types them. */
export function prepare<Result>(builder: Builder<Result>): Prepared<RowOf<Result>> {
  // The proxy driver's prepared query decodes positional rows; drizzle types its result by the dialect, not here.
  const prepared = builder.prepare() as unknown as {
    getQuery(): { sql: string; params: unknown[] };
    mapAllResult(rows: unknown): RowOf<Result>[];
    readonly fields?: readonly SelectedField[];
    readonly joinsNotNullableMap?: Readonly<Record<string, boolean>>;
  };
  const { sql: text, params } = prepared.getQuery();
  const fill = filler(params);
  // A table that may be missing from a row (a left join) is drizzle's own business.
  const simple = prepared.fields !== undefined && !Object.values(prepared.joinsNotNullableMap ?? {}).includes(false);
  const decode = simple
    ? (reader(prepared.fields) as (rows: unknown[][]) => RowOf<Result>[])
    : (rows: unknown[][]) => prepared.mapAllResult(rows);
  return (values = {}) => ({ sql: text, params: fill(values), decode });
}

interface SelectedField {
  readonly path: readonly string[];
  readonly field: unknown;
}
type Read = (value: unknown) => unknown;

/** What drizzle does with each field of each row, found out once. */
function reader(fields: readonly SelectedField[]): (rows: unknown[][]) => unknown[] {
  const reads = fields.map(({ path: [first = "", second], field }) => ({ first, second, read: readOf(field) }));
  return (rows) =>
    rows.map((row) => {
      const result: Record<string, unknown> = {};
      reads.forEach(({ first, second, read }, i) => {
        const raw = row[i] ?? null;
        const value = raw === null || read === undefined ? raw : read(raw);
        if (second === undefined) {
          result[first] = value;
          return;
        }
        const part = (result[first] ?? {}) as Record<string, unknown>;
        part[second] = value;
        result[first] = part;
      });
      return result;
    });
}

/** Undefined where the database's value is the value. */
function readOf(field: unknown): Read | undefined {
  // A selected field is a column, an expression, or an expression with a name; drizzle keeps how an expression reads to itself.
  const expression = is(field, SQL) ? field : (field as SQL.Aliased).sql;
  const decoder = is(field, Column) ? field : (Reflect.get(expression, "decoder") as { mapFromDriverValue: Read });
  const isPlain = decoder.mapFromDriverValue === Column.prototype.mapFromDriverValue;
  return isPlain ? undefined : (value) => decoder.mapFromDriverValue(value);
}

/** Compiles a query written as `sql`; each row is what the named fields say. */
export function prepareRaw<Fields extends Record<string, SQLiteColumn | "number" | "text">>(
  query: SQL,
  fields: Fields,
): Prepared<{
  [K in keyof Fields]: Fields[K] extends SQLiteColumn
    ? Value<Fields[K]>
    : Fields[K] extends "number"
      ? number
      : string | null;
}> {
  const { sql: text, params } = dialect.sqlToQuery(query);
  const fill = filler(params);
  const columns = Object.entries(fields);
  const decode = (rows: unknown[][]) =>
    rows.map((row) => Object.fromEntries(columns.map(([key, field], i) => [key, read(field, row[i])])));
  // The fields given are the fields read, one by one.
  return (values = {}) => ({ sql: text, params: fill(values), decode: decode as never });
}

type Value<C extends SQLiteColumn> = C["_"]["notNull"] extends true ? C["_"]["data"] : C["_"]["data"] | null;

function read(field: SQLiteColumn | "number" | "text", value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (field === "number") return Number(value);
  return field === "text" ? value : field.mapFromDriverValue(value as never);
}

/**
 * `insert … select … where condition`: the row appears only if the condition holds at that moment, so nothing is read first.
 * A row that meets a unique key already there is left out silently; `returning` says who won.
 */
export function prepareInsertWhere<T extends SQLiteTable, R extends Record<string, SQLiteColumn>>(
  table: T,
  keys: readonly (keyof T["_"]["columns"] & string)[],
  options: {
    readonly where?: SQL;
    readonly returning: R;
    readonly conflict?: "ignore" | "fail" | SQL;
    readonly computed?: Partial<Record<keyof T["_"]["columns"] & string, SQL>>;
  },
) {
  const columns = keys.map((key) => (table as unknown as Record<string, SQLiteColumn>)[key] as SQLiteColumn);
  const names = sql.join(
    columns.map((column) => sql.identifier(columnName(column))),
    sql`, `,
  );
  const values = sql.join(
    keys.map((key, i) => options.computed?.[key] ?? sql`${sql.param(sql.placeholder(key), columns[i])}`),
    sql`, `,
  );
  const conflict =
    options.conflict === "fail"
      ? sql``
      : options.conflict === undefined || options.conflict === "ignore"
        ? sql` on conflict do nothing`
        : sql` ${options.conflict}`;
  const returning = sql.join(
    Object.values(options.returning).map((column) => sql.identifier(columnName(column))),
    sql`, `,
  );
  return prepareRaw(
    sql`insert into ${table} (${names}) select ${values} where ${options.where ?? sql`1 = 1`}${conflict} returning ${returning}`,
    options.returning,
  );
}

/** A change that only tells how many rows it touched: one row for each. */
export const touching = (query: SQL): Statement =>
  prepareRaw(sql`${query} returning 1 as touched`, { touched: "number" })();

/** The column's name in SQL; drizzle keeps the TypeScript key and applies the casing when it prints. */
export function columnName(column: Column): string {
  return column.keyAsName ? column.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : column.name;
}

/** `undefined` and `null` are NULL; everything else goes through its column's own encoder. */
function filler(params: readonly unknown[]): (values: Values) => unknown[] {
  const writes = params.map((param): ((values: Values) => unknown) => {
    if (is(param, Param) && is(param.value, Placeholder)) {
      const { name } = param.value;
      const { encoder } = param;
      return (values) => {
        const value = values[name];
        return value === undefined || value === null ? null : encoder.mapToDriverValue(value);
      };
    }
    if (is(param, Placeholder)) {
      const { name } = param;
      return (values) => {
        const value = values[name];
        return value === undefined ? null : typeof value === "boolean" ? Number(value) : value;
      };
    }
    return () => param;
  });
  return (values) => writes.map((write) => write(values));
}

export { is, sql };
export const $ = sql.placeholder;
export { Column };
