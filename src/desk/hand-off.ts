/** The bot gives a session to people: one write with the packet, the ticket, the new owner and the line to the shopper. */

import type { Decision } from "../core/decide.ts";
import type { Delivery } from "../core/delivery.ts";
import type { Message } from "../core/message.ts";
import { phrases } from "../core/phrases.ts";
import type { Party } from "../core/ports.ts";
import type { Session } from "../core/session.ts";
import type { Deps } from "./deps.ts";
import { packetOf } from "./packet.ts";
import { toDraft } from "./say.ts";

export async function handOff(
  deps: Deps,
  input: {
    readonly message: Message;
    readonly party: Party;
    readonly session: Session;
    readonly decision: Decision;
    readonly locale: string;
  },
  send: (delivery: Delivery) => void,
): Promise<void> {
  const { message, party, session, decision, locale } = input;
  const trigger = decision.handoff;
  if (trigger === undefined) return;
  const shop = await deps.shop(message.shopId);
  const [context, ahead] = await Promise.all([
    packetOf(deps, { party, session, trigger, attempts: decision.attempts, locale }),
    deps.store.queuePosition(message.shopId, session.id),
  ]);
  const now = deps.now();
  const lines = phrases(locale);
  const line =
    trigger.code === "bot_error"
      ? lines.trouble
      : lines.handedOff(ahead, Math.max(1, Math.ceil(ahead * shop.rules.handleMinutes)));
  const say = await Promise.all([
    ...decision.say.map((one, i) =>
      toDraft(deps, {
        party,
        say: one,
        author: { kind: "bot" as const },
        clientId: `answer:${message.id}:${i}`,
        locale,
      }),
    ),
    toDraft(deps, {
      party,
      say: { content: { type: "text", text: line } },
      author: { kind: "system" as const },
      clientId: `handoff:${message.id}`,
      locale,
    }),
  ]);
  const ticketId = deps.newId("tic");
  const changed = await deps.store.changeSession({
    session,
    fence: { epoch: session.ownerEpoch, states: ["bot"], decides: message.id },
    patch: {
      state: "queued",
      owner: "queue",
      queuedAt: now,
      waitingSince: message.at,
      ticketId,
      misses: decision.misses,
      flow: null,
    },
    say,
    openTicket: {
      id: ticketId,
      day: dayOf(now, shop.timeZone),
      priority: trigger.priority,
      group: trigger.group,
      orderIds: [
        ...new Set([...context.entities.orderIds, ...context.orders.slice(0, 1).map((order) => order.orderId)]),
      ],
      tags: [],
      context,
    },
    log: { kind: "handoff", data: { reason: trigger.code } },
    now,
  });
  if (!changed.applied) {
    deps.log.info(
      { messageId: message.id, sessionId: session.id },
      "handoff dropped: the session has changed hands or the message was decided",
    );
    await deps.store.settleUndecided(message.id, { decidedAt: now });
    return;
  }
  deps.hub.wake(message.shopId, [message.conversationId]);
  for (const delivery of changed.leased) send(delivery);
}

/** `yyMMdd` of the shop's own day. */
export function dayOf(now: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "2-digit",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(now);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "00";
  return `${of("year")}${of("month")}${of("day")}`;
}
