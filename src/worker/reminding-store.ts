/** A store that says when what could not be done now is to be tried again, so that somebody is awake then. */
import type { Store } from "../core/ports.ts";
import type { Reminder } from "./reminder.ts";

export function withReminders(store: Store, reminder: Reminder): Store {
  // A reminder that is lost costs a minute: the cron trigger looks too.
  const remind = (at: number) => reminder.remind(at).catch(() => undefined);
  return {
    ...store,
    async settleDelivery(delivery, verdict, now) {
      const next = await store.settleDelivery(delivery, verdict, now);
      if (verdict.state === "pending") await remind(verdict.nextAt);
      return next;
    },
    async settleMedia(work, outcome, now) {
      const settled = await store.settleMedia(work, outcome, now);
      if (outcome.kind === "later") await remind(outcome.at);
      return settled;
    },
    async settleUndecided(messageId, outcome) {
      await store.settleUndecided(messageId, outcome);
      if ("retryAt" in outcome) await remind(outcome.retryAt);
    },
  };
}
