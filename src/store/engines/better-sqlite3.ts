import { closeSync, existsSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";
import { UnavailableError, XiaoerError } from "../../core/errors.ts";
import type { Engine, Migration } from "../engine.ts";
import type { Statement } from "../statement.ts";

interface Waiting {
  readonly statements: readonly Statement[];
  /** By the monotonic clock. */
  readonly since: number;
  readonly resolve: (rows: unknown[][]) => void;
  readonly reject: (error: unknown) => void;
}

export interface SqliteEngine extends Engine {
  /** The file was there, and nobody else had it open when this engine opened it. */
  readonly alone: boolean;
}

/** Longest a write waits for another process's lock, in milliseconds. */
const BUSY_TIMEOUT_MS = 2000;
/** How often it looks whether the lock is free; the process goes on with everything else meanwhile. */
const BUSY_LOOK_MS = 20;

/**
 * One file, one writer. `atomic` lists that arrive in the same turn of the event loop share one transaction and one fsync:
 * durable and fast.
 * @throws {UnavailableError} `store.unavailable` with the cause when the file cannot be opened or is not a database.
 */
export function openSqlite(path: string): SqliteEngine {
  const memory = path === ":memory:";
  let database: Database.Database | undefined;
  let alone = false;
  try {
    if (!memory) createPrivately(path);
    database = new Database(path, { timeout: BUSY_TIMEOUT_MS });
    alone = hasToItself(database);
    database.pragma("journal_mode = WAL");
    // NORMAL, the library's default in WAL mode, may lose the last commits on power loss.
    database.pragma("synchronous = FULL");
    database.pragma("foreign_keys = ON");
    database.pragma("secure_delete = ON");
    database.pragma("cache_size = -65536");
    database.pragma("journal_size_limit = 67108864");
    // 16 MB of log: a page that many commits touch goes into the file once for all of them.
    database.pragma("wal_autocheckpoint = 4000");
    // SQLite would wait with the whole process standing still.
    database.pragma("busy_timeout = 0");
  } catch (cause) {
    database?.close();
    const damaged = cause instanceof Database.SqliteError && DAMAGED.test(cause.code);
    throw new UnavailableError(
      "store.unavailable",
      `The database file ${path} ${damaged ? "is damaged or no database" : "cannot be opened"}.`,
      { cause },
    );
  }
  return { ...createSqliteEngine(database), alone };
}

/** Only the one connection a file has can take it out of WAL mode; any other holds a lock on it, and the lock dies with its process. */
function hasToItself(database: Database.Database): boolean {
  try {
    database.pragma("busy_timeout = 0");
    if (database.pragma("journal_mode", { simple: true }) !== "wal") return false;
    return database.pragma("journal_mode = DELETE", { simple: true }) === "delete";
  } catch (error) {
    if (error instanceof Database.SqliteError && /^SQLITE_(BUSY|LOCKED)/.test(error.code)) return false;
    throw error;
  } finally {
    database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
  }
}

/** The file is nobody else's before anything is in it; its journals take over its mode. */
function createPrivately(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  if (!existsSync(path)) closeSync(openSync(path, "a", 0o600));
}

function createSqliteEngine(database: Database.Database): Engine {
  const cache = new Map<string, Database.Statement>();
  const run = (statement: Statement): unknown[] => {
    let prepared = cache.get(statement.sql);
    if (prepared === undefined) {
      prepared = database.prepare(toText(statement.sql));
      if (prepared.reader) prepared.raw(true);
      cache.set(statement.sql, prepared);
    }
    if (!prepared.reader) {
      prepared.run(...statement.params);
      return [];
    }
    return statement.decode(prepared.all(...statement.params) as unknown[][]);
  };
  const begin = database.prepare("begin immediate");
  const commit = database.prepare("commit");
  const rollback = database.prepare("rollback");

  let waiting: Waiting[] = [];
  const transaction = (lists: readonly (readonly Statement[])[]): unknown[][][] => {
    begin.run();
    try {
      const results = lists.map((statements) => statements.map(run));
      commit.run();
      return results;
    } catch (error) {
      if (database.inTransaction) rollback.run();
      throw error;
    }
  };
  /** Nothing was written; whoever has not waited too long is tried again. */
  const waitForLock = (batch: readonly Waiting[], error: unknown) => {
    const oldest = performance.now() - BUSY_TIMEOUT_MS;
    waiting = batch.filter(({ since }) => since > oldest);
    for (const one of batch) if (one.since <= oldest) one.reject(toFailure(error));
    if (waiting.length > 0) setTimeout(flush, BUSY_LOOK_MS);
  };
  const flush = () => {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      const results = transaction(batch.map((one) => one.statements));
      batch.forEach((one, i) => {
        one.resolve(results[i] ?? []);
      });
    } catch (error) {
      if (isHeld(error)) return waitForLock(batch, error);
      if (batch.length === 1 || isOutage(error)) {
        for (const one of batch) one.reject(toFailure(error));
        return;
      }
      // One list broke a constraint: give each its own transaction, so that it alone fails.
      for (const one of batch) {
        try {
          one.resolve(transaction([one.statements])[0] ?? []);
        } catch (own) {
          one.reject(toFailure(own));
        }
      }
    }
  };

  return {
    kind: "sqlite",
    async all<Row>(statement: Statement<Row>) {
      try {
        return run(statement) as Row[];
      } catch (error) {
        throw toFailure(error);
      }
    },
    atomic: (statements) =>
      new Promise((resolve, reject) => {
        waiting.push({ statements, since: performance.now(), resolve, reject });
        if (waiting.length === 1) setImmediate(flush);
      }),
    async checkpoint() {
      // Readers in other processes may keep a part of the log; the next checkpoint takes it.
      database.pragma("wal_checkpoint(TRUNCATE)");
    },
    async migrate(migrations: readonly Migration[]) {
      const apply = ({ tag, statements }: Migration) => {
        if (database.prepare("select 1 from xiaoer_migrations where tag = ?").get(tag) !== undefined) return;
        for (const statement of statements) database.exec(statement);
        database.prepare("insert into xiaoer_migrations values (?, unixepoch() * 1000)").run(tag);
      };
      // Whoever migrates first is waited for.
      database.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`);
      try {
        database.exec(
          "create table if not exists xiaoer_migrations (tag text primary key, applied_at integer not null)",
        );
        for (const migration of migrations) database.transaction(apply).immediate(migration);
      } catch (error) {
        throw toFailure(error);
      } finally {
        database.pragma("busy_timeout = 0");
      }
    },
    async applied() {
      return database.prepare("select tag from xiaoer_migrations order by tag").pluck().all() as string[];
    },
    async close() {
      flush();
      const left = waiting;
      waiting = [];
      for (const one of left) one.reject(closed());
      database.close();
    },
  };
}

/**
 * This SQLite is built with STAT4, and so plans a statement again each time a value is bound that its plan might depend on: ten times the
 * work of running it. `+?` is the same value, and no plan looks behind the plus. What a partial index asks for must be a literal.
 */
const toText = (sql: string): string => sql.replaceAll("?", "+?");

const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;
const OUTAGES = /^SQLITE_(FULL|BUSY|LOCKED|IOERR|READONLY|CANTOPEN|CORRUPT|NOTADB|NOMEM)/;

const closed = () => new UnavailableError("store.unavailable", "The database was closed before its lock was free.");

function isHeld(error: unknown): boolean {
  return error instanceof Database.SqliteError && /^SQLITE_BUSY/.test(error.code);
}

function isOutage(error: unknown): boolean {
  return error instanceof Database.SqliteError && OUTAGES.test(error.code);
}

function toFailure(error: unknown): unknown {
  if (error instanceof XiaoerError || !isOutage(error)) return error;
  const damaged = error instanceof Database.SqliteError && DAMAGED.test(error.code);
  return new UnavailableError(
    "store.unavailable",
    damaged ? "The database file is damaged." : "The database cannot be used right now.",
    { cause: error },
  );
}
