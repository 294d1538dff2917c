import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { putSession } from "../api/apply-frame.ts";
import { post } from "../api/client.ts";
import { flat, messagesQuery, sessionQuery, ticketQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Session } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { canServe, useMe } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { useMedia } from "../ui/hooks.ts";
import { Failure, Skeleton } from "../ui/pieces.tsx";
import { Composer } from "./composer.tsx";
import { ContextPanel } from "./context/context-panel.tsx";
import { Conversation } from "./conversation.tsx";
import { getDraft, type Mode, setDraft } from "./drafts.ts";
import { HandoffCard } from "./handoff-card.tsx";
import { rightsOf } from "./ownership.ts";
import { SessionHeader } from "./session-header.tsx";
import { useSuggestions } from "./suggestion-strip.tsx";

interface ViewProps {
  readonly sessionId: string;
  readonly onBack: () => void;
  /** Above the conversation: a ticket's own fields. */
  readonly children?: ReactNode;
}

export function SessionView({ sessionId, onBack, children }: ViewProps) {
  const query = useQuery(sessionQuery(sessionId));
  if (query.data)
    return (
      <Loaded session={query.data} onBack={onBack}>
        {children}
      </Loaded>
    );
  return (
    <div className="session-view">
      {query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} fill />
      ) : (
        <div className="conversation-loading" aria-busy>
          <Skeleton width="180px" height={20} />
          <Skeleton lines={5} height={30} />
        </div>
      )}
    </div>
  );
}

function Loaded({
  session,
  onBack,
  children,
}: {
  readonly session: Session;
  readonly onBack: () => void;
  readonly children?: ReactNode;
}) {
  const me = useMe();
  const serves = canServe(me.user.role);
  const rights = rightsOf(session, me.user.id, serves);
  const { data: ticket } = useQuery({
    ...ticketQuery(session.ticketId ?? ""),
    enabled: session.ticketId !== undefined,
  });
  const { data: pages } = useInfiniteQuery(messagesQuery(session.id));
  const suggestions = useSuggestions(session, flat(pages), ticket, rights.canReply);
  const [mode, setMode] = useState<Mode>("reply");
  const context = useContextPanel();
  useMarkRead(session, rights.mine);
  const insert = (text: string) => {
    const old = getDraft(session.id, "reply");
    setDraft(session.id, "reply", old === "" ? text : `${old}\n${text}`);
    setMode("reply");
    setTimeout(() => document.getElementById("composer-field")?.focus());
  };
  return (
    <>
      <div className="session-view">
        <SessionHeader session={session} ticket={ticket} rights={rights} onBack={onBack} onContext={context.toggle} />
        {children}
        {ticket && <HandoffCard key={ticket.id} ticket={ticket} onInsert={rights.canReply ? insert : undefined} />}
        <Conversation session={session} ticket={ticket} />
        <Composer
          session={session}
          rights={rights}
          serves={serves}
          suggestions={suggestions}
          mode={mode}
          onMode={setMode}
        />
      </div>
      {context.shown && <ContextSide session={session} onClose={context.toggle} />}
    </>
  );
}

/** Beside the conversation where there is room, a drawer over it where there is not. */
function useContextPanel(): { readonly shown: boolean; readonly toggle: (() => void) | undefined } {
  const wide = useMedia("(min-width: 1280px)");
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: "orders",
      group: "session",
      title: "keys.orders",
      keys: "KeyO",
      run: () => {
        setOpen(true);
        setTimeout(() => document.getElementById("context-orders")?.focus(), 50);
      },
    },
    !wide &&
      open && {
        id: "close-context",
        group: "general",
        title: "common.close",
        keys: "Escape",
        keyOnly: true,
        run: () => setOpen(false),
      },
  ]);
  return { shown: wide || open, toggle: wide ? undefined : () => setOpen(!open) };
}

function ContextSide({ session, onClose }: { readonly session: Session; readonly onClose: (() => void) | undefined }) {
  const t = useT();
  return (
    <aside className={onClose ? "context drawer" : "context"} aria-label={t("context.label")}>
      {onClose && (
        <div className="context-close">
          <Button look="quiet" icon="x" aria-label={t("common.close")} onClick={onClose} />
        </div>
      )}
      <ContextPanel contactId={session.contact.id} />
    </aside>
  );
}

const READ_AFTER_MS = 800;

/** Seen for a moment is read; passing by with J and K is not. */
function useMarkRead(session: Session, mine: boolean): void {
  const { id, unread } = session;
  useEffect(() => {
    if (!mine || unread === 0) return;
    const timer = setTimeout(() => {
      post<{ session?: Session } | undefined>(`/v1/sessions/${id}/read`).then(
        (answer) => {
          const old = queryClient.getQueryData<Session>(["session", id]);
          if (answer?.session) putSession(queryClient, answer.session);
          else if (old) putSession(queryClient, { ...old, unread: 0 });
        },
        () => {}, // The badge stays; the next look tries again.
      );
    }, READ_AFTER_MS);
    return () => clearTimeout(timer);
  }, [id, unread, mine]);
}
