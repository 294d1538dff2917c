import { memo } from "react";
import type { SendWindow, Session } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { listTime, remaining } from "../time.ts";
import { useNow } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Avatar, Chip } from "../ui/pieces.tsx";
import { useHasDraft } from "./drafts.ts";
import { isClosed, LAST_MS, timeLeft } from "./send-window.ts";
import { WaitChip } from "./wait-chip.tsx";

export const ROW_HEIGHT = 66;

interface RowProps {
  readonly session: Session;
  readonly selected: boolean;
  readonly gone: boolean;
  readonly me: string;
  readonly onOpen: (id: string) => void;
}

export const SessionRow = memo(function SessionRow({ session, selected, gone, me, onOpen }: RowProps) {
  const t = useT();
  const hasDraft = useHasDraft(session.id);
  const name = session.contact.name ?? t("sessions.anonymous");
  const waiting = session.waitingSince !== undefined && (session.state === "queued" || session.state === "agent");
  const priority = session.ticket?.priority;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are handled by the listbox that owns the row.
    <div
      id={`session-${session.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={selected}
      className={["session-row", gone && "gone", priority && `priority-${priority}`].filter(Boolean).join(" ")}
      onClick={() => onOpen(session.id)}
    >
      <Avatar name={name} id={session.contact.id} channel={session.channel} />
      <div className="session-row-lines">
        <div className="session-row-line">
          <bdi className="clip session-row-name">{name}</bdi>
          {session.contact.level === "verified" && <Icon name="badge" label={t("level.verified")} />}
          {session.contact.vip && <Chip tone="amber">VIP</Chip>}
          {priority === "urgent" && <Chip tone="deep">{t("priority.urgent")}</Chip>}
          <span className="grow" />
          {waiting && session.waitingSince !== undefined ? (
            <WaitChip since={session.waitingSince} />
          ) : (
            <time className="muted num">{listTime(session.lastMessageAt)}</time>
          )}
        </div>
        <div className="session-row-line">
          <span className="clip grow session-row-preview">
            {gone ? t("sessions.movedAway") : <Reason session={session} />}
            {!gone && session.preview}
          </span>
          <WindowLeft session={session} />
          {hasDraft && <Icon name="pencil" label={t("sessions.draft")} />}
          {session.state === "agent" && session.owner !== me && (
            <span className="muted clip session-row-owner">
              <Icon name="user" />
              {session.ownerName}
            </span>
          )}
          {session.unread > 0 && session.state !== "closed" && session.state !== "bot" && (
            <span className="unread num">
              <span aria-hidden>{session.unread > 99 ? "99+" : session.unread}</span>
              <span className="sr">{t("sessions.unread", { n: session.unread })}</span>
            </span>
          )}
        </div>
      </div>
    </div>
  );
});

/** Why a person is needed, before what was last said. */
function Reason({ session }: { readonly session: Session }) {
  const t = useT();
  if (session.state !== "queued" || session.ticket === undefined) return null;
  return <span className="session-row-reason">{codeWords(t, "reason", session.ticket.reason.code)} · </span>;
}

const SOON_MS = 12 * 3_600_000;

/** What is left of the channel's send window, once it is short enough to matter. */
function WindowLeft({ session }: { readonly session: Session }) {
  if (session.window === undefined || session.state === "closed") return null;
  return <WindowChip window={session.window} onlyWhenShort />;
}

export function WindowChip({
  window,
  onlyWhenShort,
}: {
  readonly window: SendWindow;
  readonly onlyWhenShort?: boolean;
}) {
  const t = useT();
  const now = useNow();
  const left = timeLeft(window, now);
  const closed = isClosed(window, now);
  if (!closed && (left === undefined || (onlyWhenShort && left > SOON_MS))) return null;
  const tone = closed ? "red" : left !== undefined && left < LAST_MS ? "amber" : "line";
  const words = closed ? t("sessions.windowClosed") : remaining(left ?? 0);
  return (
    <span className="num window-chip">
      <Chip tone={tone} title={closed ? words : t("sessions.window", { time: words })}>
        {words}
      </Chip>
    </span>
  );
}
