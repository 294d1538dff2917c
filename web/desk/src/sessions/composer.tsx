import { useMutation } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { Session, Suggestion } from "../api/types.ts";
import { useCommands } from "../app/commands.ts";
import { codeWords, type Translate, useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { useNow } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { toast } from "../ui/toast.tsx";
import { AttachButton, AttachmentTray, useDrop } from "./attachment-tray.tsx";
import { attach, takeReady, useAttachments } from "./attachments.ts";
import { ClosedWindow, WindowNews } from "./closed-window.tsx";
import { getDraft, type Mode, setDraft, useDraft } from "./drafts.ts";
import { explainFailure, type Rights, takeSession } from "./ownership.ts";
import { saveNote, sendReply, unresolvedVariable } from "./send.ts";
import { isClosed } from "./send-window.ts";
import { WindowChip } from "./session-row.tsx";
import { SuggestionStrip } from "./suggestion-strip.tsx";

interface ComposerProps {
  readonly session: Session;
  readonly rights: Rights;
  readonly serves: boolean;
  readonly suggestions: readonly Suggestion[];
  readonly mode: Mode;
  readonly onMode: (mode: Mode) => void;
}

export function Composer({ session, rights, serves, suggestions, mode, onMode }: ComposerProps) {
  const t = useT();
  const { sendWith } = usePreferences();
  const text = useDraft(session.id, mode);
  const field = useRef<HTMLTextAreaElement>(null);
  const submit = useSubmit(session, rights);
  const blocked = useBlocked(session, rights, serves, mode);
  const windowClosed = isClosed(session.window, useNow()) && session.state !== "closed" && serves && rights.canReply;
  const variable = mode === "reply" ? unresolvedVariable(text) : undefined;
  const attached = useAttachments(session.id);
  const files = mode === "reply" ? attached : [];
  const takesFiles = mode === "reply" && rights.canReply && blocked === undefined;
  const drop = useDrop(session.id, takesFiles);
  const hasWords = text.trim() !== "" || files.some((item) => item.state === "ready");
  const uploading = files.some((item) => item.state === "uploading");
  const ready = hasWords && !uploading && blocked === undefined && variable === undefined && !submit.isPending;
  const write = (next: string) => setDraft(session.id, mode, next);
  const focus = (next: Mode) => {
    // At once: the next key press already belongs to the field.
    flushSync(() => onMode(next));
    field.current?.focus();
  };
  const insert = (addition: string) => {
    const old = getDraft(session.id, "reply");
    setDraft(session.id, "reply", old === "" ? addition : `${old}${old.endsWith("\n") ? "" : "\n"}${addition}`);
    focus("reply");
  };
  const send = () => {
    if (ready) submit.mutate({ mode, text: text.trim() });
  };
  useTypingNotice(session, rights.mine && mode === "reply", text);
  useGrowing(field, text);
  useCommands([
    { id: "open", group: "list", title: "keys.open", keys: "Enter", keyOnly: true, run: () => focus("reply") },
    { id: "reply", group: "session", title: "keys.reply", keys: "KeyR", run: () => focus("reply") },
    { id: "note", group: "session", title: "keys.note", keys: "KeyN", run: () => focus("note") },
    ...suggestions.slice(0, 3).map((item, index) => ({
      id: `suggestion-${index + 1}`,
      group: "composer" as const,
      title: "keys.suggestion" as const,
      params: { n: index + 1 },
      keys: `Alt+Digit${index + 1}`,
      inFields: true,
      run: () => insert(item.answer),
    })),
  ]);
  const onKey = (event: KeyboardEvent) => {
    // While an input method composes, Enter picks a candidate; some report it only as 229.
    if (event.key !== "Enter" || event.nativeEvent.isComposing || event.keyCode === 229) return;
    const mod = event.ctrlKey || event.metaKey;
    if (event.shiftKey || event.altKey || (sendWith === "mod+enter" ? !mod : false)) return;
    event.preventDefault();
    send();
  };

  return (
    <div className={`composer ${mode}${drop.over ? " drop-target" : ""}`} {...drop.handlers}>
      {mode === "reply" && rights.canReply && <SuggestionStrip list={suggestions} onInsert={insert} />}
      <div className="composer-bar">
        <Tabs
          label={t("composer.label")}
          controls="composer-field"
          value={mode}
          onChange={focus}
          items={[
            { key: "reply", label: t("composer.reply") },
            {
              key: "note",
              label: (
                <>
                  <Icon name="lock" />
                  {t("composer.note")}
                </>
              ),
            },
          ]}
        />
        <span className="grow" />
        {mode === "reply" && (
          <span className="muted composer-via">
            {t("composer.via", { channel: codeWords(t, "channel", session.channel) })}
            {session.window && <WindowChip window={session.window} />}
            {session.window?.messagesLeft !== undefined && (
              <span className="num">{t("sessions.windowMessages", { n: session.window.messagesLeft })}</span>
            )}
            {(session.window?.cost ?? 0) > 0 && <Chip tone="amber">{t("sessions.windowCost")}</Chip>}
          </span>
        )}
      </div>
      {blocked !== undefined && (
        <div className="composer-blocked">
          <Icon name="lock" />
          {blocked}
        </div>
      )}
      {mode === "reply" && session.window && <WindowNews window={session.window} />}
      {mode === "reply" && windowClosed && <ClosedWindow session={session} rights={rights} text={text.trim()} />}
      {mode === "reply" && <AttachmentTray items={files} />}
      <textarea
        id="composer-field"
        ref={field}
        rows={2}
        aria-label={t(mode === "reply" ? "composer.label" : "composer.note")}
        placeholder={placeholder(t, mode, session, sendWith)}
        value={text}
        maxLength={20_000}
        disabled={mode === "note" ? !rights.canNote : !rights.canReply}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKey}
        onPaste={(event) => {
          const pasted = [...event.clipboardData.files];
          if (pasted.length === 0 || !takesFiles) return;
          event.preventDefault();
          attach(session.id, pasted);
        }}
      />
      <div className="composer-foot">
        {mode === "reply" && <AttachButton sessionId={session.id} disabled={!takesFiles} />}
        {variable && (
          <span className="composer-warning" role="alert">
            <Icon name="alert" />
            {t("composer.variable", { name: variable })}
          </span>
        )}
        <span className="grow" />
        {text.length > 200 && <span className="muted num">{t("composer.count", { n: text.length })}</span>}
        <Button
          look={mode === "note" ? "note" : "primary"}
          icon={mode === "note" ? "lock" : "send"}
          disabled={!ready}
          busy={submit.isPending}
          onClick={send}
        >
          {t(sendLabel(mode, rights))}
        </Button>
      </div>
    </div>
  );
}

