/** A webhook: proven, read, stored, acknowledged; then answered. */
import type { Adapter, InboundEvent, Received, WebhookRequest } from "../core/adapter.ts";
import type { Delivery } from "../core/delivery.ts";
import type { Message } from "../core/message.ts";
import type { Inbox, Party } from "../core/ports.ts";
import { answer } from "./answer.ts";
import { deliver, settleCarried } from "./deliver.ts";
import type { Deps } from "./deps.ts";
import { ingest } from "./ingest.ts";

/**
 * @throws {SignatureError} nothing was stored
 * @throws {PayloadError} signed, yet not the documented shape
 * @throws {UnavailableError} the store cannot take it now; the platform will send it again
 */
export async function receive(
  deps: Deps,
  { inbox, adapter }: { readonly inbox: Inbox; readonly adapter: Adapter },
  request: WebhookRequest,
): Promise<Response> {
  const received = await adapter.receive(request);
  const patienceMs = adapter.capabilities.inlineReplyMs;
  if (patienceMs !== undefined && received.inline !== undefined) {
    const fresh = await recordAll(deps, { inbox, adapter }, received);
    return fresh.length === 0 ? received.response : inlineReply(deps, { received, fresh, patienceMs });
  }
  await takeIn(deps, { inbox, adapter }, received);
  if (received.more === true) deps.background(pullPages(deps, { inbox, adapter }));
  return received.response;
}

/** Stores what came, moves a pull's cursor, and begins to answer. */
async function takeIn(deps: Deps, running: RunningInbox, received: Pick<Received, "events" | "commit">): Promise<void> {
  const fresh = await recordAll(deps, running, received);
  // Between the first of several and now the desk may have gone on with the same contact.
  for (const { message, party } of fresh) startAnswer(deps, message, fresh.length === 1 ? party : undefined);
}

/** Pages fetched in one go; more waits for the next look. */
const MOST_PAGES = 50;

/** Fetches what a doorbell channel holds, one page after another: the cursor moves only after a page is stored. */
export function pullPages(deps: Deps, running: RunningInbox): Promise<void> {
  return deps.lanes.run(`pull:${running.inbox.id}`, async () => {
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const pulled = await running.adapter.pull?.();
      if (pulled === undefined) return;
      await takeIn(deps, running, pulled);
      if (pulled.more !== true) return;
    }
  });
}

async function recordAll(
  deps: Deps,
  running: RunningInbox,
  received: Pick<Received, "events" | "commit">,
): Promise<Answerable[]> {
  const fresh: Answerable[] = [];
  for (const event of received.events) {
    const recorded = await record(deps, running, event);
    if (recorded !== undefined) fresh.push(recorded);
  }
  await received.commit?.();
  return fresh;
}

interface RunningInbox {
  readonly inbox: Inbox;
  readonly adapter: Adapter;
}

interface Answerable {
  readonly message: Message;
  readonly party: Party | undefined;
}

/**
 * Answers now, or hands the row to a queue; either way a sweep would find it.
 * @param party as it was when the message was recorded, which is just now
 */
export function startAnswer(deps: Deps, message: Message, party?: Party): Promise<unknown> {
  const work =
    deps.enqueue === undefined
      ? answer(deps, message, { party })
      : deps.enqueue({ kind: "answer", shopId: message.shopId, messageId: message.id });
  const safe = work.catch((error: unknown) => {
    deps.log.error({ err: error, messageId: message.id }, "the answer failed; the sweep will try again");
  });
  deps.background(safe);
  return safe;
}

async function record(
  deps: Deps,
  { inbox, adapter }: { readonly inbox: Inbox; readonly adapter: Adapter },
  event: InboundEvent,
): Promise<Answerable | undefined> {
  const now = deps.now();
  switch (event.type) {
    case "message": {
      const { message } = event;
      const recorded = await ingest(deps, { inbox, capabilities: adapter.capabilities, ...message });
      if (!recorded.fresh) return undefined;
      if (message.content.type === "unsupported") {
        await deps.store.recordUnsupported({
          shopId: inbox.shopId,
          inboxId: inbox.id,
          kind: message.content.kind,
          raw: null,
          at: now,
        });
      }
      return message.sender.isBot === true || now - message.at >= 24 * 3_600_000 ? undefined : recorded;
    }
    case "status":
      await deps.store.recordStatus(inbox.id, event.channelMessageId, event.status, event.at, event.detail);
      deps.hub.wake(inbox.shopId);
      return undefined;
    case "edit":
      await deps.store.reviseInbound(inbox.id, event.channelMessageId, { content: event.content, now });
      deps.hub.wake(inbox.shopId);
      return undefined;
    case "recall":
      await deps.store.reviseInbound(inbox.id, event.channelMessageId, { recalledAt: event.at, now });
      deps.hub.wake(inbox.shopId);
      return undefined;
    case "presence": {
      if (event.kind === "left") {
        await deps.store.recordUnsupported({
          shopId: inbox.shopId,
          inboxId: inbox.id,
          kind: "left",
          raw: { sender: event.sender.id },
          at: now,
        });
        return undefined;
      }
      const recorded = await ingest(deps, {
        inbox,
        capabilities: adapter.capabilities,
        sender: event.sender,
        address: event.address,
        content: { type: "system", code: "joined", text: event.payload ?? "" },
        at: event.at,
        channelMessageId: event.channelMessageId,
      });
      return recorded.fresh ? recorded : undefined;
    }
    case "unsupported":
      await deps.store.recordUnsupported({
        shopId: inbox.shopId,
        inboxId: inbox.id,
        kind: event.kind,
        raw: event.raw,
        at: now,
      });
      return undefined;
  }
}

/** Most parts one response is offered. */
const MOST_PARTS = 20;

/** A channel that takes its answer in the webhook's response waits for it, but never past its platform's patience. */
async function inlineReply(
  deps: Deps,
  {
    received,
    fresh,
    patienceMs,
  }: { readonly received: Received; readonly fresh: readonly Answerable[]; readonly patienceMs: number },
): Promise<Response> {
  const held: Delivery[] = [];
  let late = false;
  const send = (delivery: Delivery) => {
    if (late) deliver(deps, delivery);
    else held.push(delivery);
  };
  const work = fresh.map(({ message }) =>
    answer(deps, message, { send }).catch((error: unknown) => {
      deps.log.error({ err: error, messageId: message.id }, "the answer failed; the sweep will try again");
    }),
  );
  deps.background(Promise.all(work));
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([Promise.all(work), patience]);
  clearTimeout(timer);
  late = true;
  const [first, ...others] = held;
  for (const delivery of others) deliver(deps, delivery);
  if (first === undefined) return received.response;
  const waiting = await deps.store.pendingDeliveries(first.conversationId, MOST_PARTS);
  const answered = await received.inline?.(
    waiting.map(({ id, address, content, authorKind }) => ({
      idempotencyKey: id,
      address,
      content,
      author: { kind: authorKind },
    })),
  );
  if (answered === undefined || answered.carried === 0) {
    deliver(deps, first);
    return received.response;
  }
  await settleCarried(deps, waiting.slice(0, answered.carried));
  return answered.response;
}
