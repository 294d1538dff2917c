import type { Deps } from "./deps.ts";
import { type Actor, authorOf, change, loadTicket, mustMove } from "./ticket-change.ts";

/** Back to the queue, where any colleague may pick it up. */
export async function release(deps: Deps, actor: Actor, ticketId: string): Promise<void> {
  const { ticket, session } = await loadTicket(deps, actor, ticketId);
  if (session.state === "queued") return;
  mustMove(session, "queued");
  const now = deps.now();
  await change(deps, {
    session,
    fence: { epoch: session.ownerEpoch, states: ["agent"], ticket: { id: ticketId, statuses: ["claimed"] } },
    ticket: { id: ticketId, patch: { status: "open", assignee: null } },
    patch: { state: "queued", owner: "queue", queuedAt: now, waitingSince: session.waitingSince ?? now },
    say: [],
    log: { kind: "released", by: authorOf(actor), data: { from: ticket.assignee } },
    now,
  });
}
