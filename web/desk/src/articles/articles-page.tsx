import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Select, Table, type TableColumnsType, type TableColumnType } from "antd";
import { useEffect, useState } from "react";
import { articlesQuery, flat } from "../api/queries.ts";
import type { Article } from "../api/types.ts";
import { canWriteArticles, useMe } from "../app/me.ts";
import { type Translate, useT } from "../i18n/index.ts";
import { ago } from "../time.ts";
import { Antd } from "../ui/antd.tsx";
import { Button } from "../ui/button.tsx";
import { useSettled, useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { Page } from "../ui/page.tsx";
import { Chip, Empty, Failure } from "../ui/pieces.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { CorrectionsPanel } from "./corrections-panel.tsx";
import { LOCALES } from "./fields.ts";
import { GapsPanel } from "./gaps-panel.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { StateChip, ValidityChip } from "./state-chip.tsx";
import "./articles.css";

interface Filter {
  readonly status?: string | undefined;
  readonly category?: string | undefined;
  readonly locale?: string | undefined;
  readonly q?: string | undefined;
  readonly attention?: string | undefined;
}

export function ArticlesPage() {
  const t = useT();
  const navigate = useNavigate();
  const filter: Filter = useSearch({ from: "/shell/articles" });
  const mayWrite = canWriteArticles(useMe().user.role);
  const [tab, setTab] = useState<"list" | "gaps" | "corrections">("list");
  const [importing, setImporting] = useState(false);
  useTitle(t("nav.articles"));
  const change = (part: Filter) => void navigate({ to: "/articles", search: { ...filter, ...part }, replace: true });
  const download = (format: string) => {
    const link = document.createElement("a");
    link.href = `/v1/knowledge/export?format=${format}`;
    link.download = "";
    link.click();
  };
  return (
    <Page
      title={t("nav.articles")}
      actions={
        <>
          <Menu
            label={t("articles.export")}
            icon="download"
            items={["csv", "ndjson"].map((format) => ({
              key: format,
              label: t("articles.exportAs", { format: format.toUpperCase() }),
              run: () => download(format),
            }))}
          />
          {mayWrite && (
            <>
              <Button icon="upload" onClick={() => setImporting(true)}>
                {t("articles.import")}
              </Button>
              <Button
                look="primary"
                icon="plus"
                onClick={() => void navigate({ to: "/articles/$articleId", params: { articleId: "new" } })}
              >
                {t("articles.new")}
              </Button>
            </>
          )}
        </>
      }
    >
      <div className="toolbar">
        <Tabs
          label={t("nav.articles")}
          controls="articles-panel"
          value={tab}
          onChange={setTab}
          items={[
            { key: "list", label: t("articles.tab.list") },
            { key: "gaps", label: t("articles.tab.gaps") },
            { key: "corrections", label: t("articles.tab.corrections") },
          ]}
        />
      </div>
      <div id="articles-panel" role="tabpanel" aria-label={t(`articles.tab.${tab}`)}>
        {tab === "gaps" ? (
          <GapsPanel mayWrite={mayWrite} />
        ) : tab === "corrections" ? (
          <CorrectionsPanel mayWrite={mayWrite} />
        ) : (
          <Antd>
            <Filters filter={filter} onChange={change} />
            <ArticleTable filter={filter} />
          </Antd>
        )}
      </div>
      {importing && <ImportDialog onClose={() => setImporting(false)} />}
    </Page>
  );
}

function Filters({ filter, onChange }: { readonly filter: Filter; readonly onChange: (part: Filter) => void }) {
  const t = useT();
  const [text, setText] = useState(filter.q ?? "");
  const settled = useSettled(text.trim(), 200);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only a settled text asks.
  useEffect(() => {
    if (settled !== (filter.q ?? "")) onChange({ q: settled || undefined });
  }, [settled]);
  const categories = useKnownCategories();
  return (
    <div className="toolbar">
      <div className="searchbox">
        <Icon name="search" />
        <input
          className="input"
          type="search"
          data-search
          aria-label={t("articles.search")}
          placeholder={t("articles.search")}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Select
        aria-label={t("articles.category")}
        placeholder={t("articles.category")}
        allowClear
        showSearch
        style={{ width: 150 }}
        value={filter.category ?? null}
        options={categories.map((value) => ({ value, label: value }))}
        onChange={(category) => onChange({ category: category ?? undefined })}
      />
      <Select
        aria-label={t("articles.status")}
        placeholder={t("articles.status")}
        allowClear
        style={{ width: 120 }}
        value={filter.status ?? null}
        options={(["draft", "published"] as const).map((value) => ({ value, label: t(`articles.status.${value}`) }))}
        onChange={(status) => onChange({ status: status ?? undefined })}
      />
      <Select
        aria-label={t("articles.locale")}
        placeholder={t("articles.locale")}
        allowClear
        style={{ width: 110 }}
        value={filter.locale ?? null}
        options={LOCALES.map((value) => ({ value, label: value }))}
        onChange={(locale) => onChange({ locale: locale ?? undefined })}
      />
      <Select
        aria-label={t("articles.attention")}
        placeholder={t("articles.attention")}
        allowClear
        style={{ width: 190 }}
        value={filter.attention ?? null}
        options={ATTENTION.map((value) => ({ value, label: t(`articles.attention.${value}`) }))}
        onChange={(attention) => onChange({ attention: attention ?? undefined })}
      />
    </div>
  );
}

/** The categories seen so far: those of the unfiltered first pages. */
function useKnownCategories(): readonly string[] {
  const { data } = useInfiniteQuery(articlesQuery({}));
  return [...new Set(flat(data).flatMap((article) => (article.category ? [article.category] : [])))].sort();
}

function ArticleTable({ filter }: { readonly filter: Filter }) {
  const t = useT();
  const navigate = useNavigate();
  const query = useInfiniteQuery(articlesQuery({ ...filter }));
  const filtered = Object.values(filter).some(Boolean);
  if (query.isError && query.data === undefined)
    return <Failure error={query.error} onRetry={() => void query.refetch()} />;
  const rows = flat(query.data);
  const columns: TableColumnsType<Article> = [
    {
      title: t("articles.question"),
      key: "question",
      render: (_, article) => (
        <div className="article-cell">
          <Link to="/articles/$articleId" params={{ articleId: article.id }} className="table-link">
            {article.question}
          </Link>
          <span className="muted clip">{article.answer}</span>
        </div>
      ),
    },
    {
      title: t("articles.category"),
      key: "category",
      width: 110,
      responsive: ["md"],
      render: (_, article) => article.category && <Chip>{article.category}</Chip>,
    },
    {
      title: t("articles.locale"),
      key: "locale",
      width: 80,
      responsive: ["md"],
      render: (_, article) => article.locale,
    },
    {
      title: t("articles.status"),
      key: "status",
      width: 190,
      render: (_, article) => (
        <span className="chips">
          <StateChip article={article} />
          <ValidityChip article={article} />
        </span>
      ),
    },
    ...(rows.some((article) => article.hits7d !== undefined) ? [hitsColumn(t), outcomeColumn(t)] : []),
    {
      title: t("articles.updated"),
      key: "updated",
      width: 110,
      responsive: ["lg"],
      render: (_, article) => <span className="muted num">{article.updatedAt && ago(article.updatedAt)}</span>,
    },
  ];
  return (
    <div className="panel">
      <Table<Article>
        rowKey="id"
        size="middle"
        columns={columns}
        dataSource={rows}
        loading={query.isPending}
        pagination={false}
        onRow={(article) => ({
          onClick: (event) =>
            (event.target as HTMLElement).closest("a") === null &&
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
  );
}

const ATTENTION = ["expiring", "handing-over", "unused"] as const;
/** More hand-offs than this after an answer say that it does not help. */
const MANY_HANDOFFS = 0.3;

/** What became of the answers: hand-offs after them, and what shoppers said. */
const outcomeColumn = (t: Translate): TableColumnType<Article> => ({
  title: t("articles.outcome"),
  key: "outcome",
  width: 170,
  align: "right",
  responsive: ["lg"],
  render: (_, { figures }) =>
    figures !== undefined &&
    figures.hits > 0 && (
      <span className="num">
        <span className={figures.transferRate > MANY_HANDOFFS ? "bad-text" : undefined}>
          {t("gaps.transfer", { n: Math.round(figures.transferRate * 100) })}
        </span>
        {figures.helpful + figures.unhelpful > 0 && ` · 👍 ${figures.helpful} 👎 ${figures.unhelpful}`}
      </span>
    ),
});

/** Only where the server counts hits. */
const hitsColumn = (t: Translate): TableColumnType<Article> => ({
  title: t("articles.hits"),
  key: "hits",
  width: 110,
  align: "right",
  responsive: ["lg"],
  render: (_, article) => <span className="num">{article.hits7d ?? "–"}</span>,
});
