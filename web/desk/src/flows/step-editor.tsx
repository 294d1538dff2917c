import { type ReactNode, useId } from "react";
import { VALIDATIONS, type ValidationKind } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import type { StepDraft } from "./flow-draft.ts";

interface StepEditorProps {
  readonly step: StepDraft;
  readonly place: number;
  readonly last: boolean;
  readonly only: boolean;
  readonly onChange: (step: StepDraft) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
}

/** One step as fields; the buttons of its head move and remove it. */
export function StepEditor({ step, place, last, only, onChange, onMove, onRemove }: StepEditorProps) {
  const t = useT();
  const n = place + 1;
  const set = <K extends keyof StepDraft>(key: K, value: StepDraft[K]) => onChange({ ...step, [key]: value });
  const line = (key: "id" | "slot" | "invalidZh" | "invalidEn" | "pattern" | "last", max: number) => (id: string) => (
    <input
      id={id}
      className="input"
      maxLength={max}
      value={step[key]}
      onChange={(event) => set(key, event.target.value)}
    />
  );
  const area = (key: "askZh" | "askEn" | "choices" | "branches", rows: number) => (id: string) => (
    <textarea
      id={id}
      className="input"
      rows={rows}
      value={step[key]}
      onChange={(event) => set(key, event.target.value)}
    />
  );
  return (
    <fieldset className="panel panel-pad flow-step">
      <legend className="sr">{t("flow.step", { n })}</legend>
      <div className="row">
        <strong className="grow" aria-hidden>
          {t("flow.step", { n })}
        </strong>
        <Button
          small
          look="quiet"
          icon="up"
          aria-label={t("flow.up", { n })}
          disabled={place === 0}
          onClick={() => onMove(-1)}
        />
        <Button
          small
          look="quiet"
          icon="down"
          aria-label={t("flow.down", { n })}
          disabled={last}
          onClick={() => onMove(1)}
        />
        <Button
          small
          look="quiet"
          icon="trash"
          aria-label={t("flow.remove", { n })}
          disabled={only}
          onClick={onRemove}
        />
      </div>
      <div className="flow-grid">
        <Field title={t("flow.stepId")}>{line("id", 50)}</Field>
        <Field title={t("flow.slot")}>{line("slot", 50)}</Field>
        <Field title={t("flow.askZh")}>{area("askZh", 2)}</Field>
        <Field title={t("flow.askEn")}>{area("askEn", 2)}</Field>
        <Field title={t("flow.validate")}>
          {(id) => (
            <select
              id={id}
              className="input"
              value={step.kind}
              onChange={(event) => set("kind", event.target.value as ValidationKind)}
            >
              {VALIDATIONS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`flow.kind.${kind}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field title={t("flow.retries")}>
          {(id) => (
            <input
              id={id}
              className="input"
              type="number"
              min={0}
              max={9}
              value={step.retries}
              onChange={(event) => set("retries", Number(event.target.value))}
            />
          )}
        </Field>
        {step.kind === "pattern" && <Field title={t("flow.pattern")}>{line("pattern", 200)}</Field>}
        {step.kind === "phone" && <Field title={t("flow.lastDigits")}>{line("last", 1)}</Field>}
        {step.kind === "choice" && <Field title={t("flow.choices")}>{area("choices", 4)}</Field>}
        <Field title={t("flow.invalidZh")}>{line("invalidZh", 500)}</Field>
        <Field title={t("flow.invalidEn")}>{line("invalidEn", 500)}</Field>
      </div>
      <details>
        <summary>{t("flow.branches")}</summary>
        <Field title={t("flow.branches")}>{area("branches", 6)}</Field>
      </details>
    </fieldset>
  );
}

export function Field(props: { readonly title: string; readonly children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.title}</label>
      {props.children(id)}
    </div>
  );
}
