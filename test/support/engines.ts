/** Opens each engine the store runs on, empty or migrated, as one process or as several. */
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import pg from "pg";
import { type Engine, type Migration, parseMigration } from "../../src/store/engine.ts";
import { openSqlite } from "../../src/store/engines/better-sqlite3.ts";
import { createPostgresEngine, openPostgres, type PostgresClient } from "../../src/store/engines/postgres.ts";
import type { Statement } from "../../src/store/statement.ts";

/** An empty database of one kind. */
export interface TestDatabase {
  readonly dialect: "sqlite" | "postgres";
  /** The engine as one more process would open it. */
  connect(): Promise<Engine>;
  /** Closes what was connected and removes the database. */
  remove(): Promise<void>;
}

export interface TestEngine {
  readonly name: "better-sqlite3" | "d1" | "pglite" | "postgres";
  database(): Promise<TestDatabase>;
  close(): Promise<void>;
}

const MIGRATIONS = new URL("../../migrations/", import.meta.url);

export function migrationsOf(dialect: TestDatabase["dialect"]): readonly Migration[] {
  const folder = new URL(`${dialect}/`, MIGRATIONS);
  return readdirSync(folder)
    .filter((file) => file.endsWith(".sql"))
    .sort()
    .map((file) => parseMigration(file.replace(".sql", ""), readFileSync(new URL(file, folder), "utf8")));
}

/** Any SQL, around the store: to look at what is there, or to attack it. Rows are objects of the columns named. */
export async function query(engine: Engine, text: string): Promise<unknown[][]> {
  return engine.all({ sql: text, params: [], decode: (rows) => rows });
}

function tracked(dialect: TestDatabase["dialect"], open: () => Engine, remove: () => Promise<void>): TestDatabase {
  const opened: Engine[] = [];
  return {
    dialect,
    async connect() {
      const engine = open();
      opened.push(engine);
      return engine;
    },
    async remove() {
      await Promise.all(opened.map((engine) => engine.close()));
      await remove();
    },
  };
}

export function sqliteEngine(): TestEngine {
  return {
    name: "better-sqlite3",
    async database() {
      const folder = await mkdtemp(join(tmpdir(), "xiaoer-sqlite-"));
      const path = join(folder, "xiaoer.db");
      return tracked(
        "sqlite",
        () => openSqlite(path),
        () => rm(folder, { recursive: true, force: true }),
      );
    },
    async close() {},
  };
}

/** One module of the worker; its types are stripped as Node strips them. */
function workerModule(path: string) {
  const source = readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
  return { type: "ESModule" as const, path: `/${path}`, contents: stripTypeScriptTypes(source) };
}

/** Runs the engine where it is meant to run, beside the database, and hands its answers out. */
const WORKER = `
import { createD1Engine } from "./src/store/engines/d1.ts";
const asIs = (statement) => ({ ...statement, decode: (rows) => rows });
export default {
  async fetch(request, env) {
    const { binding, method, input } = await request.json();
    const engine = createD1Engine(env[binding]);
    try {
      const argument = method === "all" ? asIs(input) : method === "atomic" ? input.map(asIs) : input;
      return Response.json({ output: (await engine[method](argument)) ?? null });
    } catch (error) {
      return Response.json({ error: error.message, code: error.code });
    }
  },
};`;

/** D1 as Cloudflare's own runtime serves it, with its limits; our engine runs inside that runtime too. */
export async function d1Engine({ databases }: { readonly databases: number }): Promise<TestEngine> {
  const bindings = Array.from({ length: databases }, (_, i) => `DB${i}`);
  const worker = new Miniflare(
    convertV4MiniflareOptions({
      modulesRoot: "/",
      modules: [
        { type: "ESModule", path: "/entry.mjs", contents: WORKER },
        workerModule("src/store/engines/d1.ts"),
        workerModule("src/core/errors.ts"),
      ],
      compatibilityDate: "2026-01-01",
      d1Databases: bindings,
    }),
  );
  await worker.ready;
  return {
    name: "d1",
    async database() {
      const binding = bindings.shift();
      if (binding === undefined) throw new Error("More D1 databases are asked for than were made.");
      return tracked(
        "sqlite",
        () => remoteEngine((call) => askWorker(worker, { binding, ...call })),
        async () => {},
      );
    },
    close: () => worker.dispose(),
  };
}

type Call = { readonly method: "all" | "atomic" | "migrate" | "applied"; readonly input?: unknown };

async function askWorker(worker: Miniflare, call: Call & { readonly binding: string }): Promise<unknown> {
  const response = await worker.dispatchFetch("http://worker/", { method: "POST", body: JSON.stringify(call) });
  const answer = (await response.json()) as { output?: unknown; error?: string; code?: string };
  if (answer.error !== undefined) throw Object.assign(new Error(answer.error), { code: answer.code });
  return answer.output;
}

/** The engine in the worker: statements go there as text and values, rows come back and are decoded here. */
function remoteEngine(ask: (call: Call) => Promise<unknown>): Engine {
  const plain = ({ sql, params }: Statement) => ({ sql, params });
  return {
    kind: "d1",
    async all<Row>(statement: Statement<Row>) {
      return statement.decode((await ask({ method: "all", input: plain(statement) })) as unknown[][]);
    },
    async atomic(statements) {
      const lists = (await ask({ method: "atomic", input: statements.map(plain) })) as unknown[][][];
      return statements.map((statement, i) => statement.decode(lists[i] ?? []));
    },
    async migrate(migrations) {
      await ask({ method: "migrate", input: migrations });
    },
    applied: async () => (await ask({ method: "applied" })) as string[],
    async close() {},
  };
}

/** PostgreSQL in this process: one connection each, so everybody waits in one line. */
export function pgliteEngine(): TestEngine {
  const parsers = { 20: Number, 1700: Number };
  return {
    name: "pglite",
    async database() {
      const server = await PGlite.create();
      const client: PostgresClient = {
        async query(text, params) {
          const result = await server.query<unknown[]>(text, [...params], { rowMode: "array", parsers });
          return result.rows;
        },
        async exec(text) {
          await server.exec(text);
        },
      };
      let line: Promise<unknown> = Promise.resolve();
      const pool = {
        with<T>(work: (client: PostgresClient) => Promise<T>): Promise<T> {
          const turn = line.then(() => work(client));
          line = turn.catch(() => undefined); // the caller sees it; the next in line does not care
          return turn;
        },
        close: async () => {},
      };
      return tracked(
        "postgres",
        () => createPostgresEngine(pool),
        () => server.close(),
      );
    },
    async close() {},
  };
}

/** A real server, with as many connections as a process may have. */
export async function postgresEngine(url: string): Promise<TestEngine> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  let made = 0;
  return {
    name: "postgres",
    async database() {
      made += 1;
      const name = `test_${process.pid}_${made}`;
      await admin.query(`create database ${name}`);
      const address = new URL(url);
      address.pathname = `/${name}`;
      return tracked(
        "postgres",
        () => openPostgres(address.href).engine,
        async () => {
          await admin.query(`drop database ${name} with (force)`);
        },
      );
    },
    close: () => admin.end(),
  };
}
