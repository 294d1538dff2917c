import { ConflictError } from "../core/errors.ts";
import type { Deps } from "./deps.ts";
import { type Actor, authorOf, change, loadTicket } from "./ticket-change.ts";

/**
 * An agent picks a ticket up. Of two at once, one wins; claiming one's own again changes nothing.
 * @throws {ConflictError} `ticket.already_claimed`, `ticket.resolved`
 */
export async function claim(deps: Deps, actor: Actor, ticketId: string): Promise<void> {
  const { ticket, session } = await loadTicket(deps, actor, ticketId);
  if (ticket.status === "claimed" && ticket.assignee === actor.id) return;
  if (ticket.status === "resolved")
    throw new ConflictError("ticket.resolved", "The ticket is resolved; reopen it first.");
  const now = deps.now();
  await change(deps, {
    session,
    fence: { states: ["queued"], ticket: { id: ticketId, statuses: ["open"], assignee: null } },
    ticket: { id: ticketId, patch: { status: "claimed", assignee: actor.id, claimedAt: now } },
    patch: { state: "agent", owner: actor.id, queuedAt: null },
    say: [],
    log: { kind: "claimed", by: authorOf(actor) },
    dropBot: true,
    now,
  });
}
