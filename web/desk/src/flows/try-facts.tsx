import type { Fact, FactValue } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { Field } from "../ui/field.tsx";
import { factValuesOf, toFactValue } from "./condition-draft.ts";
import type { FlowBody } from "./flow-draft.ts";
import { useStepNames } from "./step-names.ts";

type Facts = Readonly<Partial<Record<Fact, FactValue>>>;

/** The facts the conditions of a flow ask for: without them none of those can be tried. */
export function factsAsked({ steps }: FlowBody): readonly Fact[] {
  const conditions = steps.flatMap(({ skip, next }) => [skip, ...next.map(({ when }) => when)]);
  return [...new Set(conditions.flatMap((when) => (when !== undefined && "fact" in when ? [when.fact] : [])))];
}

interface FactFieldsProps {
  readonly asked: readonly Fact[];
  readonly facts: Facts;
  readonly onChange: (facts: Facts) => void;
}

/** Who the shopper is, for the try. */
export function FactFields({ asked, facts, onChange }: FactFieldsProps) {
  const t = useT();
  const { factOf } = useStepNames([]);
  const set = (fact: Fact, typed: string) => {
    const { [fact]: _before, ...others } = facts;
    onChange(typed === "" ? others : { ...others, [fact]: toFactValue(fact, typed) });
  };
  return (
    <div className="flow-grid flow-facts">
      {asked.map((fact) => {
        const known = factValuesOf(fact);
        const value = facts[fact] === undefined ? "" : String(facts[fact]);
        return (
          <Field key={fact} title={t(`flow.fact.${fact}`)}>
            {(control) =>
              known === undefined ? (
                <input
                  {...control}
                  className="input"
                  maxLength={100}
                  placeholder={t("flow.unknown")}
                  value={value}
                  onChange={(event) => set(fact, event.target.value)}
                />
              ) : (
                <select
                  {...control}
                  className="input"
                  value={value}
                  onChange={(event) => set(fact, event.target.value)}
                >
                  <option value="">{t("flow.unknown")}</option>
                  {known.map((one) => (
                    <option key={one} value={one}>
                      {factOf(fact, one)}
                    </option>
                  ))}
                </select>
              )
            }
          </Field>
        );
      })}
    </div>
  );
}
