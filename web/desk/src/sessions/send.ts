import { putAnswer, putSession } from "../api/apply-frame.ts";
import { post } from "../api/client.ts";
import { errorWords, isCode } from "../api/errors.ts";
import { liveState } from "../api/live.ts";
import { addPending, dropPending, failPending, outbox, type Pending } from "../api/outbox.ts";
import { sessionQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Content, Message, Session, Ticket } from "../api/types.ts";
import { getDraft, setDraft } from "./drafts.ts";
import { lostWords } from "./ownership.ts";

/** One line per session: replies leave in the order they were written. */
const lines = new Map<string, Promise<void>>();
/** Failed only for want of a network: tried again by themselves when it is back. */
const waitingForNetwork = new Set<string>();

export function sendReply(input: {
  readonly session: Session;
  readonly ticketId: string;
  readonly content: Content;
  readonly conversationId?: string;
}): Promise<void> {
  const pending: Pending = {
    clientId: crypto.randomUUID(),
    sessionId: input.session.id,
    ticketId: input.ticketId,
    ownerEpoch: input.session.ownerEpoch,
    content: input.content,
    ...(input.conversationId !== undefined && { conversationId: input.conversationId }),
    at: new Date().toISOString(),
    state: "sending",
  };
  return enqueue(pending);
}

/** The same client id again: whatever the first try did, it is said once. The owner is the one of now. */
export async function retryPending(pending: Pending): Promise<void> {
  const session = queryClient.getQueryData(sessionQuery(pending.sessionId).queryKey);
  const { error: _, ...rest } = pending;
  await enqueue({ ...rest, ownerEpoch: session?.ownerEpoch ?? pending.ownerEpoch, state: "sending" });
}

export function editPending(pending: Pending): void {
  const text = pending.content.type === "text" ? pending.content.text : "";
  setDraft(pending.sessionId, "reply", [getDraft(pending.sessionId, "reply"), text].filter(Boolean).join("\n"));
  dropPending(pending.clientId);
}

function enqueue(pending: Pending): Promise<void> {
  addPending(pending);
  const before = lines.get(pending.sessionId) ?? Promise.resolve();
  const mine = before.then(() => deliver(pending));
  lines.set(pending.sessionId, mine);
  return mine;
}

async function deliver(pending: Pending): Promise<void> {
  const { clientId, content, ownerEpoch, conversationId } = pending;
  waitingForNetwork.delete(clientId);
  try {
    const { message } = await post<{ message: Message }>(`/v1/tickets/${pending.ticketId}/messages`, {
      clientId,
      content,
      ownerEpoch,
      ...(conversationId !== undefined && { conversationId }),
    });
    putAnswer(queryClient, message);
    dropPending(clientId);
  } catch (error) {
    if (isCode(error, "network")) waitingForNetwork.add(clientId);
    failPending(clientId, isCode(error, "session.epoch_changed") ? lostWords(error) : errorWords(error));
    if (isCode(error, "session.epoch_changed", "delivery.window_closed")) void refreshSession(pending.sessionId);
  }
}

export async function refreshSession(sessionId: string): Promise<void> {
  const session = await queryClient.fetchQuery({ ...sessionQuery(sessionId), staleTime: 0 });
  putSession(queryClient, session);
}

liveState.subscribe(() => {
  if (liveState.get().phase !== "live") return;
  for (const pending of outbox.get()) {
    if (pending.state === "failed" && waitingForNetwork.has(pending.clientId)) void retryPending(pending);
  }
});

/** A template of the session's inbox; not shown before it is taken, since nothing was written that could be lost. */
export async function sendTemplate(input: {
  readonly session: Session;
  readonly ticketId: string;
  readonly templateId: string;
  readonly params: Readonly<Record<string, string>>;
}): Promise<void> {
  const { message } = await post<{ message: Message }>(`/v1/tickets/${input.ticketId}/messages`, {
    clientId: crypto.randomUUID(),
    template: { id: input.templateId, params: input.params },
    ownerEpoch: input.session.ownerEpoch,
  });
  putAnswer(queryClient, message);
}

export async function saveNote(ticketId: string, text: string): Promise<void> {
  const { note } = await post<{ note: Ticket["notes"][number] }>(`/v1/tickets/${ticketId}/notes`, { text });
  queryClient.setQueryData<Ticket>(
    ["ticket", ticketId],
    (ticket) => ticket && { ...ticket, notes: [...ticket.notes.filter((item) => item.id !== note.id), note] },
  );
}

export const unresolvedVariable = (text: string): string | undefined => /\{\{[^}]*\}?\}?|\{%[^%]*%?\}?/.exec(text)?.[0];
