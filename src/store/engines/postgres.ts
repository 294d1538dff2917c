import pg from "pg";
import { UnavailableError, XiaoerError } from "../../core/errors.ts";
import type { Engine, Migration } from "../engine.ts";
import type { Statement } from "../statement.ts";

/** What the engine needs of a PostgreSQL client; `pg` and PGlite both give it. */
export interface PostgresClient {
  query(text: string, params: readonly unknown[]): Promise<unknown[][]>;
  exec(text: string): Promise<void>;
}

export interface PostgresPool {
  with<T>(work: (client: PostgresClient) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Any fixed number: the lock under which one process migrates while the others wait. */
const MIGRATION_LOCK = 7_203_118;
/** Deadlock and serialization failures: PostgreSQL asks for the same transaction again. */
const RETRY = new Set(["40001", "40P01"]);
const MAX_TRIES = 5;

export function createPostgresEngine(pool: PostgresPool): Engine {
  const texts = new Map<string, string>();
  const toText = (sql: string): string => {
    let text = texts.get(sql);
    if (text === undefined) {
      let n = 0;
      // Values are always bound, so a question mark in our SQL is a placeholder and nothing else.
      text = sql.replace(/\?/g, () => `$${++n}`);
      texts.set(sql, text);
    }
    return text;
  };
  const run = async (client: PostgresClient, statement: Statement) =>
    statement.decode(await client.query(toText(statement.sql), statement.params));

  async function transaction(statements: readonly Statement[], locks: readonly string[]): Promise<unknown[][]> {
    return pool.with(async (client) => {
      try {
        await client.exec(`begin${lockText(locks)}`);
        const rows: unknown[][] = [];
        for (const statement of statements) rows.push(await run(client, statement));
        await client.exec("commit");
        return rows;
      } catch (error) {
        await client.exec("rollback").catch(() => undefined); // the connection is gone, and the transaction with it
        throw error;
      }
    });
  }

  return {
    kind: "postgres",
    async all<Row>(statement: Statement<Row>) {
      try {
        return (await pool.with((client) => run(client, statement))) as Row[];
      } catch (error) {
        throw toFailure(error);
      }
    },
    async atomic(statements, locks = []) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          // One statement is a transaction of its own: a round trip instead of three.
          const only = statements.length === 1 && locks.length === 0 ? statements[0] : undefined;
          return only === undefined
            ? await transaction(statements, locks)
            : [await pool.with((client) => run(client, only))];
        } catch (error) {
          if (attempt < MAX_TRIES && RETRY.has(codeOf(error))) continue;
          throw toFailure(error);
        }
      }
    },
    async migrate(migrations: readonly Migration[]) {
      const work = async (client: PostgresClient) => {
        await client.query("select pg_advisory_lock($1)::text", [MIGRATION_LOCK]);
        try {
          await client.exec(
            "create table if not exists xiaoer_migrations (tag text primary key, applied_at timestamptz not null default now())",
          );
          const done = new Set((await client.query("select tag from xiaoer_migrations", [])).map(([tag]) => tag));
          for (const { tag, statements } of migrations) {
            if (done.has(tag)) continue;
            await client.exec("begin");
            try {
              for (const statement of statements) await client.exec(statement);
              await client.query("insert into xiaoer_migrations (tag) values ($1)", [tag]);
              await client.exec("commit");
            } catch (error) {
              await client.exec("rollback");
              throw error;
            }
          }
        } finally {
          await client.query("select pg_advisory_unlock($1)::text", [MIGRATION_LOCK]);
        }
      };
      await pool.with(work).catch((error: unknown) => {
        throw toFailure(error);
      });
    },
    async applied() {
      const rows = await pool.with((client) => client.query("select tag from xiaoer_migrations order by tag", []));
      return rows.map(([tag]) => String(tag));
    },
    close: () => pool.close(),
  };
}

/**
 * Takes the locks in the same round trip as `begin`, always in the same order; they last until the transaction ends.
 * Every later statement sees what the lock's last holder committed, since READ COMMITTED looks anew at each.
 */
function lockText(locks: readonly string[]): string {
  const keys = new Set(locks.map((name) => `${hash(name, 0x811c9dc5)}, ${hash(name, 0x01000193)}`));
  return [...keys]
    .sort()
    .map((key) => `; select pg_advisory_xact_lock(${key})`)
    .join("");
}

/** FNV-1a, as the signed 32 bits a lock's number has. */
function hash(name: string, seed: number): number {
  let value = seed;
  for (let i = 0; i < name.length; i += 1) value = Math.imul(value ^ name.charCodeAt(i), 0x01000193);
  return value | 0;
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** Connection trouble, too many connections, shutdown, full disk: worth trying again. Everything else is our mistake. */
function toFailure(error: unknown): unknown {
  if (error instanceof XiaoerError) return error;
  const code = codeOf(error);
  const outage =
    /^(08|53|57P|58)/.test(code) ||
    /^(ECONN|EPIPE|ETIMEDOUT|ENOTFOUND)/.test(code) ||
    (error instanceof Error &&
      /connection (terminated|timeout)|timeout exceeded when trying to connect/i.test(error.message));
  return outage
    ? new UnavailableError("store.unavailable", "The database cannot be reached right now.", { cause: error })
    : error;
}

const INT8 = 20;
const NUMERIC = 1700;
/** Our integers are times, counts and ids below 2^53, so they are read as numbers. */
const types = {
  getTypeParser: (oid: number, format?: "text" | "binary") =>
    oid === INT8 || oid === NUMERIC ? Number : pg.types.getTypeParser(oid, format as "text"),
};

/** A pool on a real server. Statements are prepared once per connection, by name. */
export function openPostgres(url: string, options: { readonly max?: number } = {}): { engine: Engine; pool: pg.Pool } {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: 2000,
    types: types as pg.CustomTypesConfig,
  });
  // An idle connection that breaks is replaced by the pool; the next query tells if the server is really gone.
  pool.on("error", () => undefined);
  const names = new Map<string, string>();
  const nameOf = (text: string): string => {
    let name = names.get(text);
    if (name === undefined) {
      name = `s${names.size}`;
      names.set(text, name);
    }
    return name;
  };
  const engine = createPostgresEngine({
    async with(work) {
      const client = await pool.connect();
      let broken: Error | undefined;
      const onError = (error: Error) => {
        broken = error;
      };
      client.on("error", onError);
      try {
        return await work({
          async query(text, params) {
            const result = await client.query({ text, values: [...params], rowMode: "array", name: nameOf(text) });
            return result.rows;
          },
          async exec(text) {
            await client.query(text);
          },
        });
      } finally {
        client.off("error", onError);
        client.release(broken);
      }
    },
    close: () => pool.end(),
  });
  return { engine, pool };
}
