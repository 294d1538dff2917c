/** A webhook: proven, read, stored, acknowledged; then answered. */
import type { Adapter, InboundEvent, Received, WebhookRequest } from "../core/adapter.ts";
import type { Message } from "../core/message.ts";
import type { Inbox } from "../core/ports.ts";
import { answer } from "./answer.ts";
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
  const fresh: Message[] = [];
  for (const event of received.events) {
    const message = await record(deps, { inbox, adapter }, event);
    if (message !== undefined) fresh.push(message);
  }
  await received.commit?.();
  const work = fresh.map((message) => startAnswer(deps, message));
  return adapter.capabilities.inlineReplyMs === undefined
    ? received.response
    : inlineReply(received, work, adapter.capabilities.inlineReplyMs);
}

/** Answers now, or hands the row to a queue; either way a sweep would find it. */
export function startAnswer(deps: Deps, message: Message): Promise<unknown> {
  const work =
    deps.enqueue === undefined
      ? answer(deps, message)
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
): Promise<Message | undefined> {
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
      return message.sender.isBot === true || now - message.at >= 24 * 3_600_000 ? undefined : recorded.message;
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
      return recorded.fresh ? recorded.message : undefined;
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

/** A channel that takes its answer in the webhook's response waits for it, but never past its platform's patience. */
async function inlineReply(
  received: Received,
  work: readonly Promise<unknown>[],
  patienceMs: number,
): Promise<Response> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, patienceMs);
  });
  await Promise.race([Promise.all(work), late]);
  clearTimeout(timer);
  return received.response;
}
