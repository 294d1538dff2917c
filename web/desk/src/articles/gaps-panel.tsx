import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { get, post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { flat, gapsQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Article, Gap, Page } from "../api/types.ts";
import { t as say, useT } from "../i18n/index.ts";
import { ago } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { useSettled } from "../ui/hooks.ts";
import { Chip, Empty, Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";

/** Questions nobody answered, the costliest first: each becomes a phrasing, an article, or is set aside. */
export function GapsPanel({ mayWrite }: { readonly mayWrite: boolean }) {
  const t = useT();
  const query = useInfiniteQuery(gapsQuery());
  if (query.isPending) return <Skeleton lines={4} height={48} />;
  if (query.isError) return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  const gaps = flat(query.data);
  if (gaps.length === 0) return <Empty icon="check" title={t("gaps.empty")} hint={t("gaps.emptyHint")} />;
  return (
    <ul className="gaps">
      {gaps.map((gap) => (
        <li key={gap.id} className="panel panel-pad">
          <GapCard gap={gap} mayWrite={mayWrite} />
        </li>
      ))}
      {query.hasNextPage && <Button onClick={() => void query.fetchNextPage()}>{t("common.loadMore")}</Button>}
    </ul>
  );
}

function GapCard({ gap, mayWrite }: { readonly gap: Gap; readonly mayWrite: boolean }) {
  const t = useT();
  const navigate = useNavigate();
  const [adding, setAdding] = useState(false);
  const ignore = useMutation({
    mutationFn: () => post(`/v1/knowledge/gaps/${gap.id}/ignore`),
    onSuccess: () => settled(say("gaps.ignored")),
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <>
      <div className="row">
        <strong className="grow">{gap.sample}</strong>
        <Chip>{t("gaps.count", { n: gap.count })}</Chip>
        <Chip tone={gap.transferRate > 0.3 ? "red" : "line"}>
          {t("gaps.transfer", { n: Math.round(gap.transferRate * 100) })}
        </Chip>
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
          <Button
            small
            icon="plus"
            onClick={() =>
              void navigate({
                to: "/articles/$articleId",
                params: { articleId: "new" },
                search: { question: gap.sample },
              })
            }
          >
            {t("gaps.create")}
          </Button>
          <Button small icon="book" onClick={() => setAdding(true)}>
            {t("gaps.add")}
          </Button>
          <Button small look="quiet" busy={ignore.isPending} onClick={() => ignore.mutate()}>
            {t("gaps.ignore")}
          </Button>
        </div>
      )}
      {adding && <AddDialog gap={gap} onClose={() => setAdding(false)} />}
    </>
  );
}

function settled(words: string): void {
  toast(words);
  void queryClient.invalidateQueries({ queryKey: ["gaps"] });
  void queryClient.invalidateQueries({ queryKey: ["articles"] });
}

function AddDialog({ gap, onClose }: { readonly gap: Gap; readonly onClose: () => void }) {
  const t = useT();
  const [text, setText] = useState(gap.sample.slice(0, 4));
  const [picked, setPicked] = useState("");
  const q = useSettled(text.trim(), 200);
  const { data } = useQuery({
    queryKey: ["article-pick", q],
    queryFn: ({ signal }) => get<Page<Article>>("/v1/articles", { query: { q, limit: 20 }, signal }),
  });
  const accept = useMutation({
    mutationFn: () => post(`/v1/knowledge/gaps/${gap.id}/accept`, { articleId: picked }),
    onSuccess: () => {
      settled(say("gaps.accepted"));
      onClose();
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Dialog
      title={t("gaps.addTo")}
      onClose={onClose}
      onSubmit={() => accept.mutate()}
      submit={t("gaps.add")}
      busy={accept.isPending}
      ready={picked !== ""}
    >
      <input
        className="input"
        type="search"
        aria-label={t("articles.search")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <select
        className="input"
        size={8}
        aria-label={t("gaps.addTo")}
        value={picked}
        onChange={(event) => setPicked(event.target.value)}
      >
        {(data?.items ?? []).map((article) => (
          <option key={article.id} value={article.id}>
            {article.question}
          </option>
        ))}
      </select>
    </Dialog>
  );
}
