import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { Form } from "antd";
import { useState } from "react";
import { del, patch } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { channelsQuery, inboxQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Channel, Inbox } from "../api/types.ts";
import { useMe } from "../app/me.ts";
import { PageSkeleton } from "../app/shell.tsx";
import { codeWords, t as say, useT } from "../i18n/index.ts";
import { Antd } from "../ui/antd.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Page } from "../ui/page.tsx";
import { Failure } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { ConfigForm } from "./config-form.tsx";
import { Connection, InboxStatusChip, statusDetail } from "./connection.tsx";
import { fieldsOfSchema, toConfig, toValues } from "./schema.ts";
import { hasTemplates, TemplatesPanel } from "./templates-panel.tsx";
import { UsagePanel } from "./usage-panel.tsx";
import "./inboxes.css";

export function InboxPage() {
  const { inboxId } = useParams({ from: "/shell/inboxes/$inboxId" });
  const inbox = useQuery(inboxQuery(inboxId));
  const channels = useQuery(channelsQuery);
  const error = inbox.error ?? channels.error;
  if (inbox.data && channels.data) {
    const channel = channels.data.find((item) => item.channel === inbox.data.channel);
    return (
      <Antd>
        <Loaded key={inboxId} inbox={inbox.data} channel={channel} />
      </Antd>
    );
  }
  if (error)
    return <Failure fill error={error} onRetry={() => void Promise.all([inbox.refetch(), channels.refetch()])} />;
  return <PageSkeleton />;
}

function Loaded({ inbox, channel }: { readonly inbox: Inbox; readonly channel: Channel | undefined }) {
  const t = useT();
  const isAdmin = useMe().user.role === "admin";
  const [form] = Form.useForm();
  const [deleting, setDeleting] = useState(false);
  const fields = channel ? fieldsOfSchema(channel.configSchema) : [];
  const detail = statusDetail(inbox);
  useTitle(inbox.name);
  const save = useMutation({
    mutationFn: () => {
      const values: Record<string, unknown> = form.getFieldsValue();
      return patch<Inbox>(`/v1/inboxes/${inbox.id}`, {
        name: String(values.$name).trim(),
        config: toConfig(fields, values),
      });
    },
    onSuccess: (saved) => {
      queryClient.setQueryData(inboxQuery(inbox.id).queryKey, saved);
      form.setFieldsValue({ $name: saved.name, ...toValues(fields, saved.config) });
      void queryClient.invalidateQueries({ queryKey: ["inboxes"] });
      void queryClient.invalidateQueries({ queryKey: ["check", inbox.id] });
      toast(say("inbox.saved"));
    },
  });
  return (
    <Page
      title={
        <>
          <span className="clip">{inbox.name}</span>
          <InboxStatusChip inbox={inbox} />
        </>
      }
      hint={codeWords(t, "channel", inbox.channel)}
      narrow
      actions={
        isAdmin && (
          <Button look="danger" icon="trash" onClick={() => setDeleting(true)}>
            {t("inbox.delete")}
          </Button>
        )
      }
    >
      {detail && (
        <div className="notice red">
          <Icon name="alert" />
          {detail}
        </div>
      )}
      <Connection inbox={inbox} />
      {inbox.channel !== "web" && <UsagePanel inboxId={inbox.id} />}
      {hasTemplates(channel) && <TemplatesPanel inboxId={inbox.id} isAdmin={isAdmin} />}
      <fieldset className="panel panel-pad plain-fieldset" disabled={!isAdmin}>
        <h2>{t("inbox.config")}</h2>
        <ConfigForm
          form={form}
          fields={fields}
          initial={{ $name: inbox.name, ...toValues(fields, inbox.config) }}
          onSubmit={() => save.mutate()}
        />
        {save.isError && (
          <div className="notice red" role="alert">
            <Icon name="alert" />
            {errorWords(save.error)}
          </div>
        )}
        {isAdmin && (
          <div className="form-foot">
            <Button look="primary" busy={save.isPending} onClick={() => form.submit()}>
              {t("common.save")}
            </Button>
          </div>
        )}
      </fieldset>
      {deleting && <DeleteDialog inbox={inbox} onClose={() => setDeleting(false)} />}
    </Page>
  );
}

function DeleteDialog({ inbox, onClose }: { readonly inbox: Inbox; readonly onClose: () => void }) {
  const t = useT();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const remove = useMutation({
    mutationFn: () => del(`/v1/inboxes/${inbox.id}`),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ["inboxes"] });
      toast(say("inbox.deleted"));
      void navigate({ to: "/inboxes" });
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Dialog
      title={t("inbox.delete")}
      onClose={onClose}
      onSubmit={() => remove.mutate()}
      submit={t("common.delete")}
      busy={remove.isPending}
      ready={name.trim() === inbox.name.trim()}
    >
      <label className="field" htmlFor="inbox-delete-name">
        {t("inbox.deleteConfirm", { name: inbox.name })}
      </label>
      <input
        id="inbox-delete-name"
        className="input"
        autoComplete="off"
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </Dialog>
  );
}
