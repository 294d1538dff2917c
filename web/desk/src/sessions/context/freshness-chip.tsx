import type { Freshness } from "../../api/types.ts";
import { useT } from "../../i18n/index.ts";
import { ago, momentTime } from "../../time.ts";
import { Chip } from "../../ui/pieces.tsx";

/** How old a fact is, and never worded as more current than it is. */
export function FreshnessChip({ freshness }: { readonly freshness: Freshness }) {
  const t = useT();
  const title = t("freshness.source", { source: freshness.source });
  switch (freshness.state) {
    case "live":
      return (
        <Chip tone="green" title={title}>
          {t("freshness.live")}
        </Chip>
      );
    case "cached":
      return <Chip title={title}>{t("freshness.cached", { time: ago(freshness.at) })}</Chip>;
    case "stale":
      return (
        <Chip tone="amber" icon="alert" title={title}>
          {t("freshness.stale", { time: momentTime(freshness.at) })}
        </Chip>
      );
    case "unavailable":
      return (
        <Chip tone="red" icon="alert" title={title}>
          {t("freshness.unavailable")}
        </Chip>
      );
  }
}
