/** Channels whose webhook is only a doorbell are asked for what they hold: at the start and now and then. */
import type { Deps } from "./deps.ts";
import { pullPages } from "./receive.ts";

/** Asks every inbox that can be asked; one that fails does not keep the others waiting. */
export async function pullAll(deps: Deps): Promise<void> {
  const inboxes = await deps.store.inboxes();
  await Promise.all(
    inboxes.map(async ({ id }) => {
      try {
        const running = await deps.inboxes.get(id);
        if (running !== undefined) await pullPages(deps, running);
      } catch (error) {
        deps.log.warn({ err: error, inboxId: id }, "an inbox could not be asked for its messages");
      }
    }),
  );
}
