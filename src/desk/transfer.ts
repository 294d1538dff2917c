import { InvalidError } from "../core/errors.ts";
import type { Deps } from "./deps.ts";
import { type Actor, authorOf, change, loadTicket, mustMove } from "./ticket-change.ts";

/**
 * To a colleague, or to the queue of another group; the reason goes on the ticket.
 * @throws {InvalidError} `ticket.unknown_agent`, `ticket.unknown_group`
 */
export async function transfer(
  deps: Deps,
  actor: Actor,
  ticketId: string,
  to: { readonly reason: string } & ({ readonly group: string } | { readonly agentId: string }),
): Promise<void> {
  const { ticket, session } = await loadTicket(deps, actor, ticketId);
  const now = deps.now();
  const fence = {
    epoch: session.ownerEpoch,
    states: ["agent", "queued"] as const,
    ticket: { id: ticketId, statuses: ["open", "claimed"] as const },
  };
  const from = ticket.assignee === undefined ? {} : { from: ticket.assignee };
  if ("group" in to) {
    const shop = await deps.shop(actor.shopId);
    if (!shop.rules.groups.includes(to.group))
      throw new InvalidError("ticket.unknown_group", `There is no group ${to.group}.`, {
        issues: [{ path: "group", message: "unknown" }],
      });
    if (session.state !== "queued") mustMove(session, "queued");
    await change(deps, {
      session,
      fence,
      ticket: { id: ticketId, patch: { status: "open", assignee: null, group: to.group } },
      patch: { state: "queued", owner: "queue", queuedAt: now, waitingSince: session.waitingSince ?? now },
      say: [],
      log: { kind: "transferred", by: authorOf(actor), data: { ...from, group: to.group, reason: to.reason } },
      now,
    });
    return;
  }
  const target = await deps.store.user(to.agentId);
  const canServe =
    target !== undefined &&
    target.shopId === actor.shopId &&
    target.disabledAt === undefined &&
    ["agent", "supervisor", "admin"].includes(target.role);
  if (!canServe)
    throw new InvalidError("ticket.unknown_agent", "There is no such agent.", {
      issues: [{ path: "agentId", message: "unknown" }],
    });
  mustMove(session, "agent");
  await change(deps, {
    session,
    fence,
    ticket: { id: ticketId, patch: { status: "claimed", assignee: target.id, claimedAt: now } },
    patch: { state: "agent", owner: target.id, queuedAt: null },
    say: [],
    log: {
      kind: "transferred",
      by: authorOf(actor),
      data: { ...from, agentId: target.id, agentName: target.name, reason: to.reason },
    },
    now,
  });
}
