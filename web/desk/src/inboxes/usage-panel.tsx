import { useQuery } from "@tanstack/react-query";
import { usageQuery } from "../api/queries.ts";
import type { Usage } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";

/** What the inbox sent by which route, and what of it is billed. */
export function UsagePanel({ inboxId }: { readonly inboxId: string }) {
  const t = useT();
  const usage = useQuery(usageQuery(inboxId));
  return (
    <section className="panel panel-pad">
      <h2>{t("usage.title")}</h2>
      <p className="hint">{t("usage.hint")}</p>
      {usage.isPending && <Skeleton lines={2} height={18} />}
      {usage.isError && <Failure error={usage.error} onRetry={() => void usage.refetch()} />}
      {usage.data && <Routes usage={usage.data} />}
    </section>
  );
}

function Routes({ usage }: { readonly usage: Usage }) {
  const t = useT();
  const used = usage.routes.filter(({ total, thisMonth }) => total > 0 || thisMonth > 0);
  if (used.length === 0) return <p className="muted">{t("usage.none")}</p>;
  return (
    <table className="usage-table">
      <thead>
        <tr>
          <th scope="col">{t("usage.route")}</th>
          <th scope="col">{t("usage.days")}</th>
          <th scope="col">{t("usage.total")}</th>
          <th scope="col">{t("usage.month")}</th>
        </tr>
      </thead>
      <tbody>
        {used.map(({ route, cost, total, thisMonth }) => (
          <tr key={route}>
            <th scope="row">
              {codeWords(t, "route", route)} {cost > 0 && <Chip tone="amber">{t("usage.billed")}</Chip>}
            </th>
            <td>
              <Bars route={route} usage={usage} />
            </td>
            <td className="num">{total}</td>
            <td className="num">{thisMonth}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const BAR = 4;
const HEIGHT = 24;

function Bars({ route, usage }: { readonly route: string; readonly usage: Usage }) {
  const t = useT();
  const counts = usage.days.map(({ day, routes }) => ({ day, count: routes[route] ?? 0 }));
  const max = Math.max(1, ...counts.map(({ count }) => count));
  const n = counts.reduce((sum, { count }) => sum + count, 0);
  const label = t("usage.chart", { route: codeWords(t, "route", route), n, max: n === 0 ? 0 : max });
  return (
    <svg
      className="usage-bars"
      role="img"
      aria-label={label}
      width={counts.length * BAR}
      height={HEIGHT}
      viewBox={`0 0 ${counts.length * BAR} ${HEIGHT}`}
    >
      <title>{label}</title>
      {counts.map(({ day, count }, index) => {
        const height = count === 0 ? 1 : Math.max(2, Math.round((count / max) * HEIGHT));
        return <rect key={day} x={index * BAR} y={HEIGHT - height} width={BAR - 1} height={height} />;
      })}
    </svg>
  );
}
