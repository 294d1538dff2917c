import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { del, post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { templatesQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Channel, Template } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";

export function hasTemplates(channel: Channel | undefined): boolean {
  const routes = channel?.capabilities?.routes;
  return Array.isArray(routes) && routes.some((route) => Object(route).template !== undefined);
}

interface PanelProps {
  readonly inboxId: string;
  readonly isAdmin: boolean;
}

/** What may be sent after the reply window. */
export function TemplatesPanel({ inboxId, isAdmin }: PanelProps) {
  const t = useT();
  const templates = useQuery(templatesQuery(inboxId));
  const [adding, setAdding] = useState(false);
  const again = () => void queryClient.invalidateQueries({ queryKey: ["templates", inboxId] });
  const remove = useMutation({
    mutationFn: (template: Template) => del(`/v1/inboxes/${inboxId}/templates/${template.id}`),
    onSuccess: () => {
      again();
      toast(say("templates.deleted"));
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <section className="panel panel-pad">
      <div className="row">
        <h2 className="grow">{t("templates.title")}</h2>
        {isAdmin && (
          <Button small icon="plus" onClick={() => setAdding(true)}>
            {t("templates.add")}
          </Button>
        )}
      </div>
      <p className="hint">{t("templates.hint")}</p>
      {templates.isPending && <Skeleton lines={2} height={18} />}
      {templates.isError && <Failure error={templates.error} onRetry={() => void templates.refetch()} />}
      {templates.data?.length === 0 && <p className="muted">{t("templates.none")}</p>}
      <ul className="template-list">
        {templates.data?.map((template) => (
          <li key={template.id}>
            <div className="grow">
              <strong>{template.name}</strong>{" "}
              <span className="muted">
                {template.vendorId} · {template.locale}
              </span>
              <p className="template-preview">{template.text}</p>
            </div>
            {isAdmin && (
              <Button
                small
                look="quiet"
                icon="trash"
                aria-label={t("templates.delete", { name: template.name })}
                busy={remove.isPending && remove.variables?.id === template.id}
                onClick={() => remove.mutate(template)}
              />
            )}
          </li>
        ))}
      </ul>
      {adding && <AddDialog inboxId={inboxId} onClose={() => setAdding(false)} onAdded={again} />}
    </section>
  );
}

interface AddProps {
  readonly inboxId: string;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

function AddDialog({ inboxId, onClose, onAdded }: AddProps) {
  const t = useT();
  const [draft, setDraft] = useState({ name: "", vendorId: "", locale: "zh_CN", text: "" });
  const [labels, setLabels] = useState<Readonly<Record<string, string>>>({});
  const gaps = [...new Set([...draft.text.matchAll(/\{\{\s*([\w.]+)\s*\}\}/g)].map(([, key = ""]) => key))];
  const add = useMutation({
    mutationFn: () =>
      post<Template>(`/v1/inboxes/${inboxId}/templates`, {
        ...draft,
        params: gaps.map((key) => ({ key, ...(labels[key]?.trim() && { label: labels[key]?.trim() }) })),
      }),
    onSuccess: () => {
      onAdded();
      toast(say("templates.added"));
      onClose();
    },
  });
  const field = (key: keyof typeof draft, label: string) => (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input"
        autoComplete="off"
        required
        value={draft[key]}
        onChange={(event) => setDraft({ ...draft, [key]: event.target.value })}
      />
    </label>
  );
  return (
    <Dialog
      title={t("templates.add")}
      onClose={onClose}
      onSubmit={() => add.mutate()}
      submit={t("common.save")}
      busy={add.isPending}
      ready={Object.values(draft).every((value) => value.trim() !== "")}
    >
      {field("name", t("templates.name"))}
      {field("vendorId", t("templates.vendorId"))}
      {field("locale", t("templates.locale"))}
      <label className="field">
        <span className="label">{t("templates.text")}</span>
        <textarea
          className="input"
          rows={3}
          required
          maxLength={2000}
          value={draft.text}
          onChange={(event) => setDraft({ ...draft, text: event.target.value })}
        />
        <span className="hint">{t("templates.textHint")}</span>
      </label>
      {gaps.map((key) => (
        <label className="field" key={key}>
          <span className="label">{t("templates.gap", { key })}</span>
          <input
            className="input"
            autoComplete="off"
            maxLength={100}
            value={labels[key] ?? ""}
            onChange={(event) => setLabels({ ...labels, [key]: event.target.value })}
          />
        </label>
      ))}
      {add.isError && <p role="alert">{errorWords(add.error)}</p>}
    </Dialog>
  );
}
