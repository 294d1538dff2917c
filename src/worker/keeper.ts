/** The Durable Object that keeps the deployment going: opens it once, and is woken when work is due that nobody has in hand. */
import { DurableObject, waitUntil } from "cloudflare:workers";
import type { DurableObjectState } from "@cloudflare/workers-types";
import { sweep } from "../desk/sweep.ts";
import { createDurableHub } from "../live/durable-hub.ts";
import { createPasswords, WORKER_COST } from "../node/passwords.ts";
import { nextDue } from "../store/due.ts";
import type { Bindings } from "./env.ts";
import { createHome, type WorkerHome } from "./home.ts";
import { prepareDeployment } from "./prepare.ts";
import type { KeeperObject } from "./reminder.ts";

/** What one look takes up: each message costs some dozen queries, and an invocation has a thousand. */
const AT_ONCE = 25;
/** Rows that come due together are looked at together. */
const GATHER_MS = 250;
const AFTER_FAILURE_MS = 5000;

export class Keeper extends DurableObject<Bindings> implements KeeperObject {
  readonly #home: WorkerHome;
  #prepared: Promise<void> | undefined;
  #origin = "";

  constructor(ctx: DurableObjectState, env: Bindings) {
    super(ctx, env);
    const background = (work: Promise<unknown>) => waitUntil(work);
    this.#home = createHome(env, {
      hub: createDurableHub({ objects: env.LIVE, background }),
      background,
      origin: () => this.#origin,
      reminder: this,
      enqueue: async (job) => {
        await env.JOBS.send(job);
      },
    });
    ctx.blockConcurrencyWhile(async () => {
      this.#origin = (await ctx.storage.get<string>("origin")) ?? "";
    });
  }

  async origin(seen?: string): Promise<string> {
    if (seen !== undefined && seen !== this.#origin) {
      this.#origin = seen;
      await this.ctx.storage.put("origin", seen);
    }
    return this.#origin;
  }

  prepare(): Promise<void> {
    this.#prepared ??= prepareDeployment(this.#home, createPasswords(WORKER_COST)).catch((error: unknown) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async remind(at: number): Promise<number> {
    const set = await this.ctx.storage.getAlarm();
    if (set !== null && set <= at) return set;
    await this.ctx.storage.setAlarm(at + GATHER_MS);
    return at + GATHER_MS;
  }

  async look(): Promise<void> {
    const due = await nextDue(this.#home.engine);
    if (due !== undefined) await this.remind(Math.max(due, this.#home.desk.now()));
  }

  async alarm(): Promise<void> {
    const { desk } = this.#home;
    try {
      const found = await sweep(desk, AT_ONCE);
      if (found >= AT_ONCE) await this.remind(desk.now());
      else await this.look();
    } catch (error) {
      desk.log.warn({ err: error }, "looking for due work failed; it is tried again");
      await this.remind(desk.now() + AFTER_FAILURE_MS);
    }
  }
}
