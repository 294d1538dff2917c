import { useT } from "../i18n/index.ts";
import { FaultsAt, Field, useFaults } from "../ui/field.tsx";
import { Chip } from "../ui/pieces.tsx";
import { AnswerFields } from "./answer-fields.tsx";
import { Branches } from "./branch-editor.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import type { StepDraft } from "./flow-draft.ts";
import { Mover } from "./mover.tsx";
import { TextPair } from "./text-pair.tsx";

interface StepEditorProps {
  readonly step: StepDraft;
  readonly place: number;
  readonly steps: readonly StepDraft[];
  readonly onChange: (step: StepDraft) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** What is folded away until it is wanted, or wrong. */
const MORE = ["invalid", "id", "slot", "skip"];

/** One step as fields; the buttons of its head move and remove it. */
export function StepEditor({ step, place, steps, onChange, onMove, onRemove }: StepEditorProps) {
  const t = useT();
  const name = t("flow.step", { n: place + 1 });
  const at = `steps.${place}`;
  const faults = useFaults([at, `${at}.*`]);
  const wrong = faults.filter(({ mild }) => mild !== true).length;
  const hidden = faults.some(
    ({ path, mild }) => mild !== true && MORE.some((part) => path.startsWith(`${at}.${part}`)),
  );
  const line = (key: "id" | "slot") => (
    <Field title={t(key === "id" ? "flow.stepId" : "flow.slot")} at={[`${at}.${key}`]}>
      {(control) => (
        <input
          {...control}
          className="input mono"
          maxLength={50}
          value={step[key]}
          onChange={(event) => onChange({ ...step, [key]: event.target.value })}
        />
      )}
    </Field>
  );
  return (
    <fieldset className="panel panel-pad flow-step" id={`flow-${step.key}`} tabIndex={-1}>
      <legend className="sr">{name}</legend>
      <div className="row">
        <h2>{name}</h2>
        <span className="grow">{wrong > 0 && <Chip tone="red">{t("flow.wrong", { n: wrong })}</Chip>}</span>
        <Mover place={place} count={steps.length} name={name} needed onMove={onMove} onRemove={onRemove} />
      </div>
      <FaultsAt at={[at]} />
      <div className="flow-grid">
        <TextPair
          zh="flow.askZh"
          en="flow.askEn"
          at={`${at}.ask`}
          text={step.ask}
          maxLength={2000}
          onChange={(ask) => onChange({ ...step, ask })}
        />
        <AnswerFields step={step} at={at} onChange={onChange} />
      </div>
      <Branches step={step} at={at} steps={steps} onChange={(branches) => onChange({ ...step, branches })} />
      <details className="flow-more" open={hidden || undefined}>
        <summary>
          {t("flow.more")} <span className="mono muted">{step.id}</span>
          {step.skip.of.kind !== "always" && <Chip tone="blue">{t("flow.hasSkip")}</Chip>}
        </summary>
        <div className="flow-grid">
          <TextPair
            zh="flow.invalidZh"
            en="flow.invalidEn"
            at={`${at}.invalid`}
            text={step.invalid}
            maxLength={500}
            rows={1}
            onChange={(invalid) => onChange({ ...step, invalid })}
          />
          {line("id")}
          {line("slot")}
          <ConditionFields
            title="flow.skip"
            always="flow.never"
            at={`${at}.skip`}
            when={step.skip}
            steps={steps}
            onChange={(skip) => onChange({ ...step, skip })}
          />
        </div>
      </details>
    </fieldset>
  );
}
