/** Rows of the domain log as the frames of a stream: one place for WebSocket, SSE and polling, on every runtime. */
import type { DomainEvent } from "../core/event.ts";
import type { Topic } from "../core/live.ts";
import type { Party } from "../core/ports.ts";
import type { Deps } from "../desk/deps.ts";
import { presentMessage, toSessionJson, toTicketSummary } from "./present.ts";

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
      return message === undefined ? undefined : presentMessage(deps, message, "desk");
    }
    case "session":
      return event.sessionId === undefined ? undefined : deskSession(deps, event.shopId, event.sessionId);
    case "ticket": {
      const ticket = event.ticketId === undefined ? undefined : await deps.store.ticket(event.shopId, event.ticketId);
      return ticket === undefined ? undefined : toTicketSummary(ticket);
    }
    case "receipt":
      return { messageId: event.messageId, ...event.data };
    default:
      return event.data ?? {};
  }
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
    running?.adapter.capabilities,
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
    const [ahead, shop] = await Promise.all([deps.store.queuePosition(shopId, sessionId), deps.shop(shopId)]);
    return {
      ...shown,
      queuePosition: ahead,
      etaSeconds: Math.round(Math.max(1, ahead) * shop.rules.handleMinutes * 60),
    };
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
