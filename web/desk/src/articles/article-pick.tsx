import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../api/client.ts";
import type { Article, Page } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { useSettled } from "../ui/hooks.ts";

interface ArticlePickProps {
  readonly label: string;
  /** What is looked for at first. */
  readonly start: string;
  readonly value: string;
  /** Rows shown at once. */
  readonly size: number;
  readonly onChange: (id: string, question: string) => void;
}

/** One article, found by its words. */
export function ArticlePick({ label, start, value, size, onChange }: ArticlePickProps) {
  const t = useT();
  const [text, setText] = useState(start);
  const q = useSettled(text.trim(), 200);
  const { data } = useQuery({
    queryKey: ["article-pick", q],
    queryFn: ({ signal }) => get<Page<Article>>("/v1/articles", { query: { q, limit: 20 }, signal }),
  });
  const items = data?.items ?? [];
  return (
    <>
      <input
        className="input"
        type="search"
        aria-label={t("articles.search")}
        placeholder={t("articles.search")}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <select
        className="input"
        size={size}
        aria-label={label}
        value={value}
        onChange={({ target }) => onChange(target.value, items.find(({ id }) => id === target.value)?.question ?? "")}
      >
        {items.map((article) => (
          <option key={article.id} value={article.id}>
            {article.question}
          </option>
        ))}
      </select>
    </>
  );
}
