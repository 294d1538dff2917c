/** How the keeper is asked to look for due work at a time. */
import type { ObjectNamespace } from "../live/durable-hub.ts";

export interface KeeperObject {
  /** Opens the deployment: migrations, the shop, its first admin, the demo. Once, however many ask. */
  prepare(): Promise<void>;
  /** Looks no later than `at`; returns when it will. */
  remind(at: number): Promise<number>;
  /** Looks when something is due, which may be now. */
  look(): Promise<void>;
  /** Remembers where the deployment is reached, for those nobody calls by address; answers what it knows. */
  origin(seen?: string): Promise<string>;
}

export interface Reminder {
  remind(at: number): Promise<unknown>;
}

export const keeperOf = (objects: ObjectNamespace<KeeperObject>): KeeperObject =>
  objects.get(objects.idFromName("keeper"));

/** Asks only when that would be sooner than what is set already. */
export function createReminder(objects: ObjectNamespace<KeeperObject>, now: () => number): Reminder {
  // A keeper that looks finds what is due after it by itself, so one time ahead is enough.
  let set = 0;
  return {
    async remind(at) {
      if (set > now() && set <= at) return;
      set = await keeperOf(objects).remind(at);
    },
  };
}
