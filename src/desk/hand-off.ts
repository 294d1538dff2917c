/** The bot gives a session to people: one write with the packet, the ticket, the new owner and the line to the shopper. */

import type { Decision } from "../core/decide.ts";
import type { Delivery } from "../core/delivery.ts";
import type { Message } from "../core/message.ts";
import { phrases } from "../core/phrases.ts";
import type { Party } from "../core/ports.ts";
import type { Session } from "../core/session.ts";
import { toneFor } from "../core/tone.ts";
import type { Deps } from "./deps.ts";
import { keptLine, placeInQueue, promiseOf } from "./duty.ts";
import { packetAndGuide } from "./packet.ts";
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
  const { shopId } = message;
  const [packet, { ahead, minutes, onDuty }] = await Promise.all([
    packetAndGuide(deps, { party, session, trigger, attempts: decision.attempts, locale }),
    placeInQueue(deps, { shopId, sessionId: session.id, priority: trigger.priority }),
  ]);
  const now = deps.now();
  const { inboxId, channel } = party.conversation;
  const lines = phrases(locale, toneFor(shop.rules.tone, { inboxId, channel, locale }));
  const day = dayOf(now, shop.timeZone);
  const kept = onDuty > 0 ? undefined : await deps.store.takeTicketNumber(shopId, day);
  const dueAt = kept === undefined ? undefined : promiseOf(shop, now);
  const line =
    kept !== undefined
      ? keptLine(lines, { number: kept, dueAt }, { now, locale, zone: shop.timeZone })
      : trigger.code === "bot_error"
        ? lines.trouble
        : lines.handedOff(ahead, minutes);
  const context =
    dueAt === undefined
      ? packet.context
      : { ...packet.context, promises: [{ text: line, dueAt: new Date(dueAt).toISOString() }] };
  const guide = kept === undefined || decision.say.length > 0 ? undefined : packet.guide;
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
    ...(guide === undefined
      ? []
      : [
          toDraft(deps, {
            party,
            say: {
              content: { type: "text", text: `${lines.meanwhile}\n${guide.answer}` },
              articleId: guide.articleId,
              score: guide.score,
            },
            author: { kind: "bot" as const },
            clientId: `guide:${message.id}`,
            locale,
          }),
        ]),
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
      day,
      ...(kept === undefined ? {} : { number: kept }),
      priority: trigger.priority,
      group: trigger.group,
      orderIds: [
        ...new Set([...context.entities.orderIds, ...context.orders.slice(0, 1).map((order) => order.orderId)]),
      ],
      tags: [],
      context,
    },
    ...(decision.marks === undefined ? {} : { marks: decision.marks }),
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

/** Days as they were last worked out: every zone's day begins at a quarter of an hour. */
const days = new Map<string, { readonly quarter: number; readonly day: string }>();

/** `yyMMdd` of the shop's own day. */
export function dayOf(now: number, timeZone: string): string {
  const quarter = Math.floor(now / 900_000);
  const known = days.get(timeZone);
  if (known?.quarter === quarter) return known.day;
  const day = formatDay(now, timeZone);
  days.set(timeZone, { quarter, day });
  return day;
}

function formatDay(now: number, timeZone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone,
    year: "2-digit",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(now);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? "00";
  return `${of("year")}${of("month")}${of("day")}`;
}
