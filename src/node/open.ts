/** A deployment on Node, opened: its database migrated, its desk assembled; what the server and the command line both need. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import pg from "pg";
import pino from "pino";
import { createDemoShop } from "../commerce/demo-shop.ts";
import { createNoCommerce } from "../commerce/none.ts";
import { newId } from "../core/ids.ts";
import type { Hub } from "../core/live.ts";
import type { Logger, Store } from "../core/ports.ts";
import { createSeal, type Seal } from "../core/seal.ts";
import type { Deps } from "../desk/deps.ts";
import type { InboxRegistry } from "../desk/inboxes.ts";
import type { Passwords } from "../http/context.ts";
import { createMemoryHub } from "../live/memory-hub.ts";
import { createPostgresHub } from "../live/postgres-hub.ts";
import { openSqlite } from "../store/engines/better-sqlite3.ts";
import { openPostgres } from "../store/engines/postgres.ts";
import { createStore } from "../store/store.ts";
import { assemble, createXiaoer, type Xiaoer } from "../xiaoer.ts";
import { type NodeConfig, readConfig } from "./config.ts";
import { keptSecret, loadMigrations } from "./files.ts";
import { createPasswords } from "./passwords.ts";
import { createSafeConnect } from "./safe-connect.ts";
import { createSafeFetch } from "./safe-fetch.ts";
import type { NodeSimulator, SimulatorDeps } from "./simulator/index.ts";

/** Everything secret or personal that could end up in a log line. */
const REDACT = [
  "*.authorization",
  "*.cookie",
  "*.token",
  "*.password",
  "*.secret",
  "*.text",
  "*.phone",
  "*.email",
  "err.config",
  "err.request",
  "err.response",
];

function createLogger(level: string): Logger {
  const log = pino({ level, redact: { paths: REDACT, censor: "[redacted]" }, serializers: { err: errorOf } });
  return {
    debug: (data, message) => log.debug(data, message),
    info: (data, message) => log.info(data, message),
    warn: (data, message) => log.warn(data, message),
    error: (data, message) => log.error(data, message),
  };
}

/** Name, code and place of an error; its message only when it is ours, since others may quote what they choked on. */
function errorOf(error: unknown): object {
  if (!(error instanceof Error)) return { name: typeof error };
  const code = "code" in error ? { code: String(error.code) } : {};
  const cause = error.cause instanceof Error ? { cause: errorOf(error.cause) } : {};
  return {
    name: error.name,
    ...code,
    message: error.message.slice(0, 300),
    stack: error.stack?.split("\n").slice(1, 6).join("\n"),
    ...cause,
  };
}

async function loadDeployment(config: NodeConfig): Promise<Xiaoer> {
  const path = resolve(config.configFile ?? "xiaoer.config.ts");
  if (config.configFile === undefined && !existsSync(path)) return createXiaoer();
  const module = (await import(pathToFileURL(path).href)) as { default?: Xiaoer };
  if (module.default === undefined) throw new Error(`${path} has no default export; export createXiaoer({ … }).`);
  return module.default;
}

function openHome(config: NodeConfig, log: Logger) {
  if (config.database.kind === "sqlite") {
    const engine = openSqlite(resolve(config.database.path));
    return {
      engine,
      alone: engine.alone,
      hub: createMemoryHub(),
      folder: dirname(resolve(config.database.path)),
      dialect: "sqlite" as const,
    };
  }
  const { url } = config.database;
  const { engine } = openPostgres(url);
  const connect = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  return {
    engine,
    alone: false,
    hub: createPostgresHub({ connect, log, id: randomUUID() }),
    folder: resolve("data"),
    dialect: "postgres" as const,
  };
}

export interface Deployment {
  readonly config: NodeConfig;
  readonly log: Logger;
  readonly store: Store;
  readonly seal: Seal;
  readonly hub: Hub;
  readonly desk: Deps;
  readonly inboxes: InboxRegistry;
  readonly passwords: Passwords;
  /** No other process has the database open; what leases it holds are a dead one's. */
  readonly alone: boolean;
  /** Tags of the migrations this build knows. */
  readonly migrations: readonly string[];
  /** Work begun and not yet done. */
  readonly pending: ReadonlySet<Promise<unknown>>;
  /** Only in demo. */
  readonly simulator?: NodeSimulator;
  publicUrl: string;
  close(): Promise<void>;
}

export async function openDeployment(env: Readonly<Record<string, string | undefined>>): Promise<Deployment> {
  const config = readConfig(env);
  const log = createLogger(config.logLevel);
  const { engine, alone, hub, folder, dialect } = openHome(config, log);
  const migrations = loadMigrations(dialect);
  await engine.migrate(migrations);
  const store = createStore(engine, { newId });
  const seal = createSeal(config.secret ?? keptSecret(join(folder, "secret")));
  const fetch = createSafeFetch(config.privateHosts);
  const simulator = config.demo
    ? await openSimulator({
        recorded: config.recordWebhooks,
        fetch,
        publicUrl: () => deployment.publicUrl,
        home: () => assembled,
      })
    : undefined;
  const now = simulator?.now ?? Date.now;
  const pending = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>) => {
    pending.add(work);
    work
      .catch((error: unknown) => log.error({ err: error }, "background work failed"))
      .finally(() => pending.delete(work));
  };
  const host = config.host.includes(":") ? `[${config.host}]` : config.host;
  const deployment: Omit<Deployment, "desk" | "inboxes"> = {
    config,
    log,
    store,
    seal,
    hub,
    passwords: createPasswords(),
    alone,
    migrations: migrations.map(({ tag }) => tag),
    pending,
    ...(simulator === undefined ? {} : { simulator }),
    publicUrl: config.publicUrl ?? `http://${host}:${config.port}`,
    async close() {
      await hub.close();
      await store.close();
    },
  };
  const xiaoer = await loadDeployment(config);
  const channels = simulator?.wrap(xiaoer.channels) ?? xiaoer.channels;
  const parts = assemble(
    { ...xiaoer, channels },
    {
      name: "node",
      store,
      hub,
      seal,
      log,
      fetch,
      resolve: createSafeConnect(config.privateHosts),
      commerce: config.demo ? createDemoShop({ now }) : createNoCommerce({ now }),
      demo: config.demo,
      publicUrl: () => deployment.publicUrl,
      now,
      random: Math.random,
      background,
    },
  );
  const assembled = { store, ...parts };
  return Object.assign(deployment, assembled);
}

/** What only a demo has is loaded by demos only. */
async function openSimulator(deps: Omit<SimulatorDeps, "now">): Promise<NodeSimulator> {
  const { createSimulator } = await import("./simulator/index.ts");
  return createSimulator({ ...deps, now: Date.now });
}
