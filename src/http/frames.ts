/** Rows of the domain log as the frames of a stream: one place for WebSocket, SSE and polling, on every runtime. */
import type { DomainEvent } from "../core/event.ts";
import type { Topic } from "../core/live.ts";
import type { Party } from "../core/ports.ts";
import { hasWindow } from "../core/window.ts";
import { callPop } from "../desk/call-pop.ts";
import type { Deps } from "../desk/deps.ts";
import { placeInQueue } from "../desk/duty.ts";
import { agentWindow } from "../desk/window.ts";
import { presentMessage, toSessionJson, toTicketSummary, toWindowJson } from "./present.ts";

export interface Frame {
  readonly type: string;
  readonly cursor: string;
  readonly data: unknown;
}

const BATCH = 200;

/** The events after a cursor as frames, and the cursor to go on from; nothing between two cursors is skipped. */
export async function framesAfter(
  deps: Deps,
  kind: "visitor" | "desk",
  topic: Topic,
  after: number,
): Promise<{ frames: Frame[]; cursor: number; more: boolean }> {
  const events = await deps.store.eventsAfter({ ...topic, after, limit: BATCH });
  const frames: Frame[] = [];
  for (const event of latest(events)) {
    const data = kind === "visitor" ? await visitorData(deps, event) : await deskData(deps, event);
    if (data !== undefined) frames.push({ type: event.type, cursor: String(event.id), data });
  }
  return { frames, cursor: events.at(-1)?.id ?? after, more: events.length === BATCH };
}

/** Of several changes of one session or ticket in a batch only the last is worth a look: each frame shows what holds now. */
function latest(events: readonly DomainEvent[]): DomainEvent[] {
  const last = new Map<string, number>();
  for (const event of events) {
    if (event.type === "session" || event.type === "ticket")
      last.set(`${event.type}:${event.sessionId ?? ""}:${event.ticketId ?? ""}`, event.id);
  }
  return events.filter(
    (event) =>
      !last.has(`${event.type}:${event.sessionId ?? ""}:${event.ticketId ?? ""}`) ||
      last.get(`${event.type}:${event.sessionId ?? ""}:${event.ticketId ?? ""}`) === event.id,
  );
}

async function messageOf(deps: Deps, event: DomainEvent) {
  return event.messageId === undefined ? undefined : deps.store.message(event.shopId, event.messageId);
}

async function visitorData(deps: Deps, event: DomainEvent): Promise<unknown> {
  switch (event.type) {
    case "message": {
      const message = await messageOf(deps, event);
      return message === undefined || isSilent(message) ? undefined : presentMessage(deps, message, "visitor");
    }
    case "session":
      return event.sessionId === undefined ? undefined : visitorFrames.session(deps, event.shopId, event.sessionId);
    case "receipt":
      return { messageId: event.messageId, delivery: event.data?.delivery };
    default:
      return undefined;
  }
}

/** Arrivals without words are for the bot's eyes only. */
export function isSilent(message: {
  readonly direction: string;
  readonly content: { readonly type: string };
}): boolean {
  return message.direction === "inbound" && message.content.type === "system";
}

async function deskData(deps: Deps, event: DomainEvent): Promise<unknown> {
  switch (event.type) {
    case "message": {
      const message = await messageOf(deps, event);
      if (message === undefined) return undefined;
      const [shown, call, window] = await Promise.all([
        presentMessage(deps, message, "desk"),
        callPop(deps, message),
        windowOpened(deps, event, message),
      ]);
      return { ...shown, ...(call === undefined ? {} : { call }), ...window };
    }
    case "session":
      return event.sessionId === undefined ? undefined : deskSession(deps, event.shopId, event.sessionId);
    case "ticket": {
      const ticket = event.ticketId === undefined ? undefined : await deps.store.ticket(event.shopId, event.ticketId);
      return ticket === undefined ? undefined : toTicketSummary(ticket);
    }
    case "receipt":
      return receiptData(deps, event);
    default:
      return event.data ?? {};
  }
}

