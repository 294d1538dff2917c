import { useQuery } from "@tanstack/react-query";
import { flowFiguresQuery } from "../api/queries.ts";
import { useT } from "../i18n/index.ts";
import { Failure, Skeleton } from "../ui/pieces.tsx";

/** A funnel as a table: the bar shows how many of the first step's shoppers were asked this one. */
export function FlowFigures({ flowId }: { readonly flowId: string }) {
  const t = useT();
  const query = useQuery(flowFiguresQuery(flowId));
  const steps = query.data?.steps ?? [];
  const most = Math.max(1, ...steps.map(({ entered }) => entered));
  return (
    <section className="panel panel-pad" aria-labelledby="flow-figures">
      <h2 id="flow-figures">{t("flow.figures")}</h2>
      {query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Skeleton lines={3} />
      ) : steps.every(({ entered }) => entered === 0) ? (
        <p className="muted">{t("flow.noFigures")}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
        <div className="flow-scroll" tabIndex={0}>
          <table className="flow-table">
            <thead>
              <tr>
                <th scope="col">{t("flows.steps")}</th>
                <th scope="col">{t("flow.entered")}</th>
                <th scope="col">{t("flow.passed")}</th>
                <th scope="col">{t("flow.failed")}</th>
                <th scope="col">{t("flow.person")}</th>
                <th scope="col">{t("flow.cancelled")}</th>
                <th scope="col">{t("flow.abandoned")}</th>
              </tr>
            </thead>
            <tbody>
              {steps.map((step) => (
                <tr key={step.step}>
                  <th scope="row">
                    {step.step}
                    <div
                      className="flow-bar"
                      style={{ "--share": step.entered / most } as React.CSSProperties}
                      aria-hidden
                    />
                  </th>
                  <td className="num">{step.entered}</td>
                  <td className="num">{step.passed}</td>
                  <td className="num">{step.failed}</td>
                  <td className="num">{step.person}</td>
                  <td className="num">{step.cancelled}</td>
                  <td className="num">{step.abandoned}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