function placeholder(t: Translate, mode: Mode, session: Session, sendWith: string): string {
  if (mode === "note") return t("composer.notePlaceholder");
  return t(sendWith === "enter" ? "composer.replyPlaceholder" : "composer.replyPlaceholderMod", {
    name: session.contact.name ?? t("sessions.anonymous"),
  });
}

function sendLabel(mode: Mode, rights: Rights) {
  if (mode === "note") return "composer.sendNote";
  if (rights.canTake === "claim") return "composer.claimAndSend";
  return rights.canTake === "take" ? "composer.takeAndSend" : "composer.send";
}

/** Why nothing can be sent now, if so. */
function useBlocked(session: Session, rights: Rights, serves: boolean, mode: Mode): string | undefined {
  const t = useT();
  const now = useNow();
  if (!serves) return t("composer.readOnly");
  if (mode === "note") return rights.canNote ? undefined : t("composer.noTicket");
  if (session.state === "closed") return t("composer.closed");
  if (!rights.canReply) return t("composer.others", { name: session.ownerName ?? t("common.unknown") });
  return isClosed(session.window, now) ? t("composer.windowClosed") : undefined;
}

/** A reply leaves the field at once and lives on as a pending bubble; only a lost claim brings the text back. */
function useSubmit(session: Session, rights: Rights) {
  const t = useT();
  return useMutation({
    mutationFn: async ({ mode, text }: { readonly mode: Mode; readonly text: string }) => {
      if (mode === "note") {
        await saveNote(session.ticketId ?? "", text);
        setDraft(session.id, "note", "");
        return toast(t("composer.noteSaved"));
      }
      const taken =
        rights.mine && session.ticketId !== undefined
          ? { session, ticketId: session.ticketId }
          : await takeSession(session);
      setDraft(session.id, "reply", "");
      // Not awaited: the next reply may be written meanwhile.
      for (const content of takeReady(session.id)) void sendReply({ ...taken, content });
      if (text !== "") void sendReply({ ...taken, content: { type: "text", text } });
    },
    onError: (error, { mode }) =>
      mode === "note" ? toast(errorWords(error), "bad") : explainFailure(error, session.id),
  });
}

const TYPING_EVERY_MS = 4000;

function useTypingNotice(session: Session, active: boolean, text: string): void {
  const last = useRef(0);
  const [opened] = useState(text);
  useEffect(() => {
    if (!active || text === "" || text === opened || Date.now() - last.current < TYPING_EVERY_MS) return;
    last.current = Date.now();
    // A courtesy: when it fails nobody is told.
    post(`/v1/sessions/${session.id}/typing`, { on: true }).catch(() => {});
  }, [active, text, opened, session.id]);
}

/** As tall as its text, to a third of the screen. */
function useGrowing(field: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text decides the height.
  useEffect(() => {
    const element = field.current;
    if (element === null) return;
    element.style.height = "auto";
    element.style.height = `${Math.min(element.scrollHeight, innerHeight / 3)}px`;
  }, [field, text]);
}
