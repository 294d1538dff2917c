/** A webhook: proven, read, stored, acknowledged; then answered. */
import type { Adapter, InboundEvent, Received, WebhookRequest } from "../core/adapter.ts";
import type { Content } from "../core/content.ts";
import { isFileContent, isOwnFile } from "../core/media.ts";
import type { Message } from "../core/message.ts";
import type { Inbox, Party } from "../core/ports.ts";
import { answer } from "./answer.ts";
import { answerInline } from "./answer-inline.ts";
import type { Deps } from "./deps.ts";
import { fetchSoon } from "./fetch-media.ts";
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
  if (adapter.capabilities.inlineReplyMs !== undefined && received.inline !== undefined) {
    const fresh = await recordAll(deps, { inbox, adapter }, received);
    return answerInline(deps, { inbox, capabilities: adapter.capabilities, received, fresh });
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

export interface Answerable {
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
      const message = { ...event.message, content: foreign(event.message.content) };
      const recorded = await ingest(deps, { inbox, capabilities: adapter.capabilities, ...message });
      if (!recorded.fresh) return undefined;
      if (message.mediaRef !== undefined) fetchSoon(deps, inbox.id);
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
      await deps.store.reviseInbound(inbox.id, event.channelMessageId, {
        content: foreign(event.content),
        // An edit repeats the file it goes with.
        ...("fileId" in event.content && event.content.fileId !== undefined ? { mediaRef: event.content.fileId } : {}),
        now,
      });
      if ("fileId" in event.content) fetchSoon(deps, inbox.id);
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

/** No platform knows a file by our own id for it: who names one is after somebody else's. */
function foreign(content: Content): Content {
  return isFileContent(content) && isOwnFile(content.fileId) ? { type: "unsupported", kind: content.type } : content;
}
