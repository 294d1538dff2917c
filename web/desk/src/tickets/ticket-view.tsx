import { useMutation, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useRef, useState } from "react";
import { putTicket } from "../api/apply-frame.ts";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { ticketQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Priority, Ticket } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { canServe, useMe } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { HandoffCard } from "../sessions/handoff-card.tsx";
import { useTicketAction } from "../sessions/ownership.ts";
import { PromiseChips } from "../sessions/promise-chips.tsx";
import { SessionView } from "../sessions/session-view.tsx";
import { momentTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { StatusChip } from "./tickets-page.tsx";

/** A ticket is its latest session with the ticket's own fields above it. */
export function TicketView({ ticketId, onBack }: { readonly ticketId: string; readonly onBack: () => void }) {
  const t = useT();
  const query = useQuery(ticketQuery(ticketId));
  const ticket = query.data;
  if (ticket === undefined) {
    return (
      <div className="session-view">
        {query.isError ? (
          <Failure error={query.error} onRetry={() => void query.refetch()} fill />
        ) : (
          <div className="conversation-loading">
            <Skeleton lines={6} height={24} />
          </div>
        )}
      </div>
    );
  }
  const sessionId = ticket.sessionIds.at(-1);
  if (sessionId !== undefined) {
    return (
      <SessionView key={sessionId} sessionId={sessionId} onBack={onBack}>
        <Fields ticket={ticket} sessionId={sessionId} />
      </SessionView>
    );
  }
  return (
    <div className="session-view">
      <Fields ticket={ticket} sessionId={undefined} />
      <HandoffCard ticket={ticket} onInsert={undefined} />
      <Empty fill icon="chat" title={t("tickets.noSession")} />
    </div>
  );
}

const PRIORITIES: readonly Priority[] = ["urgent", "high", "normal", "low"];

function useChange(ticket: Ticket, field: "priority" | "tags") {
  return useMutation({
    mutationFn: (value: Priority | readonly string[]) =>
      post<{ ticket: Ticket }>(`/v1/tickets/${ticket.id}/${field}`, { [field]: value }),
    onSuccess: (answer) => {
      queryClient.setQueryData<Ticket>(["ticket", ticket.id], (old) => old && { ...old, ...answer.ticket });
      putTicket(queryClient, answer.ticket);
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
}

function Fields({ ticket, sessionId }: { readonly ticket: Ticket; readonly sessionId: string | undefined }) {
  const t = useT();
  const me = useMe();
  const serves = canServe(me.user.role);
  const priority = useChange(ticket, "priority");
  const reopen = useTicketAction("reopen", ticket.id, sessionId);
  return (
    <section className="ticket-fields" aria-label={t("tickets.fields")}>
      <span className="mono">{ticket.number}</span>
      <StatusChip ticket={ticket} />
      <label>
        <span className="muted">{t("tickets.priority")}</span>
        <select
          className="input pick"
          value={ticket.priority}
          disabled={!serves || priority.isPending}
          onChange={(event) => priority.mutate(event.target.value as Priority)}
        >
          {PRIORITIES.map((key) => (
            <option key={key} value={key}>
              {t(`priority.${key}`)}
            </option>
          ))}
        </select>
      </label>
      <span>
        <span className="muted">{t("tickets.group")}</span> {codeWords(t, "group", ticket.group)}
      </span>
      <span>
        <span className="muted">{t("tickets.assignee")}</span> {ticket.assigneeName ?? t("tickets.unassigned")}
      </span>
      <span className="muted num">
        {ticket.resolvedAt
          ? t("tickets.resolvedAt", { time: momentTime(ticket.resolvedAt) })
          : t("tickets.created", { time: momentTime(ticket.createdAt) })}
      </span>
      <PromiseChips ticket={ticket} />
      <Tags ticket={ticket} serves={serves} />
      {serves && ticket.status === "resolved" && (
        <Button small icon="undo" busy={reopen.isPending} onClick={() => reopen.mutate({})}>
          {t("action.reopen")}
        </Button>
      )}
    </section>
  );
}

function Tags({ ticket, serves }: { readonly ticket: Ticket; readonly serves: boolean }) {
  const t = useT();
  const change = useChange(ticket, "tags");
  const [text, setText] = useState("");
  const tags = ticket.tags ?? [];
  const field = useRef<HTMLInputElement>(null);
  useCommands([
    serves && {
      id: "label",
      group: "session",
      title: "tickets.addTag",
      keys: "KeyL",
      run: () => field.current?.focus(),
    },
  ]);
  const add = (event: KeyboardEvent) => {
    const tag = text.trim();
    if (event.key !== "Enter" || event.nativeEvent.isComposing || event.keyCode === 229 || tag === "") return;
    event.preventDefault();
    if (!tags.includes(tag)) change.mutate([...tags, tag]);
    setText("");
  };
  return (
    <span className="ticket-tags">
      {tags.map((tag) => (
        <Chip key={tag} tone="accent">
          {tag}
          {serves && (
            <button
              type="button"
              className="chip-x"
              aria-label={t("tickets.removeTag", { tag })}
              onClick={() => change.mutate(tags.filter((other) => other !== tag))}
            >
              <Icon name="x" />
            </button>
          )}
        </Chip>
      ))}
      {serves && (
        <input
          ref={field}
          className="tag-input"
          aria-label={t("tickets.addTag")}
          placeholder={t("tickets.addTag")}
          maxLength={50}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={add}
        />
      )}
    </span>
  );
}
