import { FACTS, type Fact } from "../api/flow-types.ts";
import { useT, type WordKey } from "../i18n/index.ts";
import { FaultsAt, Field } from "../ui/field.tsx";
import { ALWAYS, type ConditionDraft, factValuesOf } from "./condition-draft.ts";
import type { StepDraft } from "./flow-draft.ts";
import { useStepNames } from "./step-names.ts";

interface ConditionFieldsProps {
  readonly title: WordKey;
  /** What no condition at all means here. */
  readonly always: WordKey;
  readonly at: string;
  readonly when: ConditionDraft;
  readonly steps: readonly StepDraft[];
  readonly onChange: (when: ConditionDraft) => void;
}

const TESTS = ["in", "filled", "empty"] as const;
const keyOf = ({ of }: ConditionDraft) =>
  of.kind === "always" ? "" : of.kind === "answer" ? `answer ${of.step}` : `fact ${of.fact}`;

/** "If the answer to … is one of …". */
export function ConditionFields({ title, always, at, when, steps, onChange }: ConditionFieldsProps) {
  const t = useT();
  const names = useStepNames(steps);
  const choose = (key: string) => {
    const [kind, name = ""] = key.split(" ");
    if (kind === "answer") onChange({ of: { kind, step: name }, test: "in", values: [] });
    else if (kind === "fact") onChange({ of: { kind, fact: name as Fact }, test: "in", values: [] });
    else onChange(ALWAYS);
  };
  const { of } = when;
  const asked = of.kind === "answer" ? steps.find(({ key }) => key === of.step) : undefined;
  return (
    <>
      <Field title={t(title)} at={[`${at}.slot`]}>
        {(control) => (
          <select {...control} className="input" value={keyOf(when)} onChange={(event) => choose(event.target.value)}>
            <option value="">{t(always)}</option>
            <optgroup label={t("flow.answers")}>
              {steps.map((step) => (
                <option key={step.key} value={`answer ${step.key}`}>
                  {names.answerOf(step.key)}
                </option>
              ))}
              {of.kind === "answer" && asked === undefined && (
                <option value={keyOf(when)}>{t("flow.fault.goneAnswer")}</option>
              )}
            </optgroup>
            <optgroup label={t("flow.facts")}>
              {FACTS.map((fact) => (
                <option key={fact} value={`fact ${fact}`}>
                  {t(`flow.fact.${fact}`)}
                </option>
              ))}
            </optgroup>
          </select>
        )}
      </Field>
      {of.kind === "answer" && (
        <Field title={t("flow.test")}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={when.test}
              onChange={(event) => onChange({ ...when, test: TESTS.find((one) => one === event.target.value) ?? "in" })}
            >
              {TESTS.map((test) => (
                <option key={test} value={test}>
                  {t(`flow.test.${test}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {of.kind !== "always" && when.test === "in" && (
        <Values at={`${at}.in`} when={when} asked={asked} onChange={(values) => onChange({ ...when, values })} />
      )}
    </>
  );
}

interface ValuesProps {
  readonly at: string;
  readonly when: ConditionDraft;
  readonly asked: StepDraft | undefined;
  readonly onChange: (values: readonly string[]) => void;
}

/** Ticked where the values are known, written where they are not. */
function Values({ at, when: { of, values }, asked, onChange }: ValuesProps) {
  const t = useT();
  const { choiceOf, factOf } = useStepNames([]);
  const known = knownValues(of, asked);
  if (known === undefined)
    return (
      <Field title={t("flow.values")} hint={t("flow.valuesHint")} at={[at, `${at}.*`]}>
        {(control) => (
          <textarea
            {...control}
            className="input"
            rows={2}
            value={values.join("\n")}
            onChange={(event) => onChange(event.target.value.split("\n"))}
          />
        )}
      </Field>
    );
  // What is no choice any more can only be ticked off.
  const all = [...new Set([...known, ...values])];
  return (
    <fieldset className="choice flow-values flow-wide">
      <legend>{t("flow.values")}</legend>
      {all.map((value) => (
        <label key={value}>
          <input
            type="checkbox"
            checked={values.includes(value)}
            onChange={({ target }) =>
              onChange(all.filter((one) => (one === value ? target.checked : values.includes(one))))
            }
          />
          {of.kind === "fact" ? factOf(of.fact, value) : choiceOf(asked, value)}
        </label>
      ))}
      <FaultsAt at={[at, `${at}.*`]} />
    </fieldset>
  );
}

function knownValues(of: ConditionDraft["of"], asked: StepDraft | undefined): readonly string[] | undefined {
  if (of.kind === "fact") return factValuesOf(of.fact);
  if (asked?.kind !== "choice") return undefined;
  return asked.choices.map(({ value }) => value.trim()).filter((value) => value !== "");
}
