/** What the agents' verbs share: load the ticket with its session, change both under the fence, wake who watches. */
import { ConflictError, NotFoundError } from "../core/errors.ts";
import type { Author } from "../core/message.ts";
import type { Changed, Party, SessionChange, SessionView } from "../core/ports.ts";
import { canMove, type SessionState } from "../core/session.ts";
import type { Ticket } from "../core/ticket.ts";
import { deliver } from "./deliver.ts";
import type { Deps } from "./deps.ts";

/** The agent who acts. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly shopId: string;
}

export const authorOf = (actor: Actor): Author => ({ kind: "agent", id: actor.id, name: actor.name });

export interface Loaded {
  readonly ticket: Ticket & { readonly sessionId: string };
  readonly session: SessionView;
}

/** @throws {NotFoundError} unknown, or another shop's */
export async function loadTicket(deps: Deps, actor: Actor, ticketId: string): Promise<Loaded> {
  const ticket = await deps.store.ticket(actor.shopId, ticketId);
  const session = ticket === undefined ? undefined : await deps.store.session(actor.shopId, ticket.sessionId);
  if (ticket === undefined || session === undefined)
    throw new NotFoundError("ticket.not_found", "There is no such ticket.");
  return { ticket, session };
}

/** @throws {ConflictError} `session.illegal_move` with the owner and epoch that hold */
export function mustMove(session: SessionView, to: SessionState): void {
  if (!canMove(session.state, to)) {
    throw new ConflictError(
      "session.illegal_move",
      `A session that is ${session.state} cannot become ${to}.`,
      ownerOf(session),
    );
  }
}

export function ownerOf(session: SessionView) {
  return { owner: session.owner, ownerEpoch: session.ownerEpoch, state: session.state };
}

/** The thread the contact wrote in last. @throws {NotFoundError} it is gone */
export async function partyOf(
  deps: Deps,
  session: Pick<SessionView, "shopId" | "conversationId">,
  conversationId?: string,
): Promise<Party> {
  const party = await deps.store.partyOfConversation(session.shopId, conversationId ?? session.conversationId);
  if (party === undefined) throw new NotFoundError("conversation.not_found", "There is no such conversation.");
  return party;
}

/**
 * @throws {ConflictError} `ticket.already_claimed` when another agent has it now, `session.epoch_changed` when the session has
 * changed hands since it was looked at
 */
export async function change(deps: Deps, input: SessionChange): Promise<Extract<Changed, { applied: true }>> {
  const changed = await deps.store.changeSession(input);
  if (!changed.applied) throw await conflict(deps, input);
  const conversations = new Set(input.say.map((draft) => draft.conversation.id));
  const session = await deps.store.session(input.session.shopId, input.session.id);
  if (session !== undefined) conversations.add(session.conversationId);
  deps.hub.wake(input.session.shopId, [...conversations]);
  for (const delivery of changed.leased) deliver(deps, delivery);
  return changed;
}

async function conflict(deps: Deps, input: SessionChange): Promise<ConflictError> {
  const { shopId, id } = input.session;
  const session = await deps.store.session(shopId, id);
  if (session === undefined) return new ConflictError("session.epoch_changed", "The session is gone.");
  const holder = session.state === "agent" ? await deps.store.user(session.owner) : undefined;
  const current = { ...ownerOf(session), ...(holder === undefined ? {} : { ownerName: holder.name }) };
  const wantedOpen = input.fence.ticket?.statuses?.includes("open") === true;
  return holder !== undefined && wantedOpen
    ? new ConflictError("ticket.already_claimed", `The ticket is already claimed by ${holder.name}.`, current)
    : new ConflictError("session.epoch_changed", "The session has changed hands since you looked at it.", current);
}
