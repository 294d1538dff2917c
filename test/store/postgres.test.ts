import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { newId } from "../../src/core/ids.ts";
import type { Engine } from "../../src/store/engine.ts";
import { openPostgres } from "../../src/store/engines/postgres.ts";
import type { Statement } from "../../src/store/statement.ts";
import { createStore } from "../../src/store/store.ts";
import { testStore } from "../conformance/store.ts";
import { migrationsOf, postgresEngine, query, type TestDatabase, type TestEngine } from "../support/engines.ts";

testStore("PostgreSQL", () => postgresEngine(inject("postgresUrl")));

describe("a PostgreSQL server", () => {
  let server: TestEngine;
  let database: TestDatabase;
  let engine: Engine;
  let admin: pg.Client;
  beforeAll(async () => {
    server = await postgresEngine(inject("postgresUrl"));
    database = await server.database();
    engine = await database.connect();
    await engine.migrate(migrationsOf("postgres"));
    admin = new pg.Client({ connectionString: inject("postgresUrl") });
    await admin.connect();
  });
  afterAll(async () => {
    await admin.end();
    await database.remove();
    await server.close();
  });
  const statement = (sql: string, ...params: unknown[]): Statement => ({ sql, params, decode: (rows) => rows });
  const unavailable = { name: "UnavailableError", code: "store.unavailable" };

  test("that is not there is an outage for every kind of work", async () => {
    const gone = openPostgres("postgres://postgres:x@127.0.0.1:1/none").engine;
    await expect(gone.all(statement("select 1"))).rejects.toMatchObject(unavailable);
    await expect(gone.atomic([statement("select 1"), statement("select 1")])).rejects.toMatchObject(unavailable);
    await expect(gone.migrate(migrationsOf("postgres"))).rejects.toMatchObject(unavailable);
    await gone.close();
  });

  test("that ends its connections fails what was under way, whole, and serves the next", async () => {
    const store = createStore(engine, { newId });
    const [[name] = []] = await query(engine, "select current_database()");
    const holder = await database.connect();
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Somebody holds the lock; the list waits for it, inside its transaction.
    const sleeping = holder.atomic([statement("select pg_sleep(30)::text")], ["test:lock"]).catch(() => release());
    const waiting = async () =>
      (
        await admin.query(
          "select 1 from pg_stat_activity where datname = $1 and wait_event_type in ('Lock', 'Timeout')",
          [name],
        )
      ).rowCount;
    while ((await waiting()) !== 1);
    const list = engine.atomic(
      [statement("insert into counters values ('half', 1) returning key"), statement("select pg_sleep(30)::text")],
      ["other:lock"],
    );
    const failed = expect(list).rejects.toMatchObject(unavailable);
    while ((await waiting()) !== 2);
    await admin.query("select pg_terminate_backend(pid) from pg_stat_activity where datname = $1", [name]);
    await failed;
    await held;
    await sleeping;
    await expect(store.ping()).resolves.toBeUndefined();
    expect(await query(engine, "select * from counters where key = 'half'")).toEqual([]);
  });

  test("that breaks a deadlock gets the list again", async () => {
    await engine.atomic([statement("insert into counters values ('a', 0), ('b', 0) returning key")]);
    const add = (key: string) => statement("update counters set value = value + 1 where key = ? returning key", key);
    const pause = statement("select pg_sleep(0.2)::text");
    await Promise.all([engine.atomic([add("a"), pause, add("b")]), engine.atomic([add("b"), pause, add("a")])]);
    expect(await query(engine, "select value from counters where key in ('a', 'b')")).toEqual([[2], [2]]);
  });

  test("runs lists that share a lock one after the other, whatever the order of their locks", async () => {
    const step = () => [
      statement("insert into counters values ('steps', 0) on conflict (key) do nothing returning key"),
      statement(
        "update counters set value = (select value from counters where key = 'steps') + 1 where key = 'steps' returning value",
      ),
    ];
    const lists = Array.from({ length: 30 }, (_, i) =>
      engine.atomic(step(), i % 2 === 0 ? ["x", "y"] : ["y", "x", "y"]),
    );
    const values = (await Promise.all(lists)).map(([, rows]) => Number(rows?.flat()[0]));
    expect(values.sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
  });
});
