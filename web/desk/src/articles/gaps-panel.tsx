import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { flat, gapsQuery, learnedQuery, peopleQuery } from "../api/queries.ts";
import type { Gap } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { ago } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Chip, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { AcceptGapDialog } from "./accept-gap-dialog.tsx";
import { AssignGapDialog, IgnoreGapDialog, MergeGapDialog } from "./gap-dialogs.tsx";

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
  const [open, setOpen] = useState<"article" | "new" | "merge" | "assign" | "ignore">();
  const close = () => setOpen(undefined);
  const { data: people = [] } = useQuery(peopleQuery);
  const assignee = people.find(({ id }) => id === gap.assigneeId)?.name;
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
        {gap.days && <Spark days={gap.days} />}
        {gap.trend && <span className="muted num">{t("gaps.trend", { now: gap.trend[0], before: gap.trend[1] })}</span>}
        <span className="muted">{t("gaps.last", { time: ago(gap.lastAt) })}</span>
      </div>
      <div className="chips">
        {assignee && <Chip tone="blue">{`${t("gaps.assignee")} ${assignee}`}</Chip>}
        {gap.merged && <Chip tone="accent">{t("gaps.mergedByHand")}</Chip>}
        {gap.channels?.map((channel) => (
          <Chip key={channel}>{codeWords(t, "channel", channel)}</Chip>
        ))}
        {gap.languages?.map((language) => (
          <Chip key={language}>{language}</Chip>
        ))}
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
          <Button small icon="plus" onClick={() => setOpen("new")}>
            {t("gaps.create")}
          </Button>
          <Button small icon="book" onClick={() => setOpen("article")}>
            {t("gaps.add")}
          </Button>
          <Button small onClick={() => setOpen("merge")}>
            {t("gaps.merge")}
          </Button>
          <Button small icon="user" onClick={() => setOpen("assign")}>
            {t("gaps.assign")}
          </Button>
          <Button small look="quiet" onClick={() => setOpen("ignore")}>
            {t("gaps.ignore")}
          </Button>
        </div>
      )}
      {(open === "new" || open === "article") && <AcceptGapDialog gap={gap} into={open} onClose={close} />}
      {open === "merge" && <MergeGapDialog gap={gap} onClose={close} />}
      {open === "assign" && <AssignGapDialog gap={gap} onClose={close} />}
      {open === "ignore" && <IgnoreGapDialog gap={gap} onClose={close} />}
    </>
  );
}

/** Fourteen days at a glance, and in figures for who cannot see them. */
function Spark({ days }: { readonly days: readonly number[] }) {
  const t = useT();
  const most = Math.max(1, ...days);
  return (
    <span className="spark" role="img" aria-label={t("gaps.days", { list: days.join(", ") })}>
      {days.map((count, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a day is its place.
        <i key={index} style={{ height: `${(count / most) * 100}%` }} />
      ))}
    </span>
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
          <li key={`${one.articleId} ${one.acceptedAt}`} className="panel panel-pad two-weeks">
            <div className="row">
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
            </div>
            {one.twoWeeks && (
              <div className="row">
                <span className="muted num grow">
                  {t("gaps.before", { n: one.askedBefore, rate: Math.round(one.transferRateBefore * 100) })}
                </span>
                {one.twoWeeks.complete ? (
                  <strong className="num">
                    {t("gaps.twoWeeks", {
                      n: one.twoWeeks.answered,
                      handed: one.twoWeeks.handedOver,
                      minutes: one.twoWeeks.savedMinutes,
                    })}
                  </strong>
                ) : (
                  <Chip tone="blue">{t("gaps.twoWeeksRunning")}</Chip>
                )}
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
