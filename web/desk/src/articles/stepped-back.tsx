import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { articlesQuery } from "../api/queries.ts";
import type { Article } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";

/** How many starters answer nobody any more, and where that is decided; nothing while none has made way. */
export function SteppedBackLine({ filter }: { readonly filter: Readonly<Record<string, string | undefined>> }) {
  const t = useT();
  // The list's own question: it is asked once for both.
  const { data } = useInfiniteQuery(articlesQuery(filter));
  const n = data?.pages[0]?.starters?.steppedBack ?? 0;
  if (n === 0) return null;
  return (
    <p className="notice blue editor-notice">
      <Icon name="book" />
      <span>
        {t("articles.steppedBackLine", { n })} · <Link to="/settings">{t("settings.title")}</Link>
      </span>
    </p>
  );
}

export function StarterChip({ article }: { readonly article: Article }) {
  const t = useT();
  if (!article.starter) return null;
  return article.steppedBack ? (
    <Chip tone="line" title={t("articles.steppedBackHint")}>
      {t("articles.steppedBack")}
    </Chip>
  ) : (
    <Chip tone="line">{t("articles.starter")}</Chip>
  );
}
