import type { Store } from "../core/ports.ts";
import { accountStore } from "./accounts.ts";
import { deskStore } from "./desk.ts";
import type { Engine } from "./engine.ts";
import { eventStore } from "./events.ts";
import { flowStore } from "./flow.ts";
import { knowledgeStore } from "./knowledge.ts";
import { learningStore } from "./learning.ts";
import { operationsStore } from "./operations.ts";
import { outboxStore } from "./outbox.ts";

/** All queries over one engine. */
export function createStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): Store {
  return {
    ...flowStore(engine, deps),
    ...outboxStore(engine, deps),
    ...deskStore(engine, deps),
    ...eventStore(engine),
    ...knowledgeStore(engine),
    ...learningStore(engine),
    ...accountStore(engine),
    ...operationsStore(engine),
    close: () => engine.close(),
  };
}
