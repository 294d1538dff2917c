import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useCallback, useEffect, useRef, useState } from "react";
import { countsQuery, flat, sessionsQuery } from "../api/queries.ts";
import type { SessionCounts } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { useMe } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { useSettled } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { filterOf, inOrder, TABS, type Tab } from "./ordering.ts";
import { ROW_HEIGHT, SessionRow } from "./session-row.tsx";
import { useFrozenOrder } from "./use-frozen-order.ts";
import { useWindow } from "./use-window.ts";

interface ListProps {
  readonly tab: Tab;
  readonly q: string | undefined;
  readonly selected: string | undefined;
  readonly onTab: (tab: Tab) => void;
  readonly onSearch: (q: string | undefined) => void;
  readonly onOpen: (id: string) => void;
}

export function SessionList({ tab, q, selected, onTab, onSearch, onOpen }: ListProps) {
  const t = useT();
  const { data: counts } = useQuery(countsQuery);
  return (
    <section className="session-list" aria-label={t("sessions.list")}>
      <div className="session-list-head">
        <Tabs
          label={t("sessions.list")}
          controls="session-rows"
          value={tab}
          onChange={onTab}
          items={TABS.map((key) => ({ key, label: t(`sessions.tab.${key}`), ...countOf(key, counts) }))}
        />
        <SearchBox value={q} onChange={onSearch} />
      </div>
      <Rows tab={tab} q={q} selected={selected} onOpen={onOpen} counts={counts} />
    </section>
  );
}

function countOf(tab: Tab, counts: SessionCounts | undefined): { count?: number; hot?: boolean } {
  if (counts === undefined || tab === "all" || tab === "closed") return {};
  return { count: counts[tab], hot: tab === "queued" };
}

function SearchBox({
  value,
  onChange,
}: {
  readonly value: string | undefined;
  readonly onChange: (q: string | undefined) => void;
}) {
  const t = useT();
  const [text, setText] = useState(value ?? "");
  const settled = useSettled(text.trim(), 250);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a settled text asks.
  useEffect(() => {
    if (settled !== (value ?? "")) onChange(settled === "" ? undefined : settled);
  }, [settled]);
  return (
    <div className="searchbox">
      <Icon name="search" />
      <input
        className="input"
        type="search"
        data-search
        aria-label={t("sessions.search")}
        placeholder={t("sessions.search")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </div>
  );
}

interface RowsProps {
  readonly tab: Tab;
  readonly q: string | undefined;
  readonly selected: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly counts: SessionCounts | undefined;
}

function Rows({ tab, q, selected, onOpen, counts }: RowsProps) {
  const t = useT();
  const me = useMe().user.id;
  const query = useInfiniteQuery(sessionsQuery(filterOf(tab, me, q)));
  const [hovered, setHovered] = useState(false);
  const ordered = inOrder(flat(query.data), tab);
  const { rows, updates, gone, apply } = useFrozenOrder(ordered, hovered, `${tab} ${q ?? ""}`);
  const box = useRef<HTMLDivElement>(null);
  const view = useWindow(box, rows.length, ROW_HEIGHT);
  const open = useRef(onOpen);
  open.current = onOpen;
  const openRow = useCallback((id: string) => open.current(id), []);

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

  if (query.isPending) return <RowsSkeleton />;
  if (query.isError && query.data === undefined)
    return <Failure error={query.error} onRetry={() => void query.refetch()} fill />;
  if (rows.length === 0) return <NoRows tab={tab} q={q} counts={counts} />;
  return (
    <div className="session-rows-wrap">
      {updates > 0 && (
        <Button className="updates-pill" look="primary" small icon="refresh" onClick={apply}>
          {t("sessions.updates", { n: updates })}
        </Button>
      )}
      <div
        id="session-rows"
        ref={box}
        className="session-rows scroll"
        role="listbox"
        aria-label={t(`sessions.tab.${tab}`)}
        aria-activedescendant={selected && rows.some((row) => row.id === selected) ? `session-${selected}` : undefined}
        tabIndex={0}
        onKeyDown={onKey}
        onScroll={loadMore}
        onPointerEnter={() => setHovered(true)}
        onPointerLeave={() => setHovered(false)}
      >
        <div role="presentation" style={{ height: view.before }} />
        {rows.slice(view.from, view.to).map((row) => (
          <SessionRow
            key={row.id}
            session={row}
            selected={row.id === selected}
            gone={gone.has(row.id)}
            me={me}
            onOpen={openRow}
          />
        ))}
        <div role="presentation" style={{ height: view.after }} />
      </div>
    </div>
  );
}

function RowsSkeleton() {
  return (
    <div className="session-rows" aria-busy id="session-rows">
      {[0, 1, 2, 3, 4, 5].map((row) => (
        <div key={row} className="session-row">
          <div className="skeleton" style={{ width: 34, height: 34, borderRadius: 10 }} />
          <div className="session-row-lines">
            <Skeleton width="46%" />
            <Skeleton width="82%" />
          </div>
        </div>
      ))}
    </div>
  );
}

function NoRows({
  tab,
  q,
  counts,
}: {
  readonly tab: Tab;
  readonly q: string | undefined;
  readonly counts: SessionCounts | undefined;
}) {
  const t = useT();
  const figures = { bot: counts?.bot ?? 0, agent: counts?.agent ?? 0, queued: counts?.queued ?? 0 };
  if (q !== undefined) return <Empty fill icon="search" title={t("empty.results")} hint={t("empty.resultsHint")} />;
  if (tab === "queued")
    return (
      <Empty fill icon="check" title={t("sessions.empty.queued")} hint={t("sessions.empty.queuedHint", figures)} />
    );
  if (tab === "mine")
    return <Empty fill icon="chat" title={t("sessions.empty.mine")} hint={t("sessions.empty.mineHint", figures)} />;
  if (tab === "all")
    return <Empty fill icon="chat" title={t("sessions.empty.all")} hint={t("sessions.empty.allHint")} />;
  return <Empty fill icon={tab === "bot" ? "bot" : "chat"} title={t(`sessions.empty.${tab}`)} />;
}
