import { ConflictError, NotFoundError } from "../core/errors.ts";
import { claim } from "./claim.ts";
import type { Deps } from "./deps.ts";
import { dayOf } from "./hand-off.ts";
import { packetOf } from "./packet.ts";
import { type Actor, authorOf, change, ownerOf, partyOf } from "./ticket-change.ts";

/**
 * An agent takes a session from the bot: what the bot had not sent yet is dropped. A queued one is claimed.
 * @returns the id of the ticket the agent now works on
 * @throws {ConflictError} `ticket.already_claimed`, `session.epoch_changed`, `session.closed`
 */
export async function take(deps: Deps, actor: Actor, sessionId: string): Promise<string> {
  const session = await deps.store.session(actor.shopId, sessionId);
  if (session === undefined) throw new NotFoundError("session.not_found", "There is no such session.");
  if (session.state === "queued" && session.ticketId !== undefined) {
    await claim(deps, actor, session.ticketId);
    return session.ticketId;
  }
  if (session.state === "agent" && session.owner === actor.id && session.ticketId !== undefined)
    return session.ticketId;
  if (session.state === "closed") throw new ConflictError("session.closed", "The session is closed.", ownerOf(session));
  if (session.state === "agent") {
    const holder = await deps.store.user(session.owner);
    throw new ConflictError("ticket.already_claimed", `The session is already ${holder?.name ?? "another agent"}'s.`, {
      ...ownerOf(session),
      ownerName: holder?.name,
    });
  }
  const [party, shop] = await Promise.all([partyOf(deps, session), deps.shop(actor.shopId)]);
  const now = deps.now();
  const ticketId = deps.newId("tic");
  const context = await packetOf(deps, {
    party,
    session,
    trigger: { code: "agent_takeover", words: "", priority: "normal", group: "general", mood: "calm" },
    attempts: [],
    locale: session.language ?? party.contact.locale ?? shop.locale,
  });
  await change(deps, {
    session,
    fence: { epoch: session.ownerEpoch, states: ["bot"] },
    patch: { state: "agent", owner: actor.id, ticketId, flow: null, waitingSince: now },
    say: [],
    openTicket: {
      id: ticketId,
      day: dayOf(now, shop.timeZone),
      priority: "normal",
      group: "general",
      orderIds: context.orders.slice(0, 1).map((order) => order.orderId),
      tags: [],
      context,
      assignee: actor.id,
    },
    log: { kind: "taken", by: authorOf(actor) },
    dropBot: true,
    now,
  });
  return ticketId;
}
