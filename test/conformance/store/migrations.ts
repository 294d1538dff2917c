import { getTableColumns, is } from "drizzle-orm";
import { PgTable, getTableConfig as pgConfig } from "drizzle-orm/pg-core";
import { type SQLiteColumn, SQLiteTable, getTableConfig as sqliteConfig } from "drizzle-orm/sqlite-core";
import { describe, expect, test } from "vitest";
import type { Engine } from "../../../src/store/engine.ts";
import * as postgres from "../../../src/store/tables.postgres.ts";
import * as sqlite from "../../../src/store/tables.ts";
import { migrationsOf, query } from "../../support/engines.ts";
import { type Bench, range, storeOf, times } from "./bench.ts";

/** `shops.name text not null`: what a column is, in one line. */
type Column = string;

export function testMigrations(bench: Bench): void {
  describe("migrations", () => {
    test("can be applied again, by several processes at once, and each is applied once", async () => {
      const database = await bench.database();
      const migrations = migrationsOf(database.dialect);
      const engines = await times(4, () => database.connect());
      await Promise.all(engines.map((engine) => engine.migrate(migrations)));
      for (const engine of engines) {
        await engine.migrate(migrations);
        expect(await engine.applied()).toEqual(migrations.map(({ tag }) => tag));
      }
      await expect(storeOf(await database.connect()).ping()).resolves.toBeUndefined();
    });

    test("can stop after any and go on from there; one that fails leaves nothing", async () => {
      const database = await bench.database();
      const engine = await database.connect();
      const migrations = migrationsOf(database.dialect);
      for (const count of range(migrations.length + 1)) {
        await engine.migrate(migrations.slice(0, count));
        expect(await engine.applied()).toHaveLength(count);
      }
      const bad = { tag: "9999_bad", statements: ["create table half (id text)", "create table half (id text)"] };
      await expect(engine.migrate([...migrations, bad])).rejects.toThrow();
      expect(await engine.applied()).toHaveLength(migrations.length);
      await expect(query(engine, "select * from half")).rejects.toThrow();
      await storeOf(engine).createShop({ id: "s", name: "s", locale: "en", timeZone: "UTC", settings: {}, now: 1 });
      expect(await columnsOf(engine)).toEqual(database.dialect === "postgres" ? postgresColumns() : sqliteColumns());
    });

    test("what a shop was begun with is told from what it wrote itself", async () => {
      const database = await bench.database();
      const engine = await database.connect();
      const migrations = migrationsOf(database.dialect);
      const added = migrations.findIndex(({ tag }) => tag === "0010_starters");
      await engine.migrate(migrations.slice(0, added));
      const begun = [
        ["pack", "starter"],
        ["own", "林"],
      ] as const;
      for (const [id, by] of begun) {
        const insert = `insert into articles (id, shop_id, draft, words, version, published, published_version, changed_at, created_at, updated_at)
          values ('${id}', 's', '{}', '', 1, '{}', 1, 1, 1, 1) returning id`;
        await query(engine, insert);
        const version = `insert into article_versions (shop_id, article_id, version, draft, published, by_name, at)
          values ('s', '${id}', 1, '{}', 1, '${by}', 1) returning version`;
        await query(engine, version);
      }
      await engine.migrate(migrations);
      const changes = await storeOf(engine).articlesChangedAfter("s", 0);
      expect(new Map(changes.map(({ id, starterVersion }) => [id, starterVersion]))).toEqual(
        new Map([
          ["pack", 1],
          ["own", undefined],
        ]),
      );
    });
  });
}

async function columnsOf(engine: Engine): Promise<readonly Column[]> {
  if (engine.kind === "postgres") {
    const rows = await query(
      engine,
      `select table_name, column_name, data_type, is_nullable from information_schema.columns
       where table_schema = current_schema() and table_name <> 'xiaoer_migrations'`,
    );
    return rows
      .map(([table, name, type, nullable]) => `${table}.${name} ${type}${nullable === "NO" ? " not null" : ""}`)
      .sort();
  }
  const tables = await query(engine, "select name from sqlite_master where type = 'table' order by name");
  const columns: Column[] = [];
  for (const [table] of tables) {
    if (/^(sqlite_|_cf_|xiaoer_migrations|d1_)/.test(String(table))) continue;
    for (const [, name, type, notNull] of await query(engine, `pragma table_info("${table}")`))
      columns.push(`${table}.${name} ${String(type).toLowerCase()}${notNull === 1 ? " not null" : ""}`);
  }
  return columns.sort();
}

const snake = (column: { readonly name: string; readonly keyAsName: boolean }) =>
  column.keyAsName ? column.name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) : column.name;

function sqliteColumns(): readonly Column[] {
  return Object.values(sqlite)
    .filter((table) => is(table, SQLiteTable))
    .flatMap((table) =>
      Object.values<SQLiteColumn>(getTableColumns(table)).map(
        (column) =>
          `${sqliteConfig(table).name}.${snake(column)} ${column.getSQLType()}${column.notNull ? " not null" : ""}`,
      ),
    )
    .sort();
}

function postgresColumns(): readonly Column[] {
  return Object.values(postgres)
    .filter((table) => is(table, PgTable))
    .flatMap((table) => {
      const { name, columns, primaryKeys } = pgConfig(table);
      const keys = new Set(primaryKeys.flatMap((key) => key.columns.map((column) => column.name)));
      return columns.map(
        (column) =>
          `${name}.${snake(column)} ${column.getSQLType()}${column.notNull || keys.has(column.name) ? " not null" : ""}`,
      );
    })
    .sort();
}
