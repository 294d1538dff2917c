import { ConflictError } from "../core/errors.ts";
import { phrases } from "../core/phrases.ts";
import { toneFor } from "../core/tone.ts";
import type { Deps } from "./deps.ts";
import { toDraft } from "./say.ts";
import { type Actor, authorOf, change, loadTicket, ownerOf, partyOf } from "./ticket-change.ts";

/**
 * The matter is done: the ticket resolved, the session closed, a word to the shopper on their channel.
 * The next thing they write opens a new session with the bot.
 */
export async function resolve(
  deps: Deps,
  actor: Actor,
  ticketId: string,
  input: { readonly note?: string; readonly toShopper?: string; readonly writeBack?: boolean },
): Promise<void> {
  const { ticket, session } = await loadTicket(deps, actor, ticketId);
  if (ticket.status === "resolved") return;
  const now = deps.now();
  const party = await partyOf(deps, session);
  const locale = session.language ?? party.contact.locale ?? "zh-CN";
  const words = input.toShopper;
  const say = await Promise.all([
    ...(words === undefined || words === ""
      ? []
      : [
          toDraft(deps, {
            party,
            say: { content: { type: "text", text: words } },
            author: authorOf(actor),
            clientId: `resolve:${ticketId}:${session.ownerEpoch}`,
            locale,
          }),
        ]),
  ]);
  const live = session.ticketId === ticketId && session.state !== "closed";
  if (!live) {
    await deps.store.patchTicket({
      shopId: actor.shopId,
      ticketId,
      patch: { status: "resolved", resolvedAt: now, ...resolution(input.note) },
      by: authorOf(actor),
      kind: "resolved",
      now,
    });
    deps.hub.wake(actor.shopId);
    return;
  }
  if (session.state === "agent" && session.owner !== actor.id)
    throw new ConflictError("session.epoch_changed", "Another agent has this session.", ownerOf(session));
  await change(deps, {
    session,
    fence: {
      epoch: session.ownerEpoch,
      states: ["agent", "queued"],
      ticket: { id: ticketId, statuses: ["open", "claimed"] },
    },
    ticket: {
      id: ticketId,
      patch: { status: "resolved", resolvedAt: now, assignee: ticket.assignee ?? actor.id, ...resolution(input.note) },
    },
    patch: {
      state: "closed",
      owner: session.owner,
      closedAt: now,
      closedBy: "agent",
      waitingSince: null,
      unread: 0,
      queuedAt: null,
    },
    say,
    log: { kind: "resolved", by: authorOf(actor), data: resolution(input.note) },
    now,
  });
}

/** The agent gives the session back to the bot; the shopper is told, the ticket is done. */
export async function returnToBot(deps: Deps, actor: Actor, ticketId: string): Promise<void> {
  const { session } = await loadTicket(deps, actor, ticketId);
  const now = deps.now();
  const party = await partyOf(deps, session);
  const locale = session.language ?? party.contact.locale ?? "zh-CN";
  const { rules } = await deps.shop(session.shopId);
  const { inboxId, channel } = party.conversation;
  const tone = toneFor(rules.tone, { inboxId, channel, locale });
  const draft = await toDraft(deps, {
    party,
    say: { content: { type: "text", text: phrases(locale, tone).returnedToBot } },
    author: { kind: "system" },
    locale,
  });
  await change(deps, {
    session,
    fence: {
      epoch: session.ownerEpoch,
      states: ["agent", "queued"],
      ticket: { id: ticketId, statuses: ["open", "claimed"] },
    },
    ticket: { id: ticketId, patch: { status: "resolved", resolvedAt: now, resolution: "returned_to_bot" } },
    patch: { state: "bot", owner: "bot", ticketId: null, misses: 0, waitingSince: null, queuedAt: null, unread: 0 },
    say: [draft],
    log: { kind: "returned_to_bot", by: authorOf(actor) },
    now,
  });
}

const resolution = (note: string | undefined) => (note === undefined || note === "" ? {} : { resolution: note });
