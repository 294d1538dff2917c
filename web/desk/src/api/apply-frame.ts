import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { noteCall } from "../identity/call-store.ts";
import { refreshPeople } from "../identity/refresh.ts";
import { serverNow } from "./client.ts";
import { liveState } from "./live.ts";
import { lagSeconds, typing } from "./live-facts.ts";
import { settleByMessage } from "./outbox.ts";
import type { Frame, Message, Page, SendWindow, Session, Ticket, TicketItem } from "./types.ts";

type Pages<T> = InfiniteData<Page<T>, string>;

/** Brings one pushed event into the caches, so that screens change without asking the server again. */
export function applyFrame(client: QueryClient, frame: Frame): void {
  switch (frame.type) {
    case "ready":
      return;
    case "message":
      noteLag(frame.data);
      settleByMessage(frame.data);
      putMessage(client, frame.data);
      if (frame.data.window !== undefined) putWindow(client, frame.data.sessionId, frame.data.window);
      if (frame.data.call) noteCall(frame.data.call, frame.data.at, serverNow());
      return;
    case "contact":
      refreshPeople(client);
      return;
    case "session":
      putSession(client, frame.data);
      return;
    case "ticket":
      putTicket(client, frame.data);
      return;
    case "receipt":
      putReceipt(client, frame.data);
      return;
    case "typing":
      noteTyping(frame.data);
      return;
    case "article":
      soon(client, ["articles"]);
      soon(client, ["article", frame.data.id]);
      soon(client, ["match"]);
      soon(client, ["versions", frame.data.id]);
      return;
    case "inbox":
      soon(client, ["inboxes"]);
      soon(client, ["inbox", frame.data.id]);
      return;
    case "task":
      client.setQueryData(["task", frame.data.id], frame.data);
  }
}

export function putMessage(client: QueryClient, message: Message): void {
  client.setQueryData<Pages<Message>>(
    ["messages", message.sessionId],
    (data) => data && upsert(data, message, "first"),
  );
  if (message.author.kind === "contact") typing.set((map) => without(map, message.sessionId));
}

/** As a request answered: a frame that was faster knows more, so what is there stays. */
export function putAnswer(client: QueryClient, message: Message): void {
  const known = client
    .getQueryData<Pages<Message>>(["messages", message.sessionId])
    ?.pages.some(({ items }) => items.some(({ id }) => id === message.id));
  if (known !== true) putMessage(client, message);
}

export function putSession(client: QueryClient, session: Session): void {
  client.setQueryData(["session", session.id], session);
  for (const [key] of client.getQueriesData<Pages<Session>>({ queryKey: ["sessions"] })) {
    const filter = (key[1] ?? {}) as SessionFilter;
    client.setQueryData<Pages<Session>>(key, (data) => {
      if (data === undefined) return data;
      if (!fits(session, filter)) return remove(data, session.id);
      // What a search would find is the server's to say; known rows still change in place.
      return upsert(data, session, filter.q ? "never" : "first");
    });
  }
  soon(client, ["counts"]);
}

export function putTicket(client: QueryClient, ticket: TicketItem): void {
  let newer = false;
  client.setQueryData<Ticket>(["ticket", ticket.id], (old) => {
    if (old === undefined) return old;
    newer = ticket.version > old.version;
    return { ...old, ...ticket, context: old.context, notes: old.notes, activity: old.activity };
  });
  // Notes and activity are not pushed; a changed ticket has new ones.
  if (newer) soon(client, ["ticket", ticket.id]);
  soon(client, ["tickets"]);
}

function putWindow(client: QueryClient, sessionId: string, window: SendWindow): void {
  const renewed = (session: Session): Session => (session.id === sessionId ? { ...session, window } : session);
  client.setQueryData<Session>(["session", sessionId], (session) => session && renewed(session));
  client.setQueriesData<Pages<Session>>(
    { queryKey: ["sessions"] },
    (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(renewed) })) },
  );
}

function putReceipt(client: QueryClient, receipt: Extract<Frame, { type: "receipt" }>["data"]): void {
  if (receipt.sessionId !== undefined && receipt.window !== undefined)
    putWindow(client, receipt.sessionId, receipt.window);
  for (const [key, data] of client.getQueriesData<Pages<Message>>({ queryKey: ["messages"] })) {
    const message = data?.pages.flatMap((page) => page.items).find((item) => item.id === receipt.messageId);
    if (message === undefined) continue;
    const changed: Message = {
      ...message,
      delivery: receipt.delivery,
      ...(receipt.code !== undefined && { deliveryCode: receipt.code }),
      ...(receipt.detail !== undefined && { deliveryDetail: receipt.detail }),
    };
    client.setQueryData<Pages<Message>>(key, (old) => old && upsert(old, changed, "never"));
    // The id to resend by comes with the message, not with the receipt.
    if (receipt.delivery === "failed" && message.deliveryId === undefined) soon(client, key);
  }
}

interface SessionFilter {
  readonly state?: string;
  readonly assignee?: string;
  readonly inboxId?: string;
  readonly q?: string;
}

export function fits(session: Session, filter: SessionFilter): boolean {
  return (
    (filter.state === undefined || session.state === filter.state) &&
    (filter.assignee === undefined || session.owner === filter.assignee) &&
    (filter.inboxId === undefined || session.inboxId === filter.inboxId)
  );
}

function upsert<T extends { readonly id: string }>(data: Pages<T>, item: T, insert: "first" | "never"): Pages<T> {
  let found = false;
  const pages = data.pages.map((page) => {
    if (!page.items.some((other) => other.id === item.id)) return page;
    found = true;
    return { ...page, items: page.items.map((other) => (other.id === item.id ? { ...other, ...item } : other)) };
  });
  const [first, ...rest] = pages;
  if (found || insert === "never" || first === undefined) return { ...data, pages };
  return { ...data, pages: [{ ...first, items: [item, ...first.items] }, ...rest] };
}

function remove<T extends { readonly id: string }>(data: Pages<T>, id: string): Pages<T> {
  if (!data.pages.some((page) => page.items.some((item) => item.id === id))) return data;
  return {
    ...data,
    pages: data.pages.map((page) => ({ ...page, items: page.items.filter((item) => item.id !== id) })),
  };
}

const waiting = new Map<string, ReturnType<typeof setTimeout>>();

/** Asks again in a moment; a burst of events is one question. */
function soon(client: QueryClient, queryKey: readonly unknown[]): void {
  const name = JSON.stringify(queryKey);
  if (waiting.has(name)) return;
  waiting.set(
    name,
    setTimeout(() => {
      waiting.delete(name);
      void client.invalidateQueries({ queryKey });
    }, 250),
  );
}

/** Only of what was said since the stream is open: what it catches up on was late for another reason. */
function noteLag(message: Message): void {
  const at = Date.parse(message.at);
  const opened = liveState.get().since + (serverNow() - Date.now());
  if (message.direction === "outbound" && at > opened) lagSeconds.set(Math.max(0, (serverNow() - at) / 1000));
}

function noteTyping(data: Extract<Frame, { type: "typing" }>["data"]): void {
  typing.set((map) =>
    data.on
      ? { ...map, [data.sessionId]: { author: data.author, until: Date.now() + 6000 } }
      : without(map, data.sessionId),
  );
}

function without<T>(map: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (!(key in map)) return map;
  const { [key]: _, ...rest } = map;
  return rest;
}
