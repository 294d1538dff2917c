import { ConflictError } from "../core/errors.ts";
import type { Deps } from "./deps.ts";
import { type Actor, authorOf, change, loadTicket, ownerOf } from "./ticket-change.ts";

/**
 * A resolved ticket is the agent's again: in its own session when that is the contact's last, else in the one they have open with the bot.
 * @throws {ConflictError} `session.epoch_changed` when another agent serves the contact now
 */
export async function reopen(deps: Deps, actor: Actor, ticketId: string): Promise<void> {
  const { ticket, session } = await loadTicket(deps, actor, ticketId);
  if (ticket.status !== "resolved") return;
  const now = deps.now();
  const open = (await deps.store.sessions(actor.shopId, { contactId: ticket.contactId, limit: 5 })).items.find(
    (one) => one.state !== "closed",
  );
  const target = open ?? session;
  if (target.state === "agent" || target.state === "queued") {
    throw new ConflictError(
      "session.epoch_changed",
      "The contact is being served under another ticket.",
      ownerOf(target),
    );
  }
  await change(deps, {
    session: target,
    fence: { epoch: target.ownerEpoch, states: [target.state], ticket: { id: ticketId, statuses: ["resolved"] } },
    ticket: { id: ticketId, patch: { status: "claimed", assignee: actor.id, resolvedAt: null, sessionId: target.id } },
    patch: { state: "agent", owner: actor.id, ticketId, closedAt: null, closedBy: null, waitingSince: now },
    say: [],
    log: { kind: "reopened", by: authorOf(actor) },
    dropBot: true,
    now,
  });
}
