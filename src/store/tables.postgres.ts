/**
 * The PostgreSQL tables, derived column by column from `tables.ts`: same names, same order, same keys.
 * Only drizzle-kit reads this file, to write `migrations/postgres`; queries are built against the SQLite tables.
 */
import { getTableColumns, is } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  doublePrecision,
  type ExtraConfigColumn,
  foreignKey,
  index,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import { getTableConfig, type SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import * as sqlite from "./tables.ts";

type PgTable = ReturnType<typeof pgTable>;
const made = new Map<SQLiteTable, PgTable>();

/** `text` and JSON stay text; integers, booleans and times are `bigint`, read as numbers; scores are doubles. */
function toColumn(column: SQLiteColumn) {
  const name = column.keyAsName ? undefined : column.name;
  const make = () => {
    switch (column.columnType) {
      case "SQLiteInteger":
      case "SQLiteBoolean": {
        const options = { mode: "number" as const };
        const number = name === undefined ? bigint(options) : bigint(name, options);
        return column.primary ? number.primaryKey().generatedByDefaultAsIdentity() : number;
      }
      case "SQLiteReal":
        return name === undefined ? doublePrecision() : doublePrecision(name);
      default: {
        const words = name === undefined ? text() : text(name);
        return column.primary ? words.primaryKey() : words;
      }
    }
  };
  const builder = make();
  return column.notNull && !column.primary ? builder.notNull() : builder;
}

function toPostgres(table: SQLiteTable): PgTable {
  const known = made.get(table);
  if (known !== undefined) return known;
  const config = getTableConfig(table);
  const keys = new Map(Object.entries(getTableColumns(table)).map(([key, column]) => [column.name, key]));
  const columns = Object.fromEntries(
    Object.entries(getTableColumns(table)).map(([key, column]) => [key, toColumn(column)]),
  );
  const postgres = pgTable(config.name, columns, (self) => {
    // biome-ignore lint/style/noNonNullAssertion: every key comes from the same table's columns
    const at = (column: { readonly name: string }) => self[keys.get(column.name)!] as ExtraConfigColumn & AnyPgColumn;
    const list = (found: readonly { readonly name: string }[]) =>
      found.map(at) as [ExtraConfigColumn & AnyPgColumn, ...(ExtraConfigColumn & AnyPgColumn)[]];
    return [
      ...config.indexes.map(({ config: source }) => {
        const made = (source.unique ? uniqueIndex(source.name) : index(source.name)).on(
          ...list(source.columns as SQLiteColumn[]),
        );
        return source.where === undefined ? made : made.where(source.where);
      }),
      ...config.primaryKeys.map((key) => primaryKey({ columns: list(key.columns) })),
      ...config.foreignKeys.map((key) => {
        const { columns: from, foreignTable, foreignColumns } = key.reference();
        const target = toPostgres(foreignTable);
        const to = foreignColumns.map((column) => (target as unknown as Record<string, AnyPgColumn>)[column.name]);
        return foreignKey({ columns: list(from), foreignColumns: to as [AnyPgColumn, ...AnyPgColumn[]] });
      }),
    ];
  });
  made.set(table, postgres);
  return postgres;
}

const tables = Object.fromEntries(
  Object.entries(sqlite).flatMap(([key, value]) => (is(value, SQLiteTable) ? [[key, toPostgres(value)]] : [])),
);

// drizzle-kit wants named exports.
export const {
  shops,
  users,
  logins,
  presence,
  throttles,
  inboxes,
  contacts,
  identities,
  proofs,
  linkCodes,
  merges,
  mergeItems,
  conversations,
  visitorTokens,
  sessions,
  messages,
  deliveries,
  usage,
  templates,
  tickets,
  ticketLog,
  counters,
  events,
  articles,
  articleVersions,
  synonyms,
  indexSnapshots,
  gapQuestions,
  gapAsks,
  feedback,
  corrections,
  flows,
  flowMarks,
  importItems,
  tasks,
  files,
  fileParts,
  audit,
  auditSeals,
  adapterState,
  unsupportedEvents,
} = tables;
