import type { Pending } from "../api/outbox.ts";
import type { Activity, Message, Note } from "../api/types.ts";
import { dayKey } from "../time.ts";

export type TimelineItem =
  | { readonly kind: "day"; readonly key: string; readonly at: string }
  | {
      readonly kind: "session";
      readonly key: string;
      readonly at: string;
      readonly channel: string;
      readonly current: boolean;
    }
  | {
      readonly kind: "message";
      readonly key: string;
      readonly at: string;
      readonly message: Message;
      readonly joined: boolean;
    }
  | { readonly kind: "note"; readonly key: string; readonly at: string; readonly note: Note }
  | { readonly kind: "activity"; readonly key: string; readonly at: string; readonly activity: Activity }
  | { readonly kind: "pending"; readonly key: string; readonly at: string; readonly pending: Pending };

interface Sources {
  readonly sessionId: string;
  readonly messages: readonly Message[];
  readonly notes: readonly Note[];
  readonly activity: readonly Activity[];
  readonly pending: readonly Pending[];
  /** Nothing older than this is shown yet: notes from before wait for their messages. */
  readonly since?: string;
}

const JOIN_MS = 3 * 60_000;

/** All that happened, oldest first, with a line for each day and each session. */
export function timeline({ sessionId, messages, notes, activity, pending, since }: Sources): readonly TimelineItem[] {
  const shown = <T extends { readonly at: string }>(list: readonly T[]) =>
    list.filter((item) => since === undefined || item.at >= since);
  const unique = new Map(messages.map((message) => [message.id, message]));
  const entries: TimelineItem[] = [
    ...[...unique.values()].map((message) => ({
      kind: "message" as const,
      key: message.id,
      at: message.at,
      message,
      joined: false,
    })),
    ...shown(notes).map((note) => ({ kind: "note" as const, key: `n-${note.id}`, at: note.at, note })),
    // A note is shown as itself, not as the fact that it was written.
    ...shown(activity)
      .filter((item) => item.kind !== "note" && item.kind !== "note_added")
      .map((item) => ({ kind: "activity" as const, key: `a-${item.id}`, at: item.at, activity: item })),
  ];
  entries.sort((a, b) => a.at.localeCompare(b.at) || seqOf(a) - seqOf(b));
  const sending = pending.map((item) => ({
    kind: "pending" as const,
    key: `p-${item.clientId}`,
    at: item.at,
    pending: item,
  }));
  return withDividers([...entries, ...sending], sessionId);
}

const seqOf = (item: TimelineItem) => (item.kind === "message" ? item.message.seq : 0);

function withDividers(entries: readonly TimelineItem[], sessionId: string): readonly TimelineItem[] {
  const items: TimelineItem[] = [];
  let day = "";
  let session = "";
  let last: Message | undefined;
  const several =
    new Set(entries.map((entry) => (entry.kind === "message" ? entry.message.sessionId : sessionId))).size > 1;
  for (const entry of entries) {
    const key = dayKey(entry.at);
    if (key !== day) {
      items.push({ kind: "day", key: `d-${key}`, at: entry.at });
      day = key;
      last = undefined;
    }
    if (entry.kind !== "message") {
      items.push(entry);
      last = undefined;
      continue;
    }
    const { message } = entry;
    if (several && message.sessionId !== session) {
      items.push({
        kind: "session",
        key: `s-${message.sessionId}-${message.id}`,
        at: message.at,
        channel: message.channel,
        current: message.sessionId === sessionId,
      });
      last = undefined;
    }
    session = message.sessionId;
    items.push({ ...entry, joined: follows(last, message) });
    last = message;
  }
  return items;
}

function follows(before: Message | undefined, message: Message): boolean {
  return (
    before !== undefined &&
    before.author.kind === message.author.kind &&
    before.author.id === message.author.id &&
    before.channel === message.channel &&
    Date.parse(message.at) - Date.parse(before.at) < JOIN_MS
  );
}
