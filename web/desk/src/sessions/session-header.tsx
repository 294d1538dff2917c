import { useState } from "react";
import type { Session, Ticket } from "../api/types.ts";
import { runCommand, useCommands } from "../app/commands.ts";
import { codeWords, type Translate, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { Avatar, Chip } from "../ui/pieces.tsx";
import { type Rights, useTake, useTicketAction } from "./ownership.ts";
import { ResolveDialog } from "./resolve-dialog.tsx";
import { TransferDialog } from "./transfer-dialog.tsx";
import { WaitChip } from "./wait-chip.tsx";

interface HeaderProps {
  readonly session: Session;
  readonly ticket: Ticket | undefined;
  readonly rights: Rights;
  readonly onBack: () => void;
  readonly onContext: (() => void) | undefined;
}

export function SessionHeader({ session, ticket, rights, onBack, onContext }: HeaderProps) {
  const t = useT();
  const name = session.contact.name ?? t("sessions.anonymous");
  return (
    <header className="session-header">
      <Button look="quiet" icon="left" className="session-back" aria-label={t("common.back")} onClick={onBack} />
      <Avatar name={name} id={session.contact.id} channel={session.channel} />
      <div className="session-header-who">
        <div className="session-header-line">
          <h2 className="clip">
            <bdi>{name}</bdi>
          </h2>
          <Level level={session.contact.level} />
          {session.contact.vip && <Chip tone="amber">VIP</Chip>}
          {session.waitingSince && session.state !== "closed" && session.state !== "bot" && (
            <WaitChip since={session.waitingSince} />
          )}
        </div>
        <div className="session-header-line muted">
          <span className="clip">
            {stateWords(t, session, rights)} · {codeWords(t, "channel", session.channel)} · {session.inboxName}
            {session.language && ` · ${session.language}`}
          </span>
        </div>
      </div>
      <span className="grow" />
      <Actions session={session} ticket={ticket} rights={rights} />
      {onContext && <Button look="quiet" icon="user" aria-label={t("action.context")} onClick={onContext} />}
    </header>
  );
}

function Level({ level }: { readonly level: Session["contact"]["level"] }) {
  const t = useT();
  if (level !== "verified") return <Chip tone="line">{t(`level.${level}`)}</Chip>;
  return (
    <span className="verified" title={t("level.verified")}>
      <Icon name="badge" label={t("level.verified")} />
    </span>
  );
}

function stateWords(t: Translate, session: Session, rights: Rights): string {
  if (rights.mine) return t("sessions.state.mine");
  return t(`sessions.state.${session.state}`, { name: session.ownerName ?? t("common.unknown") });
}

function Actions({ session, ticket, rights }: Pick<HeaderProps, "session" | "ticket" | "rights">) {
  const t = useT();
  const [open, setOpen] = useState<"transfer" | "resolve" | "resolve-next">();
  const { ticketId } = session;
  const take = useTake(session);
  const release = useTicketAction("release", ticketId, session.id);
  const toBot = useTicketAction("return-to-bot", ticketId, session.id);
  const reopen = useTicketAction("reopen", ticketId, session.id);
  const { mine, canTake } = rights;
  const holds = mine && ticketId !== undefined;
  useCommands([
    canTake !== undefined && {
      id: "take",
      group: "session",
      title: "keys.take",
      keys: "KeyA",
      run: () => take.mutate(),
    },
    holds && { id: "transfer", group: "session", title: "keys.transfer", keys: "KeyT", run: () => setOpen("transfer") },
    holds && { id: "bot", group: "session", title: "keys.bot", keys: "KeyB", run: () => toBot.mutate({}) },
    holds && { id: "release", group: "session", title: "keys.release", keys: "KeyQ", run: () => release.mutate({}) },
    holds && { id: "resolve", group: "session", title: "keys.resolve", keys: "KeyE", run: () => setOpen("resolve") },
    holds && {
      id: "resolve-next",
      group: "session",
      title: "keys.resolveNext",
      keys: "Shift+KeyE",
      run: () => setOpen("resolve-next"),
    },
  ]);
  const canReopen = session.state === "closed" && ticket?.status === "resolved" && rights.canNote;
  return (
    <div className="session-actions">
      {canTake && (
        <Button look="primary" icon="hand" keys="A" busy={take.isPending} onClick={() => take.mutate()}>
          {t(canTake === "claim" ? "action.claim" : "action.take")}
        </Button>
      )}
      {holds && (
        <>
          <Button icon="transfer" className="wide-only" onClick={() => setOpen("transfer")}>
            {t("action.transfer")}
          </Button>
          <Button look="primary" icon="check" onClick={() => setOpen("resolve")}>
            {t("action.resolve")}
          </Button>
          <Menu
            label={t("common.more")}
            items={[
              { key: "transfer", label: t("action.transfer"), icon: "transfer", run: () => setOpen("transfer") },
              { key: "bot", label: t("action.bot"), icon: "bot", run: () => toBot.mutate({}) },
              { key: "release", label: t("action.release"), icon: "undo", run: () => release.mutate({}) },
            ]}
          />
        </>
      )}
      {canReopen && (
        <Button icon="undo" busy={reopen.isPending} onClick={() => reopen.mutate({})}>
          {t("action.reopen")}
        </Button>
      )}
      {open === "transfer" && ticketId && (
        <TransferDialog ticketId={ticketId} sessionId={session.id} onClose={() => setOpen(undefined)} />
      )}
      {(open === "resolve" || open === "resolve-next") && ticketId && (
        <ResolveDialog
          ticketId={ticketId}
          sessionId={session.id}
          onClose={() => setOpen(undefined)}
          onResolved={open === "resolve-next" ? () => runCommand("next") : undefined}
        />
      )}
    </div>
  );
}
