/** The Node home: reads the environment, builds everything, starts. One process on SQLite, or many on one PostgreSQL. */
import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { serve, type ServerType } from "@hono/node-server";
import pg from "pg";
import pino from "pino";
import { SignJWT } from "jose";
import { WebSocketServer } from "ws";
import { createDemoShop } from "./commerce/demo-shop.ts";
import { createNoCommerce } from "./commerce/none.ts";
import { newId } from "./core/ids.ts";
import type { Logger } from "./core/ports.ts";
import { createSeal } from "./core/seal.ts";
import { sealAudit } from "./desk/audit.ts";
import { DEMO_INBOX, seedAdmin, seedDemo, seedShop } from "./desk/seed.ts";
import { closeIdle, sweep } from "./desk/sweep.ts";
import { createApp } from "./http/app.ts";
import { beginning, serveEvents, sourceOf } from "./http/streams.ts";
import { createMemoryHub } from "./live/memory-hub.ts";
import { createNodeStreams } from "./live/node-stream.ts";
import { createPostgresHub } from "./live/postgres-hub.ts";
import { type NodeConfig, readConfig } from "./node/config.ts";
import { createAssets, keptSecret, loadMigrations, readPack, VERSION } from "./node/files.ts";
import { createMetrics } from "./node/metrics.ts";
import { createPasswords } from "./node/passwords.ts";
import { createSafeFetch } from "./node/safe-fetch.ts";
import { openSqlite } from "./store/engines/better-sqlite3.ts";
import { openPostgres } from "./store/engines/postgres.ts";
import { createStore } from "./store/store.ts";
import { assemble, createXiaoer, type Xiaoer } from "./xiaoer.ts";

const SWEEP_EVERY_MS = 500;
const IDLE_EVERY_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
/** Headers and requests that take longer are cut off; `security.md` §13. */
const HEADER_MS = 10_000;
const REQUEST_MS = 30_000;

export interface Running {
  readonly url: string;
  readonly admin: { readonly email: string; readonly password?: string } | undefined;
  stop(): Promise<void>;
}

/** Everything secret or personal that could end up in a log line. */
const REDACT = ["*.authorization", "*.cookie", "*.token", "*.password", "*.secret", "*.text", "*.phone", "*.email", "err.config", "err.request", "err.response"];

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
  return { name: error.name, ...code, message: error.message.slice(0, 300), stack: error.stack?.split("\n").slice(1, 6).join("\n"), ...cause };
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
    return { engine: openSqlite(resolve(config.database.path)), hub: createMemoryHub(), folder: dirname(resolve(config.database.path)), dialect: "sqlite" as const };
  }
  const { url } = config.database;
  const { engine } = openPostgres(url);
  const connect = async () => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    return client;
  };
  return { engine, hub: createPostgresHub({ connect, log, id: randomUUID() }), folder: resolve("data"), dialect: "postgres" as const };
}

