import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { EndFields } from "./end-fields.tsx";
import { END_KINDS, type EndDraft, emptyStep, type FlowDraft } from "./flow-draft.ts";
import { moved, useMovedFocus } from "./mover.tsx";
import { StepEditor } from "./step-editor.tsx";

interface FlowFieldsProps {
  readonly draft: FlowDraft;
  readonly locked: boolean;
  readonly title: string;
  readonly edit: (change: (before: FlowDraft) => FlowDraft, options?: { readonly whole?: boolean }) => void;
}

/** As many as the server takes. */
const MOST_STEPS = 30;

/** The flow as fields: its head, its steps, its end. */
export function FlowFields({ draft, locked, title, edit }: FlowFieldsProps) {
  const t = useT();
  const { list, follow } = useMovedFocus(".flow-step");
  const { steps } = draft;
  const setSteps = (next: FlowDraft["steps"], whole = true) =>
    edit((before) => ({ ...before, steps: next }), { whole });
  return (
    <fieldset className="flow-form" disabled={locked}>
      <legend className="sr">{title}</legend>
      <div className="panel panel-pad flow-grid">
        {(
          [
            ["titleZh", "flow.titleZh", "title.zh"],
            ["titleEn", "flow.titleEn", "title.en"],
            ["timeoutMinutes", "flow.timeout", "timeoutMinutes"],
          ] as const
        ).map(([name, words, path]) => (
          <Field key={name} title={t(words)} at={[path]}>
            {(control) => (
              <input
                {...control}
                className="input"
                maxLength={name === "timeoutMinutes" ? 4 : 100}
                inputMode={name === "timeoutMinutes" ? "numeric" : undefined}
                value={draft[name]}
                onChange={({ target: { value } }) => edit((before) => ({ ...before, [name]: value }))}
              />
            )}
          </Field>
        ))}
      </div>
      <div ref={list}>
        {steps.map((step, place) => (
          <StepEditor
            key={step.key}
            step={step}
            place={place}
            steps={steps}
            onChange={(changed) => setSteps(steps.with(place, changed), false)}
            onMove={(by) => {
              setSteps(moved(steps, place, by));
              follow(place + by, by);
            }}
            onRemove={() => setSteps(steps.toSpliced(place, 1))}
          />
        ))}
      </div>
      <Button icon="plus" disabled={steps.length >= MOST_STEPS} onClick={() => setSteps([...steps, emptyStep(steps)])}>
        {t("flow.addStep")}
      </Button>
      <Ending end={draft.end} onChange={(end) => edit((before) => ({ ...before, end }))} />
    </fieldset>
  );
}

/** What happens when all is asked. */
function Ending({ end, onChange }: { readonly end: EndDraft; readonly onChange: (end: EndDraft) => void }) {
  const t = useT();
  return (
    <div className="panel panel-pad flow-grid">
      <Field title={t("flow.finish")} {...(end.kind === "message" && { className: "flow-wide" })}>
        {(control) => (
          <select
            {...control}
            className="input"
            value={end.kind}
            onChange={(event) => {
              const kind = END_KINDS.find((one) => one === event.target.value);
              if (kind !== undefined) onChange({ ...end, kind, value: "" });
            }}
          >
            {END_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`flow.finish.${kind}`)}
              </option>
            ))}
          </select>
        )}
      </Field>
      <EndFields key={end.kind} at="finish" end={end} onChange={onChange} />
    </div>
  );
}
