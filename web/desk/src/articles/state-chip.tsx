import { serverNow } from "../api/client.ts";
import type { Article } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { momentTime } from "../time.ts";
import { Chip } from "../ui/pieces.tsx";
import { stateOf } from "./fields.ts";

const TONES = { draft: "line", published: "green", changed: "amber" } as const;

export function StateChip({ article }: { readonly article: Article }) {
  const t = useT();
  const state = stateOf(article);
  return <Chip tone={TONES[state]}>{t(`articles.status.${state}`)}</Chip>;
}

export function StaleChip({ article }: { readonly article: Article }) {
  const t = useT();
  return article.stale ? <Chip tone="amber">{t("articles.stale")}</Chip> : null;
}

export function ValidityChip({ article }: { readonly article: Article }) {
  const t = useT();
  const now = serverNow();
  const { validFrom, validUntil } = article;
  if (validUntil && Date.parse(validUntil) < now) return <Chip tone="red">{t("articles.expired")}</Chip>;
  if (validFrom && Date.parse(validFrom) > now)
    return <Chip tone="blue">{t("articles.scheduled", { time: momentTime(validFrom) })}</Chip>;
  if (validUntil) return <Chip tone="amber">{t("articles.expires", { time: momentTime(validUntil) })}</Chip>;
  return null;
}
