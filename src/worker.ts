/** The Cloudflare home: the same flow as on Node, on D1, Durable Objects and Queues. `wrangler.toml` says what is bound. */
import { waitUntil } from "cloudflare:workers";
import type { ExecutionContext, MessageBatch } from "@cloudflare/workers-types";
import manifest from "../package.json" with { type: "json" };
import { UnavailableError } from "./core/errors.ts";
import { sealAudit } from "./desk/audit.ts";
import { demoIdentity } from "./desk/demo-identity.ts";
import type { Deps, Job } from "./desk/deps.ts";
import { returnLeft } from "./desk/return-left.ts";
import { tidy } from "./desk/sweep.ts";
import { createApp } from "./http/app.ts";
import { problemResponse } from "./http/problem.ts";
import { createDurableHub } from "./live/durable-hub.ts";
import { createPasswords, WORKER_COST } from "./node/passwords.ts";
import type { Bindings } from "./worker/env.ts";
import { createHome, type WorkerHome } from "./worker/home.ts";
import { createEnqueue, runJobs } from "./worker/jobs.ts";
import { createMetrics } from "./worker/metrics.ts";
import { MIGRATIONS } from "./worker/migrations.ts";
import { isPrepared } from "./worker/prepare.ts";
import { createReminder, keeperOf } from "./worker/reminder.ts";
import { openStream } from "./worker/stream-door.ts";

export { Keeper } from "./worker/keeper.ts";
export { LiveHub } from "./worker/live-hub.ts";

/** Hibernating sockets are looked at twice a minute: longer than on Node, so that one late look takes no agent's chats. */
const LEFT_AFTER_MS = 90_000;

interface Isolate extends WorkerHome {
  /** Answers what jobs name; what it decides to say it sends itself, one hop less for the shopper. */
  readonly worker: Deps;
  readonly app: () => ReturnType<typeof createApp>;
  /** Resolves once migrations and seeds are known to be there. `origin`: where a request reached us. */
  ready(origin?: string): Promise<void>;
}

/** One for each isolate, which lives for many requests of one deployed version. */
let isolate: Isolate | undefined;

function openIsolate(env: Bindings): Isolate {
  const hub = createDurableHub({ objects: env.LIVE, background: waitUntil });
  const reminder = createReminder(env.KEEPER, Date.now);
  const enqueue = createEnqueue(env.JOBS, reminder, Date.now);
  const keeper = () => keeperOf(env.KEEPER);
  let origin = "";
  const home = createHome(env, { hub, background: waitUntil, enqueue, reminder, origin: () => origin });
  const { enqueue: _here, ...worker } = home.desk;
  let app: ReturnType<typeof createApp> | undefined;
  let prepared: Promise<void> | undefined;
  // Told again by the next isolate.
  const tellOrigin = (seen: string) =>
    keeper()
      .origin(seen)
      .catch(() => undefined);
  const prepare = async () => {
    if (await isPrepared(home)) return;
    await keeper().prepare();
    // While a new version spreads, the keeper may still be of the old one and know nothing of a new migration.
    if (!(await isPrepared(home))) throw new Error("The keeper has not prepared what this version needs.");
  };
  return {
    ...home,
    worker,
    app() {
      app ??= openApp(env, home);
      return app;
    },
    async ready(seen) {
      if (home.config.publicUrl === undefined && origin === "") {
        origin = seen ?? (await keeper().origin());
        if (seen !== undefined) waitUntil(tellOrigin(seen));
      }
      prepared ??= prepare().catch((error: unknown) => {
        prepared = undefined;
        throw error;
      });
      await prepared;
    },
  };
}

function openApp(env: Bindings, home: WorkerHome) {
  const { config, desk, inboxes, seal, store } = home;
  return createApp({
    desk,
    inboxes,
    channels: inboxes.channels,
    seal,
    passwords: createPasswords(WORKER_COST),
    publicUrl: desk.publicUrl(),
    demo: config.demo,
    version: manifest.version,
    ...(config.metricsToken === undefined ? {} : { metricsToken: config.metricsToken }),
    // Set by Cloudflare, which takes away what a caller may have sent under this name.
    addressOf: (c) => c.req.header("cf-connecting-ip") ?? "unknown",
    isLoopback: () => false,
    openStream: (c, stream) =>
      openStream(env.LIVE, stream, {
        address: c.req.header("cf-connecting-ip") ?? "unknown",
        wantsSocket: c.req.header("upgrade")?.toLowerCase() === "websocket",
      }),
    async asset(path) {
      const response = await env.ASSETS.fetch(new URL(path, "https://assets.internal/").href);
      if (!response.ok) return undefined;
      const type = response.headers.get("content-type") ?? "application/octet-stream";
      return { body: new Uint8Array(await response.arrayBuffer()), type };
    },
    migrations: MIGRATIONS.map(({ tag }) => tag),
    metrics: createMetrics(store, desk.now),
    demoIdentity: (memberId) => demoIdentity(desk, memberId),
  });
}

async function respond(request: Request, env: Bindings, ctx: ExecutionContext): Promise<Response> {
  const { origin, pathname } = new URL(request.url);
  try {
    isolate ??= openIsolate(env);
    const open = isolate.ready(origin);
    // Alive is alive, whatever the database does; and what is missing is the other one's answer.
    if (pathname === "/healthz") ctx.waitUntil(open.catch(() => undefined));
    else if (pathname === "/readyz") await open.catch(() => undefined);
    else await open;
  } catch (error) {
    const detail = error instanceof Error ? error.message.slice(0, 500) : "";
    console.error(JSON.stringify({ level: "error", message: "not ready", detail }));
    const unavailable = new UnavailableError("internal.not_ready", "The desk is not open yet; try again shortly.");
    return problemResponse(unavailable, crypto.randomUUID());
  }
  return isolate.app().fetch(request, env, {
    waitUntil: (work) => ctx.waitUntil(work),
    passThroughOnException: () => ctx.passThroughOnException(),
    props: {},
  });
}

export default {
  fetch(request: Request, env: Bindings, ctx: ExecutionContext): Promise<Response> {
    const response = respond(request, env, ctx);
    // What one request has begun others may wait for (an inbox starting, the index loading), so it ends even if its caller has left.
    ctx.waitUntil(response);
    return response;
  },

  async queue(batch: MessageBatch<Job>, env: Bindings): Promise<void> {
    isolate ??= openIsolate(env);
    await isolate.ready();
    await runJobs({ desk: isolate.worker, engine: isolate.engine }, batch);
  },

  async scheduled(_event: unknown, env: Bindings): Promise<void> {
    isolate ??= openIsolate(env);
    await isolate.ready();
    const { desk, store, seal } = isolate;
    const shops = await store.shops();
    await Promise.all([
      keeperOf(env.KEEPER).look(),
      tidy(desk),
      returnLeft(desk, LEFT_AFTER_MS),
      ...shops.map(({ id }) => sealAudit(store, seal, id)),
    ]);
  },
};
