import { useMutation, useQuery } from "@tanstack/react-query";
import { post } from "../api/client.ts";
import type { Inbox, InboxCheck } from "../api/types.ts";
import { codeWords, isWordKey, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Copyable } from "../ui/copyable.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";

/** What to copy to the other side, and whether it works yet. */
export function Connection({ inbox }: { readonly inbox: Inbox }) {
  const t = useT();
  const snippet = `<script src="${location.origin}/widget.js" data-inbox="${inbox.id}" async></script>`;
  return (
    <>
      <section className="panel panel-pad">
        {inbox.channel === "web" ? (
          <>
            <h2>{t("inboxes.snippet")}</h2>
            <Copyable label={t("inboxes.snippet")} text={snippet} />
            <p className="hint">{t("inboxes.snippetHint")}</p>
          </>
        ) : (
          <>
            <h2>{t("inboxes.webhook")}</h2>
            <Copyable label={t("inboxes.webhook")} text={inbox.webhookUrl} />
            <p className="hint">{t("inboxes.webhookHint")}</p>
          </>
        )}
      </section>
      <Checklist inboxId={inbox.id} />
    </>
  );
}

function Checklist({ inboxId }: { readonly inboxId: string }) {
  const t = useT();
  const again = useMutation({ mutationFn: () => query.refetch() });
  const query = useQuery({
    queryKey: ["check", inboxId],
    queryFn: async () => {
      const answer = await post<readonly InboxCheck[] | { items: readonly InboxCheck[] }>(
        `/v1/inboxes/${inboxId}/check`,
      );
      return "items" in answer ? answer.items : answer;
    },
    staleTime: 0,
    // The last step is a message from outside: look again until it came.
    refetchInterval: (state) => (state.state.data?.every((item) => item.ok) ? false : 8000),
  });
  return (
    <section className="panel panel-pad" aria-live="polite">
      <div className="row">
        <h2 className="grow">{t("inbox.checklist")}</h2>
        <Button small icon="refresh" busy={again.isPending} onClick={() => again.mutate()}>
          {t("inbox.check")}
        </Button>
      </div>
      {query.isPending && <Skeleton lines={3} height={18} />}
      {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
      <ul className="checklist">
        {query.data?.map((item) => (
          <li key={item.check} className={item.ok ? "ok" : "bad"}>
            <Icon name={item.ok ? "check" : "clock"} label={t(item.ok ? "inbox.checkOk" : "inbox.checkBad")} />
            <span>
              {codeWords(t, "check", item.check)}
              {item.detail && (!item.ok || !isWordKey(`check.${item.check}`)) && (
                <span className="muted"> · {item.detail}</span>
              )}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

export function Guide({ channel }: { readonly channel: string }) {
  const t = useT();
  const own = isWordKey(`guide.${channel}.1`);
  const steps = [1, 2, 3].map((n) => `guide.${own ? channel : "any"}.${n}`).filter(isWordKey);
  return (
    <section className="panel panel-pad">
      <h2>{t("guide.title")}</h2>
      <ol className="guide">
        {steps.map((step) => (
          <li key={step}>{t(step)}</li>
        ))}
      </ol>
    </section>
  );
}

export function InboxStatusChip({ inbox }: { readonly inbox: Pick<Inbox, "status"> }) {
  const t = useT();
  const state = typeof inbox.status === "string" ? inbox.status : inbox.status.state;
  const detail = typeof inbox.status === "string" ? undefined : inbox.status.detail;
  const key = `inbox.status.${state}`;
  return (
    <Chip
      tone={state === "active" ? "green" : state === "error" ? "red" : "amber"}
      icon={state === "active" ? "check" : "alert"}
      title={detail}
    >
      {isWordKey(key) ? t(key) : state}
    </Chip>
  );
}

export const statusDetail = (inbox: Pick<Inbox, "status">) =>
  typeof inbox.status === "string" ? undefined : inbox.status.detail;
