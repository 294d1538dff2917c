import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { errorWords } from "../api/errors.ts";
import { alternativesQuery, templatesQuery } from "../api/queries.ts";
import type { Alternative, SendWindow, Session, Template } from "../api/types.ts";
import { codeWords, t as say, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useNow } from "../ui/hooks.ts";
import { Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { setDraft } from "./drafts.ts";
import { explainFailure, type Rights, takeSession } from "./ownership.ts";
import { sendReply, sendTemplate } from "./send.ts";
import { isClosed, timeLeft } from "./send-window.ts";

const TOLD_MINUTES = [1, 5, 10, 60] as const;

/** Says once, to who cannot see the countdown, that the time is running out. */
export function WindowNews({ window }: { readonly window: SendWindow }) {
  const t = useT();
  const now = useNow();
  const left = timeLeft(window, now);
  const minutes = left === undefined ? undefined : TOLD_MINUTES.find((n) => left <= n * 60_000);
  const news = isClosed(window, now)
    ? t("sessions.windowClosed")
    : minutes === undefined
      ? ""
      : t("sessions.windowSoon", { n: minutes });
  return (
    <span className="sr" aria-live="polite">
      {news}
    </span>
  );
}

interface ClosedWindowProps {
  readonly session: Session;
  readonly rights: Rights;
  readonly text: string;
}

/** What may still be done for a shopper whose channel takes nothing more. */
export function ClosedWindow({ session, rights, text }: ClosedWindowProps) {
  const t = useT();
  const [picking, setPicking] = useState(false);
  const alternatives = useQuery(alternativesQuery(session.id));
  const taken = async () =>
    rights.mine && session.ticketId !== undefined
      ? { session, ticketId: session.ticketId }
      : await takeSession(session);
  const elsewhere = useMutation({
    mutationFn: async (other: Extract<Alternative, { kind: "conversation" }>) => {
      const mine = await taken();
      setDraft(session.id, "reply", "");
      await sendReply({ ...mine, content: { type: "text", text }, conversationId: other.conversationId });
      toast(say("closed.sent", { name: nameOf(other) }));
    },
    onError: (error) => explainFailure(error, session.id),
  });
  if (alternatives.isError) return <p className="closed-window">{errorWords(alternatives.error)}</p>;
  if (alternatives.data === undefined) return <Skeleton lines={1} />;
  const nameOf = (other: Extract<Alternative, { kind: "conversation" }>) =>
    other.inboxName ?? codeWords(t, "channel", other.channel);
  const byTemplate = alternatives.data.find((one) => one.kind === "template");
  const others = alternatives.data.flatMap((one) => (one.kind === "conversation" ? [one] : []));
  return (
    <fieldset className="closed-window plain-fieldset" aria-label={t("closed.label")}>
      {byTemplate && byTemplate.templates > 0 && (
        <Button small icon="send" onClick={() => setPicking(true)}>
          {t("closed.template")}
        </Button>
      )}
      {byTemplate?.templates === 0 && <span className="muted">{t("closed.noTemplates")}</span>}
      {others.map((other) => (
        <Button
          key={other.conversationId}
          small
          icon="send"
          disabled={text === "" || elsewhere.isPending}
          {...(text === "" && { title: t("closed.conversationEmpty") })}
          onClick={() => elsewhere.mutate(other)}
        >
          {t("closed.conversation", { name: nameOf(other) })}
        </Button>
      ))}
      {alternatives.data.length === 0 && <span className="muted">{t("closed.nothing")}</span>}
      {picking && <TemplateDialog session={session} taken={taken} onClose={() => setPicking(false)} />}
    </fieldset>
  );
}

interface TemplateDialogProps {
  readonly session: Session;
  readonly taken: () => Promise<{ readonly session: Session; readonly ticketId: string }>;
  readonly onClose: () => void;
}

function TemplateDialog({ session, taken, onClose }: TemplateDialogProps) {
  const t = useT();
  const templates = useQuery(templatesQuery(session.inboxId));
  const [picked, setPicked] = useState<string>();
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const template = templates.data?.find((one) => one.id === picked) ?? templates.data?.[0];
  const params = Object.fromEntries(template?.params.map(({ key }) => [key, (values[key] ?? "").trim()]) ?? []);
  const send = useMutation({
    mutationFn: async () => {
      if (template === undefined) return;
      await sendTemplate({ ...(await taken()), templateId: template.id, params });
      toast(say("template.sent"));
      onClose();
    },
  });
  return (
    <Dialog
      title={t("closed.template")}
      onClose={onClose}
      onSubmit={() => send.mutate()}
      submit={t("template.send")}
      busy={send.isPending}
      ready={template !== undefined && Object.values(params).every((value) => value !== "")}
    >
      {templates.isError && <p role="alert">{errorWords(templates.error)}</p>}
      <label className="field">
        <span className="label">{t("template.pick")}</span>
        <select className="input" value={template?.id ?? ""} onChange={(event) => setPicked(event.target.value)}>
          {templates.data?.map((one) => (
            <option key={one.id} value={one.id}>
              {one.name} · {one.locale}
            </option>
          ))}
        </select>
      </label>
      {template?.params.map(({ key, label, maxLength }) => (
        <label className="field" key={key}>
          <span className="label">{label ?? key}</span>
          <input
            className="input"
            autoComplete="off"
            required
            {...(maxLength > 0 && { maxLength, title: t("template.max", { n: maxLength }) })}
            value={values[key] ?? ""}
            onChange={(event) => setValues({ ...values, [key]: event.target.value })}
          />
        </label>
      ))}
      {template && (
        <div className="field">
          <span className="label">{t("template.preview")}</span>
          <p className="template-preview">{previewOf(template, params)}</p>
        </div>
      )}
      {send.isError && (
        <p className="composer-warning" role="alert">
          {errorWords(send.error)}
        </p>
      )}
    </Dialog>
  );
}

/** As the shopper will read it; an empty gap stays one. */
function previewOf({ text }: Template, params: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{\s*([\w.]+)\s*\}\}/g, (gap, key: string) => params[key] || gap);
}
