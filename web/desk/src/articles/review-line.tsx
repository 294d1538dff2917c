import { useInfiniteQuery } from "@tanstack/react-query";
import { articlesQuery } from "../api/queries.ts";
import type { Article } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";

type Filter = Readonly<Record<string, string | undefined>>;

/** How many wait to be looked at, as the list itself was told: it is asked once for both. */
export function useWaiting(filter: Filter): number {
  return useInfiniteQuery(articlesQuery(filter)).data?.pages[0]?.review?.waiting ?? 0;
}

export function ReviewLine({ filter, onShow }: { readonly filter: Filter; readonly onShow: () => void }) {
  const t = useT();
  const n = useWaiting(filter);
  if (n === 0 || filter.attention === "review") return null;
  return (
    <div className="notice blue editor-notice">
      <Icon name="clock" />
      <span className="grow">{t("review.waitingLine", { n })}</span>
      <Button small onClick={onShow}>
        {t("review.show")}
      </Button>
    </div>
  );
}

export function ReviewChip({ article: { review, sentBack } }: { readonly article: Article }) {
  const t = useT();
  if (review)
    return (
      <Chip tone="blue" title={review.note ?? ""}>
        {t("review.waiting")}
      </Chip>
    );
  return sentBack ? (
    <Chip tone="amber" title={sentBack.reason}>
      {t("review.sentBack")}
    </Chip>
  ) : null;
}
