import { createStore } from "../store.ts";
import type { Content, Message } from "./types.ts";

/** A reply on its way: shown at once, replaced by the committed message, kept with its text when it fails. */
export interface Pending {
  readonly clientId: string;
  readonly sessionId: string;
  readonly ticketId: string;
  readonly ownerEpoch: number;
  readonly content: Content;
  /** Another thread of the contact than the one they wrote in last. */
  readonly conversationId?: string;
  readonly at: string;
  readonly state: "sending" | "failed";
  readonly error?: string;
}

export const outbox = createStore<readonly Pending[]>([]);

export function addPending(pending: Pending): void {
  outbox.set((list) => [...list.filter((item) => item.clientId !== pending.clientId), pending]);
}

export function failPending(clientId: string, error: string): void {
  outbox.set((list) => list.map((item) => (item.clientId === clientId ? { ...item, state: "failed", error } : item)));
}

export function dropPending(clientId: string): void {
  outbox.set((list) => list.filter((item) => item.clientId !== clientId));
}

/** The push may arrive before the answer to our own request: either ends the waiting. */
export function settleByMessage(message: Message): void {
  if (message.direction !== "outbound" || message.author.kind !== "agent") return;
  const match = outbox
    .get()
    .find(
      (item) =>
        item.state === "sending" &&
        item.sessionId === message.sessionId &&
        (message.clientId === undefined ? sameText(item.content, message.content) : item.clientId === message.clientId),
    );
  if (match) dropPending(match.clientId);
}

function sameText(a: Content, b: Content): boolean {
  return a.type === "text" && b.type === "text" && a.text.trim() === b.text.trim();
}
