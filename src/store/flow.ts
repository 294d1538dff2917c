/** The message path: who writes, what they said, what was decided. Each verb is one `atomic` list. */
import type { FlowStore } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { applyChange } from "./flow/apply-change.ts";
import { inboundStore } from "./flow/inbound.ts";
import { partyStore } from "./flow/parties.ts";
import { readStore } from "./flow/reads.ts";
import { sessionStore } from "./flow/sessions.ts";

export function flowStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): FlowStore {
  return {
    ...partyStore(engine, deps),
    ...inboundStore(engine, deps),
    ...readStore(engine),
    ...sessionStore(engine, deps),
    changeSession: async (change) => applyChange(engine, deps.newId("chg"), change),
  };
}
