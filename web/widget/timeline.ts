import type { Message, SessionInfo } from "./contract.ts";

/**
 * Adds what is new and replaces what is known, in the order things were said. The same message may come by answer,
 * by stream and by catching up: its id decides, so it shows once.
 */
export function mergeMessages(known: readonly Message[], incoming: readonly Message[]): readonly Message[] {
  if (incoming.length === 0) return known;
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of incoming) {
    const before = byId.get(message.id);
    byId.set(message.id, before?.clientId === undefined ? message : { ...message, clientId: before.clientId });
  }
  return [...byId.values()].sort((a, b) => a.at.localeCompare(b.at) || a.seq - b.seq);
}

export function isForShopper(message: Message): boolean {
  return message.direction === "outbound" && message.author.kind !== "system" && message.content.type !== "system";
}

export function countUnread(messages: readonly Message[], readSeq: number): number {
  return messages.filter((message) => isForShopper(message) && message.seq > readSeq).length;
}

export function lastSeq(messages: readonly Message[]): number {
  return messages.reduce((max, message) => Math.max(max, message.seq), 0);
}

/** Where the service stands, as far as the messages tell. */
export function serviceOf(messages: readonly Message[]): SessionInfo | undefined {
  const last = messages.findLast((message) => message.direction === "outbound" && message.author.kind !== "system");
  if (last === undefined) return undefined;
  const { sessionId, author } = last;
  return { sessionId, state: author.kind === "agent" ? "agent" : "bot", agentName: author.name };
}
