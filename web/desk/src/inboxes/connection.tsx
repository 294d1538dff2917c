import { useMutation, useQuery } from "@tanstack/react-query";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { queryClient } from "../api/query-client.ts";
import type { Inbox, InboxCheck } from "../api/types.ts";
import { codeWords, isWordKey, t as say, useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Button } from "../ui/button.tsx";
import { Copyable } from "../ui/copyable.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { ANY_GUIDE, GUIDES, testCommand } from "./guides.ts";

/** Their shoppers write on our own page. */
const OWN_PAGE = new Set(["web", "alipay-miniprogram"]);

/** What to copy to the other side, and whether it works yet. */
export function Connection({ inbox }: { readonly inbox: Inbox }) {
  const t = useT();
  const snippet = `<script src="${location.origin}/widget.js" data-inbox="${inbox.id}" async></script>`;
  const command = testCommand(inbox.channel, inbox.webhookUrl);
  return (
    <>
      <section className="panel panel-pad">
        {OWN_PAGE.has(inbox.channel) ? (
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
        {command && (
          <details className="test-command">
            <summary>{t("guide.command")}</summary>
            <Copyable label={t("guide.command")} text={command} />
            <p className="hint">{t(command.includes("whsec_") ? "guide.commandHint" : "guide.reachHint")}</p>
          </details>
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
          <CheckLine key={item.check} item={item} inboxId={inboxId} />
        ))}
      </ul>
    </section>
  );
}

/** Of what works only these say something that is not in their name: whose account it is. */
const TELLING = new Set(["token", "account", "smtp", "quota"]);

function CheckLine({ item, inboxId }: { readonly item: InboxCheck; readonly inboxId: string }) {
  const t = useT();
  const { check, ok, detail } = item;
  const advice = `check.${check}.bad`;
  const isKnown = isWordKey(`check.${check}`);
  // Our own words where we have them; the platform's own behind them, which name what it dislikes.
  const words = [!ok && isWordKey(advice) ? t(advice) : "", isOwnWords(item) && isKnown ? "" : detail].filter(Boolean);
  return (
    <li className={ok ? "ok" : "bad"}>
      <Icon name={ok ? "check" : "clock"} label={t(ok ? "inbox.checkOk" : "inbox.checkBad")} />
      <span>
        {codeWords(t, "check", check)}
        {words.length > 0 && <span className="muted"> · {words.join(" ")}</span>}
        {item.fix === "register" && <Register inboxId={inboxId} />}
      </span>
    </li>
  );
}

/** Said by us in English, and said again by the page in the reader's language. */
function isOwnWords({ check, ok }: InboxCheck): boolean {
  return ok
    ? !TELLING.has(check)
    : ["first_message", "first_reply", "config", "platform", "encryption"].includes(check);
}

function Register({ inboxId }: { readonly inboxId: string }) {
  const t = useT();
  const register = useMutation({
    mutationFn: () => post<InboxCheck>(`/v1/inboxes/${inboxId}/register`),
    onSuccess: (done) => {
      if (done.ok) toast(say("check.registered"));
      else toast(done.detail, "bad");
      void queryClient.invalidateQueries({ queryKey: ["check", inboxId] });
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Button small icon="plug" busy={register.isPending} onClick={() => register.mutate()}>
      {t("check.register")}
    </Button>
  );
}

/** What to do on the platform's side: for the form before, and with the address after. */
export function Guide({ channel, phase }: { readonly channel: string; readonly phase: "before" | "after" }) {
  const t = useT();
  const { language } = usePreferences();
  const side = language === "zh" ? 0 : 1;
  const guide = GUIDES[channel] ?? ANY_GUIDE;
  return (
    <section className="panel panel-pad">
      <h2>{t(`guide.${phase}`)}</h2>
      <ol className="guide">
        {guide[phase].map((step) => (
          <li key={step[1]}>{step[side]}</li>
        ))}
      </ol>
      {phase === "after" && (
        <p className="guide-test">
          <strong>{t("guide.test")}</strong> {guide.test[side]}
        </p>
      )}
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
