import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { FaultsAt, Field } from "../ui/field.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { EndFields } from "./end-fields.tsx";
import { type BranchDraft, END_KINDS, emptyBranch, type StepDraft } from "./flow-draft.ts";
import { Mover, moved, useMovedFocus } from "./mover.tsx";
import { useStepNames } from "./step-names.ts";

interface BranchesProps {
  readonly step: StepDraft;
  /** The step's place in the flow: `steps.0`. */
  readonly at: string;
  readonly steps: readonly StepDraft[];
  readonly onChange: (branches: readonly BranchDraft[]) => void;
}

/** Where it goes on after the answer; the first branch that holds is taken, else the next step. */
export function Branches({ step, at, steps, onChange }: BranchesProps) {
  const t = useT();
  const { list, follow } = useMovedFocus(".flow-branch");
  const { branches } = step;
  const sure = branches.some(({ when }) => when.of.kind === "always");
  return (
    <div className="flow-branches" ref={list}>
      <h3>{t("flow.branches")}</h3>
      {branches.map((branch, place) => (
        <fieldset key={branch.key} className="flow-branch">
          <legend className="sr">{t("flow.branch", { n: place + 1 })}</legend>
          <div className="row">
            <strong className="grow" aria-hidden>
              {t("flow.branch", { n: place + 1 })}
            </strong>
            <Mover
              place={place}
              count={branches.length}
              name={t("flow.branch", { n: place + 1 })}
              onMove={(by) => {
                onChange(moved(branches, place, by));
                follow(place + by, by);
              }}
              onRemove={() => onChange(branches.toSpliced(place, 1))}
            />
          </div>
          <FaultsAt at={[`${at}.next.${place}`]} />
          <BranchFields
            branch={branch}
            at={`${at}.next.${place}`}
            steps={steps}
            onChange={(changed) => onChange(branches.with(place, changed))}
          />
        </fieldset>
      ))}
      {!sure && <p className="hint">{t(branches.length === 0 ? "flow.noBranch" : "flow.elseNext")}</p>}
      <Button
        small
        icon="plus"
        disabled={branches.length >= 20}
        onClick={() => onChange([...branches, emptyBranch(step)])}
      >
        {t("flow.addBranch")}
      </Button>
    </div>
  );
}

interface BranchFieldsProps {
  readonly branch: BranchDraft;
  readonly at: string;
  readonly steps: readonly StepDraft[];
  readonly onChange: (branch: BranchDraft) => void;
}

function BranchFields({ branch, at, steps, onChange }: BranchFieldsProps) {
  const t = useT();
  const { nameOf } = useStepNames(steps);
  const { to, end } = branch;
  const choose = (key: string) => {
    const kind = END_KINDS.find((one) => key === `end ${one}`);
    if (kind === undefined) return onChange({ ...branch, to: key });
    // A skill is no group: only what is said goes along.
    onChange({ ...branch, to: undefined, end: { ...end, kind, value: kind === end.kind ? end.value : "" } });
  };
  return (
    <div className="flow-grid">
      <ConditionFields
        title="flow.if"
        always="flow.otherwise"
        at={`${at}.when`}
        when={branch.when}
        steps={steps}
        onChange={(when) => onChange({ ...branch, when })}
      />
      <Field
        title={t("flow.then")}
        at={[`${at}.to`]}
        {...(to === undefined && end.kind === "message" && { className: "flow-wide" })}
      >
        {(control) => (
          <select
            {...control}
            className="input"
            value={to ?? `end ${end.kind}`}
            onChange={(event) => choose(event.target.value)}
          >
            <optgroup label={t("flow.goTo")}>
              {steps.map(({ key }) => (
                <option key={key} value={key}>
                  {nameOf(key)}
                </option>
              ))}
              {to !== undefined && steps.every(({ key }) => key !== to) && (
                <option value={to}>{t("flow.fault.goneStep")}</option>
              )}
            </optgroup>
            <optgroup label={t("flow.endWith")}>
              {END_KINDS.map((kind) => (
                <option key={kind} value={`end ${kind}`}>
                  {t(`flow.finish.${kind}`)}
                </option>
              ))}
            </optgroup>
          </select>
        )}
      </Field>
      {to === undefined && (
        <EndFields at={`${at}.finish`} end={end} onChange={(changed) => onChange({ ...branch, end: changed })} />
      )}
    </div>
  );
}
