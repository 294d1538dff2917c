import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { agentsQuery, flat, ticketsQuery } from "../api/queries.ts";
import type { TicketItem } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { useMe } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { useWindow } from "../sessions/use-window.ts";
import { listTime } from "../time.ts";
import { useSettled, useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Chip, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { TicketView } from "./ticket-view.tsx";
import "../sessions/sessions.css";
import "./tickets.css";

interface Filter {
  readonly status?: string | undefined;
  readonly group?: string | undefined;
  readonly assignee?: string | undefined;
  readonly priority?: string | undefined;
  readonly q?: string | undefined;
}

export function TicketsPage() {
  const t = useT();
  const navigate = useNavigate();
  const { ticketId } = useParams({ strict: false });
  const search: Filter = useSearch({ from: "/shell/tickets" });
  useTitle(t("nav.tickets"));
  const go = (id: string | undefined, filter: Filter = search) =>
    void (id === undefined
      ? navigate({ to: "/tickets", search: filter })
      : navigate({ to: "/tickets/$ticketId", params: { ticketId: id }, search: filter }));
  return (
    <div className={ticketId ? "page workbench has-open" : "page workbench"}>
      <h1 className="sr">{t("nav.tickets")}</h1>
      <section className="session-list" aria-label={t("tickets.list")}>
        <Filters value={search} onChange={(filter) => go(ticketId, filter)} />
        <TicketRows filter={search} selected={ticketId} onOpen={(id) => go(id)} />
      </section>
      {ticketId === undefined ? (
        <div className="workbench-empty">
          <Empty fill icon="ticket" title={t("tickets.pick")} />
        </div>
      ) : (
        <TicketView key={ticketId} ticketId={ticketId} onBack={() => go(undefined)} />
      )}
    </div>
  );
}

function Filters({ value, onChange }: { readonly value: Filter; readonly onChange: (filter: Filter) => void }) {
  const t = useT();
  const me = useMe();
  const { data: agents = [] } = useQuery(agentsQuery);
  const [text, setText] = useState(value.q ?? "");
  const settled = useSettled(text.trim(), 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a settled text asks.
  useEffect(() => {
    if (settled !== (value.q ?? "")) onChange({ ...value, q: settled || undefined });
  }, [settled]);
  const others = agents.filter((agent) => agent.id !== me.user.id);
  return (
    <div className="session-list-head">
      <div className="searchbox">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          data-search
          aria-label={t("tickets.search")}
          placeholder={t("tickets.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <div className="ticket-filters">
        <Pick
          label={t("tickets.status")}
          value={value.status}
          options={(["open", "claimed", "resolved"] as const).map((key) => [key, t(`tickets.status.${key}`)])}
          onChange={(status) => onChange({ ...value, status })}
        />
        <Pick
          label={t("tickets.priority")}
          value={value.priority}
          options={(["urgent", "high", "normal", "low"] as const).map((key) => [key, t(`priority.${key}`)])}
          onChange={(priority) => onChange({ ...value, priority })}
        />
        <Pick
          label={t("tickets.group")}
          value={value.group}
          options={me.groups.map((group) => [group, codeWords(t, "group", group)])}
          onChange={(group) => onChange({ ...value, group })}
        />
        <Pick
          label={t("tickets.assignee")}
          value={value.assignee}
          options={[[me.user.id, t("tickets.assignee.me")], ...others.map((agent) => [agent.id, agent.name] as const)]}
          onChange={(assignee) => onChange({ ...value, assignee })}
        />
      </div>
    </div>
  );
}

interface PickProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (readonly [string, string])[];
  readonly onChange: (value: string | undefined) => void;
}

function Pick({ label, value, options, onChange }: PickProps) {
  return (
    <select
      className={value ? "input pick on" : "input pick"}
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange(event.target.value || undefined)}
    >
      <option value="">{label}</option>
      {options.map(([key, words]) => (
        <option key={key} value={key}>
          {words}
        </option>
      ))}
    </select>
  );
}

const ROW_HEIGHT = 66;

function TicketRows({
  filter,
  selected,
  onOpen,
}: {
  readonly filter: Filter;
  readonly selected: string | undefined;
  readonly onOpen: (id: string) => void;
}) {
  const t = useT();
  const query = useInfiniteQuery(ticketsQuery({ ...filter }));
  const rows = flat(query.data);
  const box = useRef<HTMLDivElement>(null);
  const view = useWindow(box, rows.length, ROW_HEIGHT);
  const step = (by: 1 | -1) => {
    const at = rows.findIndex((row) => row.id === selected);
    const next = rows[at === -1 ? 0 : Math.min(rows.length - 1, Math.max(0, at + by))];
    if (next === undefined) return;
    onOpen(next.id);
    view.reveal(rows.indexOf(next));
  };
  useCommands([
    { id: "next", group: "list", title: "keys.next", keys: "KeyJ", keyOnly: true, run: () => step(1) },
    { id: "previous", group: "list", title: "keys.previous", keys: "KeyK", keyOnly: true, run: () => step(-1) },
  ]);
  const onKey = (event: KeyboardEvent) => {
    const by = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : undefined;
    if (by === undefined) return;
    event.preventDefault();
    step(by);
  };
  const loadMore = () => {
    const element = box.current;
    if (
      element &&
      query.hasNextPage &&
      !query.isFetchingNextPage &&
      element.scrollHeight - element.scrollTop < element.clientHeight * 2
    )
      void query.fetchNextPage();
  };
  if (query.isPending) {
    return (
      <div style={{ padding: 14 }} aria-busy>
        <Skeleton lines={8} height={20} />
      </div>
    );
  }
  if (query.isError && query.data === undefined)
    return <Failure error={query.error} onRetry={() => void query.refetch()} fill />;
  const filtered = Object.values(filter).some(Boolean);
  if (rows.length === 0)
    return filtered ? (
      <Empty fill icon="search" title={t("empty.results")} hint={t("empty.resultsHint")} />
    ) : (
      <Empty fill icon="ticket" title={t("tickets.empty")} hint={t("tickets.emptyHint")} />
    );
  return (
    <div
      ref={box}
      className="session-rows scroll"
      role="listbox"
      aria-label={t("tickets.list")}
      aria-activedescendant={selected && rows.some((row) => row.id === selected) ? `ticket-${selected}` : undefined}
      tabIndex={0}
      onKeyDown={onKey}
      onScroll={loadMore}
    >
      <div role="presentation" style={{ height: view.before }} />
      {rows.slice(view.from, view.to).map((row) => (
        <Row key={row.id} ticket={row} selected={row.id === selected} onOpen={onOpen} />
      ))}
      <div role="presentation" style={{ height: view.after }} />
    </div>
  );
}

function Row({
  ticket,
  selected,
  onOpen,
}: {
  readonly ticket: TicketItem;
  readonly selected: boolean;
  readonly onOpen: (id: string) => void;
}) {
  const t = useT();
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox that owns the row.
    <div
      id={`ticket-${ticket.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={`session-row priority-${ticket.priority}`}
      onClick={() => onOpen(ticket.id)}
    >
      <div className="session-row-lines">
        <div className="session-row-line">
          <bdi className="clip session-row-name">{ticket.contact?.name ?? t("sessions.anonymous")}</bdi>
          <StatusChip ticket={ticket} />
          {(ticket.priority === "urgent" || ticket.priority === "high") && (
            <Chip tone={ticket.priority === "urgent" ? "deep" : "amber"}>{t(`priority.${ticket.priority}`)}</Chip>
          )}
          <span className="grow" />
          <time className="muted num">{listTime(ticket.createdAt)}</time>
        </div>
        <div className="session-row-line">
          <span className="mono muted">{ticket.number}</span>
          <span className="clip grow session-row-preview">{ticket.summary || codeWords(t, "group", ticket.group)}</span>
          {ticket.assigneeName && <span className="muted clip session-row-owner">{ticket.assigneeName}</span>}
        </div>
      </div>
    </div>
  );
}

export function StatusChip({ ticket }: { readonly ticket: Pick<TicketItem, "status"> }) {
  const t = useT();
  const tone = ticket.status === "open" ? "amber" : ticket.status === "claimed" ? "blue" : "green";
  return <Chip tone={tone}>{codeWords(t, "tickets.status", ticket.status)}</Chip>;
}
