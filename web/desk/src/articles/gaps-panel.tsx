import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { flat, gapsQuery, learnedQuery } from "../api/queries.ts";
import type { Gap } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { ago } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Chip, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { AcceptGapDialog, settleGap } from "./accept-gap-dialog.tsx";

/** Questions nobody answered, the costliest first: each becomes a phrasing, an article, or is set aside. */
export function GapsPanel({ mayWrite }: { readonly mayWrite: boolean }) {
  const t = useT();
  const query = useInfiniteQuery(gapsQuery());
  if (query.isPending) return <Skeleton lines={4} height={48} />;
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  const gaps = flat(query.data);
  return (
    <>
      {gaps.length === 0 && <Empty icon="check" title={t("gaps.empty")} hint={t("gaps.emptyHint")} />}
      <ul className="gaps">
        {gaps.map((gap) => (
          <li key={gap.id} className="panel panel-pad">
            <GapCard gap={gap} mayWrite={mayWrite} />
          </li>
        ))}
        {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>{t("common.loadMore")}</Button>}
      </ul>
      <LearnedList />
    </>
  );
}

function GapCard({ gap, mayWrite }: { readonly gap: Gap; readonly mayWrite: boolean }) {
  const t = useT();
  const [accepting, setAccepting] = useState<"article" | "new">();
  const ignore = useMutation({
    mutationFn: () => post(`/v1/knowledge/gaps/${gap.id}/ignore`),
    onSuccess: () => settleGap(say("gaps.ignored")),
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <>
      <div className="row">
        <strong className="grow">{gap.sample}</strong>
        <Chip>{t("gaps.count", { n: gap.count })}</Chip>
        {gap.shoppers !== undefined && <Chip>{t("gaps.shoppers", { n: gap.shoppers })}</Chip>}
        <Chip tone={gap.transferRate > 0.3 ? "red" : "line"}>
          {t("gaps.transfer", { n: Math.round(gap.transferRate * 100) })}
        </Chip>
        {gap.minutes !== undefined && gap.minutes > 0 && (
          <Chip tone="amber">{t("gaps.minutes", { n: Math.round(gap.minutes) })}</Chip>
        )}
        {gap.trend && <span className="muted num">{t("gaps.trend", { now: gap.trend[0], before: gap.trend[1] })}</span>}
        <span className="muted">{t("gaps.last", { time: ago(gap.lastAt) })}</span>
      </div>
      <div className="chips">
        {gap.questions.slice(0, 12).map((question) => (
          <Chip key={question} tone="line">
            {question}
          </Chip>
        ))}
      </div>
      {mayWrite && (
        <div className="row">
          <Button small icon="plus" onClick={() => setAccepting("new")}>
            {t("gaps.create")}
          </Button>
          <Button small icon="book" onClick={() => setAccepting("article")}>
            {t("gaps.add")}
          </Button>
          <Button small look="quiet" busy={ignore.isPending} onClick={() => ignore.mutate()}>
            {t("gaps.ignore")}
          </Button>
        </div>
      )}
      {accepting && <AcceptGapDialog gap={gap} into={accepting} onClose={() => setAccepting(undefined)} />}
    </>
  );
}

function LearnedList() {
  const t = useT();
  const { data = [] } = useQuery({ ...learnedQuery, staleTime: 0 });
  if (data.length === 0) return null;
  return (
    <section className="learned" aria-label={t("gaps.learned")}>
      <h2>{t("gaps.learned")}</h2>
      <ul className="gaps">
        {data.map((one) => (
          <li key={`${one.articleId} ${one.acceptedAt}`} className="panel panel-pad row">
            <Link to="/articles/$articleId" params={{ articleId: one.articleId }} className="grow clip">
              {one.question}
            </Link>
            <span className="muted num">
              {t("gaps.learnedState", {
                n: one.answeredSince,
                handed: one.handedOverSince,
                minutes: one.savedMinutes,
                time: ago(one.acceptedAt),
              })}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
