/** Finds unfinished work again: whatever a crash, a retry or another machine left behind is a row that is due. */
import { answer } from "./answer.ts";
import { deliverDue } from "./deliver.ts";
import type { Deps } from "./deps.ts";
import { fetchDue } from "./fetch-media.ts";
import { EXPORT_MS, runPrivacy } from "./privacy.ts";

const BATCH = 100;

/** One look; returns how much it found, so that a caller with a backlog looks again at once. */
export async function sweep(deps: Deps, limit = BATCH): Promise<number> {
  const undecided = await deps.store.claimUndecided(deps.now(), limit);
  for (const { message, attempts } of undecided) deps.background(answer(deps, message, { attempts }));
  return undecided.length + (await deliverDue(deps, limit)) + (await fetchDue(deps, limit));
}

/** What is looked at now and then. */
export async function tidy(deps: Deps): Promise<void> {
  await closeIdle(deps);
  await runPrivacy(deps);
  await deps.store.dropExpiredState(deps.now());
  await deps.store.dropExports(deps.now() - EXPORT_MS);
}

/** Ends sessions with the bot that have gone quiet. */
async function closeIdle(deps: Deps): Promise<number> {
  const shops = await deps.store.shops();
  const hours = Math.min(
    ...(await Promise.all(shops.map(async ({ id }) => (await deps.shop(id)).rules.idleHours))),
    24 * 30,
  );
  return deps.store.closeIdle(deps.now() - hours * 3_600_000, deps.now());
}
