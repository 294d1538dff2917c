/** The Node home: reads the environment, builds everything, starts. One process on SQLite, or many on one PostgreSQL. */
import { type ServerType, serve } from "@hono/node-server";
import { WebSocketServer } from "ws";
import { newId } from "./core/ids.ts";
import { sealAudit } from "./desk/audit.ts";
import { demoIdentity } from "./desk/demo-identity.ts";
import { pullAll } from "./desk/pull.ts";
import { createReturnLeft, LOOK_EVERY_MS } from "./desk/return-left.ts";
import { SHOP_ID, seedAdmin, seedDemo, seedShop } from "./desk/seed.ts";
import { sweep, tidy } from "./desk/sweep.ts";
import { createApp } from "./http/app.ts";
import { beginning, serveEvents, sourceOf } from "./http/streams.ts";
import { createNodeStreams, type NodeStreams } from "./live/node-stream.ts";
import { createAssets, readPack, VERSION } from "./node/files.ts";
import { createMetrics } from "./node/metrics.ts";
import { type Deployment, openDeployment } from "./node/open.ts";

const SWEEP_EVERY_MS = 500;
const IDLE_EVERY_MS = 60_000;
const STOP_WITHIN_MS = 10_000;
/** Headers and requests that take longer are cut off; `security.md` §13. */
const HEADER_MS = 10_000;
const REQUEST_MS = 30_000;
/** A sweep that found this much looks again at once. */
const BACKLOG = 100;

export interface Running {
  readonly url: string;
  /** The first admin, made at this start: shown once. */
  readonly admin: { readonly email: string; readonly password?: string } | undefined;
  stop(): Promise<void>;
}

/** Starts a server; what it needs to know is in the environment (`contract.md`, Start-up). */
export async function start(env: Readonly<Record<string, string | undefined>>): Promise<Running> {
  const deployment = await openDeployment(env);
  const { config, desk, store, log } = deployment;
  if (deployment.alone) await store.releaseLeases();
  const admin = await seed(deployment);
  // The first question should not wait for the index.
  await desk.knowledge.match({ shopId: SHOP_ID, text: "你好", now: desk.now() });
  // What came to a doorbell channel while nobody was here.
  deployment.desk.background(pullAll(desk));
  const streams = createNodeStreams();
  const server = await listen(deployment, streams);
  const timers = [
    every(deployment, SWEEP_EVERY_MS, () => sweep(desk)),
    every(deployment, IDLE_EVERY_MS, () => tidy(desk)),
    every(deployment, LOOK_EVERY_MS, createReturnLeft(desk)),
    every(deployment, IDLE_EVERY_MS, () => pullAll(desk)),
    every(deployment, IDLE_EVERY_MS, () => sealAudit(store, deployment.seal, SHOP_ID)),
  ];
  log.info(
    { url: deployment.publicUrl, database: config.database.kind, demo: config.demo, version: VERSION },
    "xiaoer is open",
  );
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    for (const timer of timers) timer.stop();
    streams.closeAll();
    await drain(deployment, server);
    await deployment.close();
    log.info({}, "xiaoer is closed");
  };
  return {
    url: deployment.publicUrl,
    admin,
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}

async function seed(deployment: Deployment): Promise<Running["admin"]> {
  const { config, store, inboxes, desk, passwords } = deployment;
  const seeding = { store, inboxes, newId, now: desk.now, hash: passwords.hash };
  await seedShop(seeding, config.demo);
  const admin = await seedAdmin(seeding, config.admin);
  if (config.demo) await seedDemo(seeding, ["zh-CN", "zh-TW", "en"].map(readPack));
  return admin;
}

function listen(deployment: Deployment, streams: NodeStreams): Promise<ServerType> {
  const { config, desk, inboxes, seal, passwords, store, pending, migrations } = deployment;
  const app = createApp({
    desk,
    inboxes,
    channels: inboxes.channels,
    seal,
    passwords,
    get publicUrl() {
      return deployment.publicUrl;
    },
    demo: config.demo,
    version: VERSION,
    ...(config.metricsToken === undefined ? {} : { metricsToken: config.metricsToken }),
    addressOf: (c) => c.env?.incoming?.socket?.remoteAddress ?? "unknown",
    isLoopback: (c) => /^(127\.|::1$|::ffff:127\.)/.test(c.env?.incoming?.socket?.remoteAddress ?? ""),
    openStream: (c, request) =>
      c.req.header("upgrade")?.toLowerCase() === "websocket"
        ? streams.upgrade(c, async () => ({
            ...(await beginning(desk, request)),
            source: sourceOf(desk, request),
            limitKey: request.topic.conversationId,
          }))
        : serveEvents(desk, request, c.req.raw.signal),
    asset: createAssets(),
    migrations,
    metrics: createMetrics({ store, streams: () => streams.size, pending: () => pending.size, now: desk.now }),
    demoIdentity: (memberId) => demoIdentity(desk, memberId),
    ...(deployment.simulator === undefined ? {} : { simulator: deployment.simulator }),
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: 64 * 1024,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has("xiaoer.v1") ? "xiaoer.v1" : false),
  });
  return new Promise((resolve, reject) => {
    const serverOptions = {
      headersTimeout: HEADER_MS,
      requestTimeout: REQUEST_MS,
      keepAliveTimeout: 5000,
      maxHeaderSize: 16 * 1024,
    };
    const server = serve(
      { fetch: app.fetch, port: config.port, hostname: config.host, websocket: { server: sockets }, serverOptions },
      ({ port }) => {
        // Port 0 asks for any free one.
        if (config.publicUrl === undefined) deployment.publicUrl = deployment.publicUrl.replace(/:\d+$/, `:${port}`);
        resolve(server);
      },
    );
    server.on("error", reject);
  });
}

/** Runs work again and again, the next run only after the last has ended. */
function every({ log }: Deployment, ms: number, work: () => Promise<unknown>): { stop(): void } {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout>;
  const run = async () => {
    let found: unknown = 0;
    try {
      found = await work();
    } catch (error) {
      log.warn({ err: error }, "periodic work failed; it is tried again");
    }
    if (!stopped) timer = setTimeout(run, typeof found === "number" && found >= BACKLOG ? 0 : ms);
  };
  timer = setTimeout(run, ms);
  return {
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Takes nothing new, finishes what is in hand, ten seconds at most; what is left is rows that the next start finds. */
async function drain({ pending }: Deployment, server: ServerType): Promise<void> {
  const closed = new Promise<void>((done) => server.close(() => done()));
  if ("closeIdleConnections" in server) server.closeIdleConnections();
  const finished = (async () => {
    await closed;
    while (pending.size > 0) await Promise.allSettled(pending);
  })();
  const limit = new Promise<void>((done) => setTimeout(done, STOP_WITHIN_MS).unref());
  await Promise.race([finished, limit]);
  if ("closeAllConnections" in server) server.closeAllConnections();
}
