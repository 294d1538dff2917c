/** An answer inside the webhook's own response, for channels that take it there; for some it is the only way to say anything. */
import type { Capabilities, Received } from "../core/adapter.ts";
import type { Delivery } from "../core/delivery.ts";
import type { Inbox } from "../core/ports.ts";
import { answer } from "./answer.ts";
import { deliver, settleCarried } from "./deliver.ts";
import type { Deps } from "./deps.ts";
import type { Answerable } from "./receive.ts";

/** Most parts one response is offered. */
const MOST_PARTS = 20;
/** How often a repeated webhook looks for the answer its first is still working on. */
const LOOK_EVERY_MS = 200;
/** Past the moment the platform hangs up. */
const HUNG_UP_MS = 1000;

export interface Inline {
  readonly inbox: Pick<Inbox, "id">;
  readonly capabilities: Capabilities;
  readonly received: Received;
  /** What was not known before, and is to be answered. */
  readonly fresh: readonly Answerable[];
}

/** Waits for the answer, but never past the platform's patience, and brings what has waited for the contact to write. */
export async function answerInline(deps: Deps, inline: Inline): Promise<Response> {
  const conversationId = await conversationOf(deps, inline);
  if (conversationId === undefined) return inline.received.response;
  return inline.fresh.length > 0
    ? answerFresh(deps, inline, conversationId)
    : answerAgain(deps, inline, conversationId);
}

async function answerFresh(deps: Deps, inline: Inline, conversationId: string): Promise<Response> {
  const { fresh, capabilities, received } = inline;
  const held: Delivery[] = [];
  let late = false;
  const send = (delivery: Delivery) => {
    // Another contact's, or too late: it goes the ordinary way, or waits.
    if (late || delivery.conversationId !== conversationId) deliver(deps, delivery);
    else held.push(delivery);
  };
  const work = Promise.all(
    fresh.map(({ message }) =>
      answer(deps, message, { send }).catch((error: unknown) => {
        deps.log.error({ err: error, messageId: message.id }, "the answer failed; the sweep will try again");
      }),
    ),
  );
  deps.background(work);
  const { inlineReplyMs: patienceMs = 0, inlineAgainMs: againMs } = capabilities;
  const inTime = await isDoneWithin(patienceMs, work);
  late = true;
  const response = await carryWaiting(deps, inline, { conversationId, held });
  if (response !== undefined) return response;
  // Unanswered, the platform hangs up and asks once more, and gets the answer then.
  if (!inTime && againMs !== undefined) await sleep(againMs - patienceMs + HUNG_UP_MS);
  return received.response;
}

/** A webhook repeated: the platform did not hear us, or hung up while the answer was being made. */
async function answerAgain(deps: Deps, inline: Inline, conversationId: string): Promise<Response> {
  const { inlineReplyMs: patienceMs = 0, inlineOnly } = inline.capabilities;
  if (inlineOnly === true) {
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += LOOK_EVERY_MS) {
      const response = await carryWaiting(deps, inline, { conversationId, held: [] });
      if (response !== undefined) return response;
      await sleep(LOOK_EVERY_MS);
    }
  }
  return inline.received.response;
}

/** Puts what waits into the response; undefined when that is nothing. What does not fit waits on, or goes the ordinary way. */
async function carryWaiting(
  deps: Deps,
  { capabilities, received }: Inline,
  { conversationId, held }: { readonly conversationId: string; readonly held: readonly Delivery[] },
): Promise<Response | undefined> {
  const isOnlyWay = capabilities.inlineOnly === true;
  if (!isOnlyWay && held.length === 0) return undefined;
  const waiting = isOnlyWay
    ? [...held, ...(await deps.store.takeWaiting(conversationId, deps.now(), MOST_PARTS))].sort((a, b) => a.seq - b.seq)
    : await deps.store.pendingDeliveries(conversationId, MOST_PARTS);
  const answered =
    waiting.length === 0
      ? undefined
      : await received.inline?.(
          waiting.map(({ id, address, content, authorKind }) => ({
            idempotencyKey: id,
            address,
            content,
            author: { kind: authorKind },
          })),
        );
  const carried = answered?.carried ?? 0;
  await settleCarried(deps, waiting.slice(0, carried));
  // Where the ordinary way is open the end of the first brings on the next.
  const left = isOnlyWay ? waiting.slice(carried) : carried === 0 ? held : [];
  for (const delivery of left) deliver(deps, delivery);
  return carried === 0 ? undefined : answered?.response;
}

/** Whose conversation a response goes to: there is one response, and so one person in the webhook. */
async function conversationOf(deps: Deps, { inbox, fresh, received }: Inline): Promise<string | undefined> {
  const [first] = fresh;
  if (first !== undefined) return first.message.conversationId;
  for (const event of received.events) {
    if (event.type !== "message" && event.type !== "presence") continue;
    const { sender } = event.type === "message" ? event.message : event;
    const party = await deps.store.findParty(inbox.id, sender.id);
    if (party !== undefined) return party.conversation.id;
  }
  return undefined;
}

async function isDoneWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  return Promise.race([work.then(() => true), late]).finally(() => clearTimeout(timer));
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