/** Starts a server; what it needs to know is in the environment (`contract.md`, Start-up). */
export async function start(env: Readonly<Record<string, string | undefined>>): Promise<Running> {
  const config = readConfig(env);
  const log = createLogger(config.logLevel);
  const { engine, hub, folder, dialect } = openHome(config, log);
  const migrations = loadMigrations(dialect);
  await engine.migrate(migrations);
  const store = createStore(engine, { newId });
  const seal = createSeal(config.secret ?? keptSecret(join(folder, "secret")));
  const now = Date.now;

  const pending = new Set<Promise<unknown>>();
  const background = (work: Promise<unknown>) => {
    pending.add(work);
    work.catch((error: unknown) => log.error({ err: error }, "background work failed")).finally(() => pending.delete(work));
  };
  const configured = config.publicUrl;
  let publicUrl = configured ?? `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${config.port}`;
  const { desk, inboxes } = assemble(await loadDeployment(config), {
    store,
    hub,
    seal,
    log,
    fetch: createSafeFetch(config.privateHosts),
    commerce: config.demo ? createDemoShop({ now }) : createNoCommerce({ now }),
    demo: config.demo,
    publicUrl: () => publicUrl,
    now,
    random: Math.random,
    background,
  });
  const passwords = createPasswords();
  const seeding = { store, inboxes, newId, now, hash: passwords.hash };
  await seedShop(seeding, config.demo);
  const admin = await seedAdmin(seeding, config.admin);
  if (config.demo) await seedDemo(seeding, ["zh-CN", "zh-TW", "en"].map(readPack));
  // The first question should not wait for the index.
  await desk.knowledge.match({ shopId: "default", text: "你好", now: now() });

  const streams = createNodeStreams();
  const metrics = createMetrics({ store, streams: () => streams.size, pending: () => pending.size, now });
  const server = await new Promise<ServerType>((resolvePromise, reject) => {
    const app = createApp({
      desk,
      inboxes,
      channels: inboxes.channels,
      seal,
      passwords,
      get publicUrl() {
        return publicUrl;
      },
      demo: config.demo,
      version: VERSION,
      ...(config.metricsToken === undefined ? {} : { metricsToken: config.metricsToken }),
      addressOf: (c) => c.env?.incoming?.socket?.remoteAddress ?? "unknown",
      isLoopback: (c) => /^(127\.|::1$|::ffff:127\.)/.test(c.env?.incoming?.socket?.remoteAddress ?? ""),
      openStream: (c, request) =>
        c.req.header("upgrade")?.toLowerCase() === "websocket"
          ? streams.upgrade(c, async () => ({ ...(await beginning(desk, request)), source: sourceOf(desk, request), limitKey: request.topic.conversationId }))
          : serveEvents(desk, request, c.req.raw.signal),
      asset: createAssets(),
      migrations: migrations.map(({ tag }) => tag),
      metrics,
      demoIdentity: (memberId) => demoIdentity(memberId),
    });
    const sockets = new WebSocketServer({
      noServer: true,
      maxPayload: 64 * 1024,
      perMessageDeflate: false,
      handleProtocols: (offered) => (offered.has("xiaoer.v1") ? "xiaoer.v1" : false),
    });
    const listening = serve(
      { fetch: app.fetch, port: config.port, hostname: config.host, websocket: { server: sockets }, serverOptions: { headersTimeout: HEADER_MS, requestTimeout: REQUEST_MS, keepAliveTimeout: 5000, maxHeaderSize: 16 * 1024 } },
      (info) => {
        if (configured === undefined) publicUrl = publicUrl.replace(/:\d+$/, `:${info.port}`);
        resolvePromise(listening);
      },
    );
    listening.on("error", reject);
  });

  async function demoIdentity(memberId: string): Promise<string | undefined> {
    const [running, customer] = await Promise.all([inboxes.get(DEMO_INBOX), desk.commerce.customer({ shopId: "default", memberId })]);
    const secret = running?.inbox.config.identitySecret;
    if (typeof secret !== "string" || customer.value === undefined) return undefined;
    return new SignJWT({ name: customer.value.name })
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(memberId)
      .setAudience(DEMO_INBOX)
      .setIssuedAt()
      .setExpirationTime("12h")
      .sign(new TextEncoder().encode(secret));
  }

  let stopping = false;
  const every = (ms: number, work: () => Promise<unknown>): { stop(): void } => {
    let timer: ReturnType<typeof setTimeout>;
    const run = async () => {
      let found: unknown = 0;
      try {
        found = await work();
      } catch (error) {
        log.warn({ err: error }, "periodic work failed; it is tried again");
      }
      if (!stopping) timer = setTimeout(run, typeof found === "number" && found >= 100 ? 0 : ms);
    };
    timer = setTimeout(run, ms);
    return { stop: () => clearTimeout(timer) };
  };
  const timers = [every(SWEEP_EVERY_MS, () => sweep(desk)), every(IDLE_EVERY_MS, () => closeIdle(desk)), every(IDLE_EVERY_MS, () => sealAudit(store, seal, "default"))];
  log.info({ url: publicUrl, database: config.database.kind, demo: config.demo, version: VERSION }, "xiaoer is open");

  return {
    url: publicUrl,
    admin,
    async stop() {
      if (stopping) return;
      stopping = true;
      for (const timer of timers) timer.stop();
      streams.closeAll();
      const closed = new Promise<void>((done) => server.close(() => done()));
      if ("closeIdleConnections" in server) server.closeIdleConnections();
      const drained = (async () => {
        await closed;
        while (pending.size > 0) await Promise.allSettled(pending);
      })();
      const limit = new Promise<void>((done) => setTimeout(done, STOP_WITHIN_MS).unref());
      await Promise.race([drained, limit]);
      if ("closeAllConnections" in server) server.closeAllConnections();
      await hub.close();
      await store.close();
      log.info({}, "xiaoer is closed");
    },
  };
}
