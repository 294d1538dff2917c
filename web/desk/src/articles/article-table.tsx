import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { articlesQuery, flat, peopleQuery } from "../api/queries.ts";
import type { Article, Figures } from "../api/types.ts";
import { type Translate, useT } from "../i18n/index.ts";
import { ago, momentTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Chip, Empty, Failure } from "../ui/pieces.tsx";
import { BulkBar } from "./bulk-bar.tsx";
import { categoryWords } from "./category-tree.tsx";
import { ReviewChip } from "./review-line.tsx";
import { StaleChip, StateChip, ValidityChip } from "./state-chip.tsx";
import { StarterChip } from "./stepped-back.tsx";

interface ArticleTableProps {
  readonly filter: Readonly<Record<string, string | undefined>>;
  readonly mayWrite: boolean;
}

export function ArticleTable({ filter, mayWrite }: ArticleTableProps) {
  const t = useT();
  const navigate = useNavigate();
  const query = useInfiniteQuery(articlesQuery(filter));
  const { data: people = [] } = useQuery(peopleQuery);
  const [picked, setPicked] = useState<readonly string[]>([]);
  if (query.isError && query.data === undefined)
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  const rows = flat(query.data);
  const selected = rows.filter(({ id }) => picked.includes(id));
  const filtered = Object.values(filter).some(Boolean);
  return (
    <div className="article-list">
      {selected.length > 0 && <BulkBar articles={selected} onClear={() => setPicked([])} />}
      <div className="panel">
        <Table<Article>
          rowKey="id"
          size="middle"
          columns={columnsOf(t, rows, new Map(people.map(({ id, name }) => [id, name])))}
          dataSource={rows}
          loading={query.isPending}
          pagination={false}
          {...(mayWrite && {
            rowSelection: {
              selectedRowKeys: [...picked],
              onChange: (keys: readonly React.Key[]) => setPicked(keys.map(String)),
              getCheckboxProps: (article: Article) => ({
                "aria-label": t("articles.selectOne", { question: article.question }),
              }),
              getTitleCheckboxProps: () => ({ "aria-label": t("articles.selectAll") }),
            },
          })}
          onRow={(article) => ({
            onClick: (event) =>
              (event.target as HTMLElement).closest("a, input, label, .ant-table-selection-column") === null &&
              void navigate({ to: "/articles/$articleId", params: { articleId: article.id } }),
          })}
          rowClassName="clickable"
          locale={{
            emptyText: filtered ? (
              <Empty icon="search" title={t("empty.results")} hint={t("empty.resultsHint")} />
            ) : (
              <Empty icon="book" title={t("articles.empty")} hint={t("articles.emptyHint")} />
            ),
          }}
        />
        {query.hasNextPage && (
          <div className="more-row">
            <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t("common.loadMore")}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** More hand-offs than this after an answer say that it does not help. */
const MANY_HANDOFFS = 0.3;

function columnsOf(
  t: Translate,
  rows: readonly Article[],
  names: ReadonlyMap<string, string>,
): TableColumnsType<Article> {
  const figure = (key: string, title: string, width: number, of: (figures: Figures) => React.ReactNode) => ({
    title,
    key,
    width,
    align: "right" as const,
    responsive: ["lg" as const],
    render: (_: unknown, { figures }: Article) => (
      <span className="num">{figures === undefined ? "–" : of(figures)}</span>
    ),
  });
  const counted = rows.some(({ figures }) => figures !== undefined);
  return [
    { title: t("articles.question"), key: "question", render: (_, article) => <QuestionCell article={article} /> },
    {
      title: t("articles.status"),
      key: "status",
      width: 150,
      render: (_, article) => (
        <span className="chips">
          <StateChip article={article} />
          <ReviewChip article={article} />
          <StaleChip article={article} />
          <StarterChip article={article} />
        </span>
      ),
    },
    ...(counted
      ? [
          figure("hits", t("articles.hits"), 100, ({ hits }) => hits),
          figure("votes", t("articles.votes"), 84, ({ helpful, unhelpful }) =>
            helpful + unhelpful === 0 ? "–" : `${helpful} / ${unhelpful}`,
          ),
          figure("transfer", t("articles.transferAfter"), 104, ({ hits, transferRate }) =>
            hits === 0 ? (
              "–"
            ) : (
              <span className={transferRate > MANY_HANDOFFS ? "bad-text" : undefined}>
                {Math.round(transferRate * 100)}%
              </span>
            ),
          ),
          figure("false", t("articles.falseHits"), 84, ({ hits, falseHits }) =>
            hits === 0 ? "–" : (falseHits ?? "–"),
          ),
        ]
      : []),
    {
      title: t("article.owner"),
      key: "owner",
      width: 104,
      responsive: ["xl"],
      render: (_, { ownerId }) => (
        <span className={ownerId === undefined ? "muted" : "clip"}>{(ownerId && names.get(ownerId)) ?? "–"}</span>
      ),
    },
    {
      title: t("articles.validUntil"),
      key: "until",
      width: 124,
      responsive: ["xl"],
      render: (_, { validUntil }) => (
        <span className="muted num">{validUntil === undefined ? t("articles.forever") : momentTime(validUntil)}</span>
      ),
    },
    {
      title: t("articles.updated"),
      key: "updated",
      width: 96,
      responsive: ["xxl"],
      render: (_, article) => <span className="muted num">{article.updatedAt && ago(article.updatedAt)}</span>,
    },
  ];
}

function QuestionCell({ article }: { readonly article: Article }) {
  const t = useT();
  const { rank, score, category, locale } = article;
  const channels = [...new Set(article.answers?.flatMap(({ channel }) => channel ?? []))];
  return (
    <div className="article-cell">
      <span className="row">
        <Link to="/articles/$articleId" params={{ articleId: article.id }} className="table-link clip">
          {article.question}
        </Link>
        {rank !== undefined && (
          <Chip tone="accent">{t("articles.rank", { rank, score: (score ?? 0).toFixed(2) })}</Chip>
        )}
      </span>
      <span className="muted clip">{article.answer}</span>
      <span className="chips">
        {category && <Chip>{categoryWords(t, category)}</Chip>}
        {locale && <Chip tone="line">{locale}</Chip>}
        {channels.map((channel) => (
          <Chip key={channel} tone="line">
            {channel}
          </Chip>
        ))}
        <ValidityChip article={article} />
      </span>
    </div>
  );
}
