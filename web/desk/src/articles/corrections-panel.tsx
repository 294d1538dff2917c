import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { correctionsQuery, flat } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Correction } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { ago } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Chip, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";

/** Answers agents found wrong, until a published version puts them right. */
export function CorrectionsPanel({ mayWrite }: { readonly mayWrite: boolean }) {
  const t = useT();
  const query = useInfiniteQuery({ ...correctionsQuery({ state: "open" }), staleTime: 0 });
  if (query.isPending) return <Skeleton lines={4} height={48} />;
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  const items = flat(query.data);
  if (items.length === 0)
    return <Empty icon="check" title={t("corrections.empty")} hint={t("corrections.emptyHint")} />;
  return (
    <ul className="gaps">
      {items.map((correction) => (
        <li key={correction.id} className="panel panel-pad">
          <Card correction={correction} mayWrite={mayWrite} />
        </li>
      ))}
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>{t("common.loadMore")}</Button>}
    </ul>
  );
}

function Card({ correction, mayWrite }: { readonly correction: Correction; readonly mayWrite: boolean }) {
  const t = useT();
  const [dismissing, setDismissing] = useState(false);
  const [reason, setReason] = useState("");
  const close = useMutation({
    mutationFn: (body: { readonly state: "fixed" } | { readonly state: "dismissed"; readonly reason: string }) =>
      post(`/v1/corrections/${correction.id}/close`, body),
    onSuccess: () => {
      toast(say("corrections.closed"));
      void queryClient.invalidateQueries({ queryKey: ["corrections"] });
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <>
      <div className="row">
        <Chip tone="amber">{t(`correction.kind.${correction.kind}`)}</Chip>
        <strong className="grow">{correction.note || correction.question}</strong>
        <span className="muted">
          {correction.by.name} · {ago(correction.createdAt)}
        </span>
      </div>
      <dl className="correction">
        <dt>{t("corrections.asked")}</dt>
        <dd>{correction.question}</dd>
        <dt>{t("corrections.said")}</dt>
        <dd>
          {correction.answer}
          {correction.articleVersion !== undefined && <span className="muted num"> v{correction.articleVersion}</span>}
        </dd>
      </dl>
      <div className="row">
        {correction.articleId !== undefined && (
          <Link to="/articles/$articleId" params={{ articleId: correction.articleId }} className="btn small">
            {t("corrections.fix")}
          </Link>
        )}
        {mayWrite && (
          <>
            {correction.articleId !== undefined && (
              <Button small icon="check" busy={close.isPending} onClick={() => close.mutate({ state: "fixed" })}>
                {t("corrections.fixed")}
              </Button>
            )}
            <Button small look="quiet" onClick={() => setDismissing(true)}>
              {t("corrections.dismiss")}
            </Button>
          </>
        )}
      </div>
      {dismissing && (
        <Dialog
          title={t("corrections.dismiss")}
          onClose={() => setDismissing(false)}
          onSubmit={() => close.mutate({ state: "dismissed", reason: reason.trim() })}
          busy={close.isPending}
          ready={reason.trim() !== ""}
        >
          <label className="field">
            <span className="label">{t("corrections.reason")}</span>
            <input
              className="input"
              maxLength={500}
              value={reason}
              onChange={(event) => setReason(event.target.value)}
            />
          </label>
        </Dialog>
      )}
    </>
  );
}
