/** Everything a Worker or Durable Object works with, made from its bindings; what differs between them comes in. */
import { createDemoShop } from "../commerce/demo-shop.ts";
import { createNoCommerce } from "../commerce/none.ts";
import { newId } from "../core/ids.ts";
import type { Hub } from "../core/live.ts";
import type { Store } from "../core/ports.ts";
import { createSeal, type Seal } from "../core/seal.ts";
import type { Deps, Job } from "../desk/deps.ts";
import type { InboxRegistry } from "../desk/inboxes.ts";
import { createLanes } from "../desk/lanes.ts";
import type { Engine } from "../store/engine.ts";
import { createD1Engine } from "../store/engines/d1.ts";
import { createStore } from "../store/store.ts";
import { assemble } from "../xiaoer.ts";
import deployment from "./deployment.ts";
import { type Bindings, readConfig, type WorkerConfig } from "./env.ts";
import { createLogger } from "./log.ts";
import type { Reminder } from "./reminder.ts";
import { withReminders } from "./reminding-store.ts";
import { createNameCheck, createSafeFetch } from "./safe-fetch.ts";

/** Longest wait for the message before, whose request may be gone. */
const LANE_PATIENCE_MS = 5000;

export interface WorkerHome {
  readonly config: WorkerConfig;
  readonly engine: Engine;
  readonly store: Store;
  readonly seal: Seal;
  readonly desk: Deps;
  readonly inboxes: InboxRegistry;
}

/** @throws {ConfigError} `config.invalid` */
export function createHome(
  env: Bindings,
  own: {
    readonly hub: Hub;
    readonly background: (work: Promise<unknown>) => void;
    /** Where the deployment is reached, as far as is known when the settings do not say. */
    readonly origin: () => string;
    readonly reminder: Reminder;
    readonly enqueue?: (job: Job) => Promise<void>;
  },
): WorkerHome {
  const config = readConfig(env);
  const log = createLogger(config.logLevel);
  const now = Date.now;
  const engine = createD1Engine(env.DB);
  const store = withReminders(createStore(engine, { newId }), own.reminder);
  const seal = createSeal(config.secret);
  const { desk, inboxes } = assemble(deployment, {
    name: "workers",
    store,
    hub: own.hub,
    seal,
    log,
    fetch: createSafeFetch(config.privateHosts),
    resolve: createNameCheck(config.privateHosts),
    commerce: config.demo ? createDemoShop({ now }) : createNoCommerce({ now }),
    demo: config.demo,
    publicUrl: () => config.publicUrl ?? own.origin(),
    now,
    random: Math.random,
    background: (work) =>
      own.background(work.catch((error: unknown) => log.error({ err: error }, "background work failed"))),
    ...(own.enqueue === undefined ? {} : { enqueue: own.enqueue }),
  });
  return {
    config,
    engine,
    store,
    seal,
    inboxes,
    desk: { ...desk, lanes: createLanes({ patienceMs: LANE_PATIENCE_MS }) },
  };
}
