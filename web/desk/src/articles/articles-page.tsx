import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Select } from "antd";
import { useEffect, useState } from "react";
import { download } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { categoriesQuery, peopleQuery } from "../api/queries.ts";
import { canWriteArticles, useMayTell, useMe } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { Antd } from "../ui/antd.tsx";
import { Button } from "../ui/button.tsx";
import { useSettled, useTitle } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Menu } from "../ui/menu.tsx";
import { Page } from "../ui/page.tsx";
import { Tabs } from "../ui/tabs.tsx";
import { toast } from "../ui/toast.tsx";
import { ArticleTable } from "./article-table.tsx";
import { CategoryTree, categoryWords } from "./category-tree.tsx";
import { CorrectionsPanel } from "./corrections-panel.tsx";
import { DictionaryPanel } from "./dictionary-panel.tsx";
import { LOCALES } from "./fields.ts";
import { GapsPanel } from "./gaps-panel.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { ReviewLine, useWaiting } from "./review-line.tsx";
import { SteppedBackLine } from "./stepped-back.tsx";
import "./articles.css";

interface Filter {
  readonly status?: string | undefined;
  readonly category?: string | undefined;
  readonly locale?: string | undefined;
  readonly q?: string | undefined;
  readonly attention?: string | undefined;
  readonly ownerId?: string | undefined;
}

export function ArticlesPage() {
  const t = useT();
  const navigate = useNavigate();
  const filter: Filter = useSearch({ from: "/shell/articles" });
  const mayWrite = canWriteArticles(useMe().user.role);
  const mayTell = useMayTell() === true;
  const [tab, setTab] = useState<"list" | "gaps" | "corrections" | "dictionary">("list");
  const [opened, setOpened] = useState(false);
  const [importing, setImporting] = useState(false);
  useTitle(t("nav.articles"));
  const change = (part: Filter) => void navigate({ to: "/articles", search: { ...filter, ...part }, replace: true });
  const exportAs = (format: string) =>
    void download("/v1/knowledge/export", { format }).catch((error: unknown) => toast(errorWords(error), "bad"));
  const waiting = useWaiting({ ...filter });
  return (
    <Page
      title={t("nav.articles")}
      actions={
        <>
          <Menu
            label={t("articles.export")}
            icon="download"
            items={["xlsx", "csv", "json", "ndjson"].map((format) => ({
              key: format,
              label: t("articles.exportAs", { format: format.toUpperCase() }),
              run: () => exportAs(format),
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
          onChange={(next) => {
            setTab(next);
            if (next === "dictionary") setOpened(true);
          }}
          items={[
            { key: "list", label: t("articles.tab.list"), count: mayTell ? waiting : 0, hot: true },
            { key: "gaps", label: t("articles.tab.gaps") },
            { key: "corrections", label: t("articles.tab.corrections") },
            { key: "dictionary", label: t("articles.tab.dictionary") },
          ]}
        />
      </div>
      <div id="articles-panel" role="tabpanel" aria-label={t(`articles.tab.${tab}`)}>
        {tab === "gaps" ? (
          <GapsPanel mayWrite={mayWrite} />
        ) : tab === "corrections" ? (
          <CorrectionsPanel mayWrite={mayWrite} />
        ) : tab === "dictionary" ? null : (
          <Antd>
            <SteppedBackLine filter={{ ...filter }} />
            {mayWrite && <ReviewLine filter={{ ...filter }} onShow={() => change({ attention: "review" })} />}
            <Filters filter={filter} onChange={change} />
            <div className="article-columns">
              <CategoryTree value={filter.category} onChange={(category) => change({ category })} />
              <ArticleTable key={JSON.stringify(filter)} filter={{ ...filter }} mayWrite={mayWrite} />
            </div>
          </Antd>
        )}
        {/* Stays once it was opened: another tab is no reason to forget what was typed. */}
        {(tab === "dictionary" || opened) && (
          <div hidden={tab !== "dictionary"}>
            <DictionaryPanel mayWrite={mayWrite && mayTell} shown={tab === "dictionary"} />
          </div>
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
  const { data: categories = [] } = useQuery(categoriesQuery);
  const { data: people = [] } = useQuery(peopleQuery);
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
        className="category-select"
        aria-label={t("articles.category")}
        placeholder={t("articles.category")}
        allowClear
        showSearch
        style={{ width: 150 }}
        value={filter.category ?? null}
        options={categories.map(({ category }) => ({ value: category, label: categoryWords(t, category) }))}
        onChange={(category) => onChange({ category: category ?? undefined })}
      />
      <Select
        aria-label={t("article.owner")}
        placeholder={t("article.owner")}
        allowClear
        style={{ width: 120 }}
        value={filter.ownerId ?? null}
        options={people.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(ownerId) => onChange({ ownerId: ownerId ?? undefined })}
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

const ATTENTION = ["review", "expiring", "handing-over", "unused", "stale"] as const;
