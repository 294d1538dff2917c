import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { outbox } from "../api/outbox.ts";
import { flat, historyQuery, messagesQuery } from "../api/queries.ts";
import type { Message, Session, Ticket } from "../api/types.ts";
import { useStore } from "../store.ts";
import { type TimelineItem, timeline } from "./timeline.ts";

export interface TimelineView {
  readonly items: readonly TimelineItem[];
  readonly messages: readonly Message[];
  readonly isPending: boolean;
  readonly error: unknown;
  readonly retry: () => void;
  /** What "older" means here: more of this session, then what was before it, then nothing. */
  readonly older: "messages" | "history" | "none";
  readonly isLoadingOlder: boolean;
  readonly loadOlder: () => void;
}

/** The session's messages first; asked for more, the contact's earlier sessions on every channel. */
export function useTimeline(session: Session, ticket: Ticket | undefined): TimelineView {
  const [wantsHistory, setWantsHistory] = useState(false);
  const current = useInfiniteQuery(messagesQuery(session.id));
  const history = useInfiniteQuery({ ...historyQuery(session.contact.id), enabled: wantsHistory });
  const pending = useStore(outbox).filter((item) => item.sessionId === session.id);
  const messages = [...flat(current.data), ...(wantsHistory ? flat(history.data) : [])];
  const oldest = messages.reduce<string | undefined>(
    (min, message) => (min === undefined || message.at < min ? message.at : min),
    undefined,
  );
  const hasMore = current.hasNextPage || (wantsHistory && history.hasNextPage);
  return {
    items: timeline({
      sessionId: session.id,
      messages,
      notes: ticket?.notes ?? [],
      activity: ticket?.activity ?? [],
      pending,
      ...(hasMore && oldest !== undefined && { since: oldest }),
    }),
    messages,
    isPending: current.isPending,
    error: current.data === undefined ? current.error : undefined,
    retry: () => void current.refetch(),
    older: current.hasNextPage ? "messages" : !wantsHistory || history.hasNextPage ? "history" : "none",
    isLoadingOlder:
      current.isFetchingNextPage ||
      (wantsHistory && history.isFetching && (history.isPending || history.isFetchingNextPage)),
    loadOlder() {
      if (current.hasNextPage) void current.fetchNextPage();
      else if (!wantsHistory) setWantsHistory(true);
      else if (history.hasNextPage) void history.fetchNextPage();
    },
  };
}
