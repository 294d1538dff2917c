import { VALIDATIONS } from "../api/flow-types.ts";
import { useT, type WordKey } from "../i18n/index.ts";
import { Field } from "../ui/field.tsx";
import { Choices } from "./choices-fields.tsx";
import type { StepDraft } from "./flow-draft.ts";

interface AnswerFieldsProps {
  readonly step: StepDraft;
  readonly at: string;
  readonly onChange: (step: StepDraft) => void;
}

const DAYS = ["any", "past", "future"] as const;

/** What counts as an answer to a step. */
export function AnswerFields({ step, at, onChange }: AnswerFieldsProps) {
  const t = useT();
  const number = (name: "last" | "min" | "max" | "retries", title: WordKey, path = `${at}.validate.${name}`) => (
    <Field title={t(title)} at={[path]}>
      {(control) => (
        <input
          {...control}
          className="input"
          inputMode="numeric"
          maxLength={10}
          value={step[name]}
          onChange={(event) => onChange({ ...step, [name]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field title={t("flow.validate")} at={[`${at}.validate`, `${at}.validate.kind`]}>
        {(control) => (
          <select
            {...control}
            className="input"
            value={step.kind}
            onChange={(event) => {
              const kind = VALIDATIONS.find((one) => one === event.target.value);
              if (kind !== undefined) onChange({ ...step, kind });
            }}
          >
            {VALIDATIONS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`flow.kind.${kind}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      {number("retries", "flow.retries", `${at}.retries`)}
      {step.kind === "pattern" && (
        <Field title={t("flow.pattern")} at={[`${at}.validate.pattern`]}>
          {(control) => (
            <input
              {...control}
              className="input mono"
              maxLength={200}
              value={step.pattern}
              onChange={(event) => onChange({ ...step, pattern: event.target.value })}
            />
          )}
        </Field>
      )}
      {step.kind === "phone" && number("last", "flow.lastDigits")}
      {step.kind === "text" && number("min", "flow.minLength")}
      {step.kind === "text" && number("max", "flow.maxLength")}
      {step.kind === "number" && number("min", "flow.minNumber")}
      {step.kind === "number" && number("max", "flow.maxNumber")}
      {step.kind === "date" && (
        <Field title={t("flow.day")} at={[`${at}.validate.when`]}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={step.when}
              onChange={(event) => onChange({ ...step, when: DAYS.find((one) => one === event.target.value) ?? "any" })}
            >
              {DAYS.map((day) => (
                <option key={day} value={day}>
                  {t(`flow.day.${day}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      {step.kind === "choice" && (
        <Choices at={`${at}.choices`} choices={step.choices} onChange={(choices) => onChange({ ...step, choices })} />
      )}
    </>
  );
}
