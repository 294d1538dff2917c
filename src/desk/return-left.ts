/** Chats of an agent whose stream is gone go back to the queue, where they stood before; `desk.md` story 12. */
import { DUTY_MS, isSettled, keepWatch, type Watch } from "../core/duty.ts";
import type { LeftChat } from "../core/ports.ts";
import type { Deps } from "./deps.ts";

export const LOOK_EVERY_MS = 5000;
const BATCH = 100;

/**
 * One look; answers how many went back. In the first minute and a half, or after a break, none does: the agents are still on
 * their way back themselves.
 */
export function createReturnLeft(deps: Deps, everyMs = LOOK_EVERY_MS): () => Promise<number> {
  let watch: Watch | undefined;
  return async () => {
    watch = keepWatch(watch, deps.now(), everyMs);
    return isSettled(watch) ? returnLeft(deps) : 0;
  };
}

export async function returnLeft(deps: Deps, graceMs = DUTY_MS): Promise<number> {
  const left = await deps.store.leftChats(deps.now() - graceMs, BATCH);
  const returned = await Promise.all(left.map((chat) => returnOne(deps, chat)));
  return returned.filter(Boolean).length;
}

async function returnOne(deps: Deps, { shopId, sessionId, ticketId, agentId }: LeftChat): Promise<boolean> {
  const [shop, session, ticket, agent] = await Promise.all([
    deps.shop(shopId),
    deps.store.session(shopId, sessionId),
    deps.store.ticket(shopId, ticketId),
    deps.store.user(agentId),
  ]);
  if (!shop.rules.returnLeftChats || session === undefined || ticket === undefined) return false;
  const now = deps.now();
  const changed = await deps.store.changeSession({
    session,
    fence: {
      epoch: session.ownerEpoch,
      owner: agentId,
      states: ["agent"],
      ticket: { id: ticketId, statuses: ["claimed"], assignee: agentId },
    },
    ticket: { id: ticketId, patch: { status: "open", assignee: null } },
    // Since when it was in the queue at first: ahead of whoever came later.
    patch: {
      state: "queued",
      owner: "queue",
      queuedAt: ticket.createdAt,
      waitingSince: session.waitingSince ?? session.lastInboundAt,
    },
    say: [],
    log: { kind: "left", by: { kind: "agent", id: agentId, ...(agent === undefined ? {} : { name: agent.name }) } },
    now,
  });
  if (!changed.applied) return false;
  deps.log.info({ sessionId, agentId }, "an agent is gone; the chat is back in the queue");
  deps.hub.wake(shopId, [session.conversationId]);
  return true;
}
