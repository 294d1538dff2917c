import { useT } from "../i18n/index.ts";
import { useFaults } from "../ui/field.tsx";
import { Icon } from "../ui/icon.tsx";
import type { FlowDraft } from "./flow-draft.ts";
import { edgesOf, unreachable } from "./flow-graph.ts";
import { useStepNames } from "./step-names.ts";

/** The whole flow at a glance: each step, and where it goes on. */
export function FlowOutline({ draft, current }: { readonly draft: FlowDraft; readonly current: string | undefined }) {
  const t = useT();
  const names = useStepNames(draft.steps);
  const cut = unreachable(draft);
  const wrong = useFaults(["steps.*"]).filter(({ mild }) => mild !== true);
  return (
    <section className="panel panel-pad" aria-labelledby="flow-outline">
      <h2 id="flow-outline">{t("flow.outline")}</h2>
      <ol className="flow-outline">
        {draft.steps.map((step, place) => {
          const classes = [
            cut.has(place) && "cut",
            wrong.some(({ path }) => path.startsWith(`steps.${place}.`)) && "wrong",
            step.id === current && "current",
          ];
          return (
            <li key={step.key} className={classes.filter(Boolean).join(" ") || undefined}>
              <button
                type="button"
                className="flow-jump"
                aria-current={step.id === current ? "step" : undefined}
                onClick={() => showStep(step.key)}
              >
                {names.nameOf(step.key)}
              </button>
              {step.skip.of.kind !== "always" && (
                <p className="muted">{t("flow.skippedIf", { when: names.conditionOf(step.skip) })}</p>
              )}
              <ul>
                {edgesOf(draft, place).map(({ branch, to }) => (
                  <li key={branch?.key ?? "else"}>
                    <span className="muted">
                      {branch
                        ? names.conditionOf(branch.when)
                        : t(step.branches.length > 0 ? "flow.otherwise" : "flow.after")}
                    </span>{" "}
                    <Icon name="right" label={t("flow.leadsTo")} />{" "}
                    {typeof to === "number"
                      ? t("flow.step", { n: to + 1 })
                      : to === "gone"
                        ? t("flow.fault.goneStep")
                        : names.endOf(to === "end" || branch === undefined ? draft.end : branch.end)}
                  </li>
                ))}
              </ul>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function showStep(key: string): void {
  const step = document.getElementById(`flow-${key}`);
  step?.scrollIntoView({ block: "start" });
  step?.querySelector<HTMLElement>("textarea")?.focus({ preventScroll: true });
}