/** What became of a delivery, and what it left of the send window it counted against. */
async function receiptData(deps: Deps, event: DomainEvent) {
  const { inWindow, ...told } = event.data ?? {};
  return { messageId: event.messageId, ...told, ...(inWindow === true ? await windowAfter(deps, event) : {}) };
}

/** What the contact's own word has opened. */
async function windowOpened(
  deps: Deps,
  event: DomainEvent,
  { direction, inboxId }: { readonly direction: string; readonly inboxId: string },
) {
  if (direction !== "inbound") return {};
  const running = await deps.inboxes.get(inboxId).catch(() => undefined); // an inbox that cannot start has no window to show
  return running === undefined || !hasWindow(running.adapter.capabilities) ? {} : windowAfter(deps, event);
}

async function windowAfter(deps: Deps, { shopId, sessionId }: DomainEvent) {
  const session = sessionId === undefined ? undefined : await deps.store.session(shopId, sessionId);
  if (session === undefined || session.state === "closed") return {};
  const running = await deps.inboxes.get(session.inboxId).catch(() => undefined); // an inbox that cannot start has no window to show
  const window = agentWindow(running?.adapter.capabilities, session.window, deps.now());
  return window === undefined ? {} : { sessionId, window: toWindowJson(window) };
}

/** A session with the names the desk shows beside its ids. */
export async function deskSession(deps: Deps, shopId: string, sessionId: string) {
  const session = await deps.store.session(shopId, sessionId);
  return session === undefined ? undefined : namedSession(deps, session);
}

export async function namedSession(deps: Deps, session: NonNullable<Awaited<ReturnType<Deps["store"]["session"]>>>) {
  const held = session.owner !== "bot" && session.owner !== "queue";
  const [owner, assignee, running] = await Promise.all([
    held ? deps.store.user(session.owner) : undefined,
    session.ticket?.assignee === undefined ? undefined : deps.store.user(session.ticket.assignee),
    deps.inboxes.get(session.inboxId).catch(() => undefined), // an inbox that cannot start still has sessions to show
  ]);
  return toSessionJson(
    session,
    {
      ...(owner === undefined ? {} : { owner: owner.name }),
      ...(assignee === undefined ? {} : { assignee: assignee.name }),
      ...(running === undefined ? {} : { inbox: running.inbox.name }),
    },
    agentWindow(running?.adapter.capabilities, session.window, deps.now()),
  );
}

export const visitorFrames = {
  /** What the shopper may know of their session: who serves them, and how long the line is. */
  async session(deps: Deps, shopId: string, sessionId: string) {
    const session = await deps.store.session(shopId, sessionId);
    if (session === undefined) return undefined;
    const shown = { sessionId: session.id, state: session.state };
    if (session.state === "agent") {
      const agent = await deps.store.user(session.owner);
      return { ...shown, ...(agent === undefined ? {} : { agentName: agent.name }) };
    }
    if (session.state !== "queued") return shown;
    const { ahead, minutes, onDuty } = await placeInQueue(deps, { shopId, sessionId });
    return { ...shown, queuePosition: ahead, ...(onDuty === 0 ? {} : { etaSeconds: minutes * 60 }) };
  },
};

/** The polling form of the visitor's stream. */
export async function visitorMessages(http: { readonly desk: Deps }, party: Party, after: number, limit: number) {
  const { desk } = http;
  const topic = { shopId: party.contact.shopId, conversationId: party.conversation.id };
  const events = await desk.store.eventsAfter({ ...topic, after, limit });
  const messages = await Promise.all(
    events.filter((event) => event.type === "message").map((event) => messageOf(desk, event)),
  );
  return {
    items: await Promise.all(
      messages.flatMap((message) =>
        message === undefined || isSilent(message) ? [] : [presentMessage(desk, message, "visitor")],
      ),
    ),
    cursor: String(events.at(-1)?.id ?? after),
  };
}
