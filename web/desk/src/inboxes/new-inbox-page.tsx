import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Form, Steps } from "antd";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { channelsQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Channel, Inbox } from "../api/types.ts";
import { codeWords, isWordKey, t as say, useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Antd } from "../ui/antd.tsx";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Page } from "../ui/page.tsx";
import { channelIcon, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { ConfigForm } from "./config-form.tsx";
import { Connection, Guide } from "./connection.tsx";
import { fieldsOfSchema, toConfig, toValues, wordsOf } from "./schema.ts";
import "./inboxes.css";

/** Choose a channel, fill in what it asks for, watch it come alive. */
export function NewInboxPage() {
  const t = useT();
  const navigate = useNavigate();
  const [channel, setChannel] = useState<Channel>();
  const [inbox, setInbox] = useState<Inbox>();
  const step = inbox ? 2 : channel ? 1 : 0;
  useTitle(t("wizard.title"));
  return (
    <Antd>
      <Page title={t("wizard.title")} narrow>
        <Steps
          current={step}
          size="small"
          items={[{ title: t("wizard.choose") }, { title: t("wizard.fill") }, { title: t("wizard.connect") }]}
        />
        {step === 0 && <Channels onChoose={setChannel} />}
        {step === 1 && channel && (
          <Settings channel={channel} onBack={() => setChannel(undefined)} onCreated={setInbox} />
        )}
        {inbox && (
          <>
            <Guide channel={inbox.channel} phase="after" />
            <Connection inbox={inbox} />
            <div className="form-foot">
              <Button look="primary" onClick={() => void navigate({ to: "/inboxes" })}>
                {t("wizard.finish")}
              </Button>
            </div>
          </>
        )}
      </Page>
    </Antd>
  );
}

function Channels({ onChoose }: { readonly onChoose: (channel: Channel) => void }) {
  const t = useT();
  const { language } = usePreferences();
  const query = useQuery(channelsQuery);
  if (query.isPending) return <Skeleton lines={4} height={56} />;
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <ul className="channel-grid">
      {query.data.map((channel) => (
        <li key={channel.channel}>
          <button
            type="button"
            className="panel channel-card"
            disabled={channel.notHere !== undefined}
            onClick={() => onChoose(channel)}
          >
            <span className="inbox-icon">
              <Icon name={channelIcon(channel.channel)} />
            </span>
            <span>
              {isWordKey(`channel.${channel.channel}`)
                ? codeWords(t, "channel", channel.channel)
                : (wordsOf(channel.title, language) ?? channel.channel)}
              {channel.notHere && (
                <span className="channel-why">
                  {t("wizard.notHere", { why: wordsOf(channel.notHere, language) ?? "" })}
                </span>
              )}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface SettingsProps {
  readonly channel: Channel;
  readonly onBack: () => void;
  readonly onCreated: (inbox: Inbox) => void;
}

function Settings({ channel, onBack, onCreated }: SettingsProps) {
  const t = useT();
  const [form] = Form.useForm();
  const fields = fieldsOfSchema(channel.configSchema);
  const create = useMutation({
    mutationFn: () => {
      const values: Record<string, unknown> = form.getFieldsValue();
      return post<Inbox>("/v1/inboxes", {
        channel: channel.channel,
        name: String(values.$name).trim(),
        config: toConfig(fields, values),
      });
    },
    onSuccess: (inbox) => {
      void queryClient.invalidateQueries({ queryKey: ["inboxes"] });
      toast(say("inbox.created"));
      onCreated(inbox);
    },
  });
  return (
    <>
      <Guide channel={channel.channel} phase="before" />
      <section className="panel panel-pad">
        <h2>{t("inbox.config")}</h2>
        <ConfigForm form={form} fields={fields} initial={toValues(fields, {})} onSubmit={() => create.mutate()} />
        {create.isError && (
          <div className="notice red" role="alert">
            <Icon name="alert" />
            {errorWords(create.error)}
          </div>
        )}
      </section>
      <div className="form-foot">
        <Button onClick={onBack}>{t("common.back")}</Button>
        <Button look="primary" busy={create.isPending} onClick={() => form.submit()}>
          {t("wizard.create")}
        </Button>
      </div>
    </>
  );
}
