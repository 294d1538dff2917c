/** Work after the response: enqueued as a hint where to look, done from the rows. */
import type { MessageBatch } from "@cloudflare/workers-types";
import { LEASE_MS } from "../core/delivery.ts";
import { answer } from "../desk/answer.ts";
import { deliverLeased } from "../desk/deliver.ts";
import type { Deps, Job } from "../desk/deps.ts";
import { fetchLeased } from "../desk/fetch-media.ts";
import { holdDelivery } from "../store/due.ts";
import type { Engine } from "../store/engine.ts";
import type { Bindings } from "./env.ts";
import type { Reminder } from "./reminder.ts";

export function createEnqueue(
  queue: Bindings["JOBS"],
  reminder: Reminder,
  now: () => number,
): (job: Job) => Promise<void> {
  return async (job) => {
    // Reminded first: then the row is found even when the queue does not take the job.
    await reminder.remind(now() + LEASE_MS);
    await queue.send(job);
  };
}

export async function runJobs(
  home: { readonly desk: Deps; readonly engine: Engine },
  batch: MessageBatch<Job>,
): Promise<void> {
  const { desk } = home;
  await Promise.all(
    batch.messages.map(async ({ body, timestamp }) => {
      // By now its lease has run out, and the row is the sweep's.
      if (desk.now() - timestamp.getTime() >= LEASE_MS) return;
      try {
        await runJob(home, body);
      } catch (error) {
        desk.log.warn({ err: error, kind: body.kind }, "a job failed; its row is found again when its lease runs out");
      }
    }),
  );
}

async function runJob({ desk, engine }: { readonly desk: Deps; readonly engine: Engine }, job: Job): Promise<void> {
  if (job.kind === "deliver") {
    // A queue may hand out a job twice.
    if (await holdDelivery(engine, job.deliveryId, desk.now())) await deliverLeased(desk, job.deliveryId);
    return;
  }
  if (job.kind === "media") return fetchLeased(desk, job);
  const message = await desk.store.message(job.shopId, job.messageId);
  if (message !== undefined) await answer(desk, message);
}
