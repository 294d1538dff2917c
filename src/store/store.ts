import type { Store } from "../core/ports.ts";
import { accountStore } from "./accounts.ts";
import { deskStore } from "./desk.ts";
import { dutyStore } from "./duty.ts";
import type { Engine } from "./engine.ts";
import { eventStore } from "./events.ts";
import { flowStore } from "./flow.ts";
import { shopFlowStore } from "./flows.ts";
import { identityStore } from "./identity.ts";
import { indexSnapshotStore } from "./index-snapshots.ts";
import { knowledgeStore } from "./knowledge.ts";
import { learningStore } from "./learning.ts";
import { mediaStore } from "./media.ts";
import { operationsStore } from "./operations.ts";
import { outboxStore } from "./outbox.ts";
import { privacyStore } from "./privacy.ts";
import { windowStore } from "./windows.ts";

/** All queries over one engine. */
export function createStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): Store {
  return {
    ...flowStore(engine, deps),
    ...outboxStore(engine, deps),
    ...windowStore(engine),
    ...mediaStore(engine, deps),
    ...deskStore(engine, deps),
    ...dutyStore(engine),
    ...identityStore(engine, deps),
    ...eventStore(engine),
    ...knowledgeStore(engine),
    ...indexSnapshotStore(engine, deps),
    ...learningStore(engine),
    ...shopFlowStore(engine),
    ...accountStore(engine),
    ...privacyStore(engine),
    ...operationsStore(engine),
    close: () => engine.close(),
  };
}
