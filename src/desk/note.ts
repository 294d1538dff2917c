import type { TicketLogEntry } from "../core/ports.ts";
import type { Deps } from "./deps.ts";
import { type Actor, authorOf, loadTicket } from "./ticket-change.ts";

/** A word among colleagues; shoppers never see it. */
export async function addNote(deps: Deps, actor: Actor, ticketId: string, text: string): Promise<TicketLogEntry> {
  await loadTicket(deps, actor, ticketId);
  const id = deps.newId("not");
  const now = deps.now();
  await deps.store.addTicketNote({ shopId: actor.shopId, ticketId, id, by: authorOf(actor), text, now });
  deps.hub.wake(actor.shopId);
  return { id, kind: "note", by: { id: actor.id, name: actor.name }, data: { text }, at: now };
}
