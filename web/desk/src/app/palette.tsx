import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Fragment, type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { get } from "../api/client.ts";
import type { Article, Page, Session, TicketItem } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { useStore } from "../store.ts";
import { useSettled } from "../ui/hooks.ts";
import { Icon, type IconName } from "../ui/icon.tsx";
import { commands, keyNames } from "./commands.ts";

interface Entry {
  readonly id: string;
  readonly group: string;
  readonly icon: IconName;
  readonly title: string;
  readonly detail?: string;
  readonly keys?: string;
  readonly run: () => void;
}

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const dialog = useRef<HTMLDialogElement>(null);
  const listId = useId();
  const entries = [...useCommandEntries(text), ...useFoundEntries(text)];
  const current = entries[Math.min(at, entries.length - 1)];

  useEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  useEffect(() => {
    if (at >= 0) list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [at]);

  const choose = (entry: Entry | undefined) => {
    onClose();
    // After the dialog gave the focus back, so that a command may move it.
    if (entry) setTimeout(entry.run);
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") {
      event.preventDefault();
      choose(current);
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      setAt((entries.length + at + step) % Math.max(1, entries.length));
    }
  };

  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop closes; the keyboard has Esc.
    <dialog
      ref={dialog}
      className="dialog palette"
      aria-label={t("palette.title")}
      onCancel={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <div className="palette-input">
        <Icon name="search" />
        <input
          autoFocus
          role="combobox"
          aria-expanded
          aria-controls={listId}
          aria-activedescendant={current && `${listId}-${current.id}`}
          aria-label={t("palette.title")}
          placeholder={t("palette.placeholder")}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKey}
        />
      </div>
      <div className="palette-list scroll" role="listbox" id={listId} aria-label={t("palette.title")} ref={list}>
        {entries.length === 0 && <div className="empty">{t("empty.results")}</div>}
        {entries.map((entry, index) => (
          <Fragment key={entry.id}>
            {entries[index - 1]?.group !== entry.group && (
              <div role="presentation" className="palette-group">
                {entry.group}
              </div>
            )}
            {/* biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the combobox that owns the list. */}
            <div
              id={`${listId}-${entry.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={entry === current}
              className="palette-row"
              onPointerMove={() => setAt(index)}
              onClick={() => choose(entry)}
            >
              <Icon name={entry.icon} />
              <span className="clip grow">{entry.title}</span>
              {entry.detail && <span className="muted clip">{entry.detail}</span>}
              {entry.keys && keyNames(entry.keys).map((name) => <kbd key={name}>{name}</kbd>)}
            </div>
          </Fragment>
        ))}
      </div>
    </dialog>
  );
}

function useCommandEntries(text: string): readonly Entry[] {
  const t = useT();
  const needle = text.trim().toLowerCase();
  const seen = new Set<string>();
  return useStore(commands)
    .filter((command) => !command.keyOnly && !seen.has(command.id) && seen.add(command.id))
    .map((command) => ({
      id: `c-${command.id.replaceAll(/\W/g, "-")}`,
      group: t("palette.commands"),
      icon: "right" as const,
      title: t(command.title, command.params),
      ...(command.keys && { keys: command.keys }),
      run: command.run,
    }))
    .filter((entry) => entry.title.toLowerCase().includes(needle));
}

function useFoundEntries(text: string): readonly Entry[] {
  const t = useT();
  const navigate = useNavigate();
  const q = useSettled(text.trim(), 180);
  const { data } = useQuery({
    queryKey: ["palette", q],
    enabled: q.length > 0,
    queryFn: ({ signal }) => findAnything(q, signal),
    placeholderData: (old) => old,
  });
  if (q === "" || data === undefined) return [];
  return [
    ...data.sessions.map((item) => ({
      id: `s-${item.id}`,
      group: t("palette.sessions"),
      icon: "chat" as const,
      title: item.contact.name ?? t("sessions.anonymous"),
      detail: item.preview ?? "",
      run: () => void navigate({ to: "/sessions/$sessionId", params: { sessionId: item.id } }),
    })),
    ...data.tickets.map((item) => ({
      id: `t-${item.id}`,
      group: t("palette.tickets"),
      icon: "ticket" as const,
      title: item.number,
      detail: item.summary ?? item.contact?.name ?? "",
      run: () => void navigate({ to: "/tickets/$ticketId", params: { ticketId: item.id } }),
    })),
    ...data.articles.map((item) => ({
      id: `a-${item.id}`,
      group: t("palette.articles"),
      icon: "book" as const,
      title: item.question,
      detail: item.category ?? "",
      run: () => void navigate({ to: "/articles/$articleId", params: { articleId: item.id } }),
    })),
  ];
}

async function findAnything(q: string, signal: AbortSignal) {
  // A list the role may not read simply finds nothing.
  const find = <T,>(path: string) =>
    get<Page<T>>(path, { query: { q, limit: 5 }, signal }).then(
      (page) => page.items,
      () => [] as readonly T[],
    );
  const [sessions, tickets, articles] = await Promise.all([
    find<Session>("/v1/sessions"),
    find<TicketItem>("/v1/tickets"),
    find<Article>("/v1/articles"),
  ]);
  return { sessions, tickets, articles };
}
