import type { D1Database } from "@cloudflare/workers-types";
import { UnavailableError } from "../../core/errors.ts";
import type { Engine, Migration } from "../engine.ts";
import type { Statement } from "../statement.ts";

/** D1 retries reads by itself; a write that hit a passing fault is safe to repeat, since every write is conditional. */
const WRITE_TRIES = 3;
const PASSING =
  /network connection lost|storage caused object to be reset|reset because its code was updated|overloaded|timed? ?out/i;

/** Cloudflare D1. One `batch` is one transaction. */
export function createD1Engine(database: D1Database): Engine {
  const bind = (statement: Statement) => database.prepare(statement.sql).bind(...statement.params);
  return {
    kind: "d1",
    async all<Row>(statement: Statement<Row>) {
      try {
        return statement.decode(await bind(statement).raw<unknown[]>());
      } catch (error) {
        throw toFailure(error);
      }
    },
    async atomic(statements) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const results = await database.batch<Record<string, unknown>>(statements.map(bind));
          // A batch answers with objects; every `returning` list names the columns of one table, in order.
          return statements.map((statement, i) =>
            statement.decode((results[i]?.results ?? []).map((row) => Object.values(row))),
          );
        } catch (error) {
          if (attempt < WRITE_TRIES && error instanceof Error && PASSING.test(error.message)) continue;
          throw toFailure(error);
        }
      }
    },
    async migrate(migrations: readonly Migration[]) {
      await database.exec(
        "create table if not exists xiaoer_migrations (tag text primary key, applied_at integer not null)",
      );
      await adoptWranglers(database);
      const done = new Set(await this.applied());
      for (const { tag, statements } of migrations) {
        if (done.has(tag)) continue;
        try {
          // The tag goes first: whoever comes second fails on it, and with it the whole batch.
          await database.batch([
            database.prepare("insert into xiaoer_migrations values (?, unixepoch() * 1000)").bind(tag),
            ...statements.map((statement) => database.prepare(statement)),
          ]);
        } catch (error) {
          // Another process that migrates at the same time was faster: then the migration is there.
          if (!(await this.applied()).includes(tag)) throw toFailure(error);
        }
      }
    },
    async applied() {
      const rows = await database.prepare("select tag from xiaoer_migrations order by tag").raw<[string]>();
      return rows.map(([tag]) => tag);
    },
    async close() {},
  };
}

/** `wrangler d1 migrations apply` keeps a list of its own; what is on it is there. */
async function adoptWranglers(database: D1Database): Promise<void> {
  const list = await database.prepare("select 1 from sqlite_master where name = 'd1_migrations'").first();
  if (list === null) return;
  await database
    .prepare(
      "insert or ignore into xiaoer_migrations select replace(name, '.sql', ''), unixepoch() * 1000 from d1_migrations",
    )
    .run();
}

function toFailure(error: unknown): unknown {
  const passing = error instanceof Error && PASSING.test(error.message);
  return passing
    ? new UnavailableError("store.unavailable", "The database cannot be reached right now.", { cause: error })
    : error;
}
