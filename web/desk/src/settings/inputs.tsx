import type { ReactNode } from "react";
import { Field } from "../ui/field.tsx";
import { type NumberName, rangeOf, type SectionProps } from "./shop-draft.ts";

interface InputProps<K> extends SectionProps {
  readonly name: K;
  readonly title: ReactNode;
  readonly hint?: ReactNode;
}

type TextName = "name" | "hours" | "timeZone";

/** A line of the draft. */
export function TextInput(
  props: InputProps<TextName> & { readonly maxLength: number; readonly options?: readonly string[] },
) {
  const { draft, set, name, title, hint, maxLength, options } = props;
  return (
    <Field title={title} hint={hint} at={[name]}>
      {(control) => (
        <>
          <input
            {...control}
            className="input"
            maxLength={maxLength}
            list={options && `${control.id}-options`}
            value={draft[name]}
            onChange={(event) => set(name, event.target.value)}
          />
          {options && (
            <datalist id={`${control.id}-options`}>
              {options.map((option) => (
                <option key={option} value={option} />
              ))}
            </datalist>
          )}
        </>
      )}
    </Field>
  );
}

export function NumberInput({ draft, set, name, title, hint }: InputProps<NumberName>) {
  const { min, max, whole } = rangeOf(name);
  return (
    <Field title={title} hint={hint} at={[name]}>
      {(control) => (
        <input
          {...control}
          className="input"
          type="number"
          min={min}
          max={max}
          step={whole ? 1 : "any"}
          value={draft[name]}
          onChange={(event) => set(name, event.target.value)}
        />
      )}
    </Field>
  );
}

type FlagName = "vipToPerson" | "returnLeftChats";

export function Flag({ draft, set, name, title, hint }: InputProps<FlagName>) {
  return (
    <div className="wide">
      <label className="row">
        <input type="checkbox" checked={draft[name]} onChange={(event) => set(name, event.target.checked)} />
        {title}
      </label>
      {hint && <p className="hint">{hint}</p>}
    </div>
  );
}

/** A list, one a line; pasted lists come in as they are. */
export function LinesInput(
  props: InputProps<"groups" | "bannedWords"> & { readonly rows: number; readonly placeholder?: string },
) {
  const { draft, set, name, title, hint, rows, placeholder } = props;
  return (
    <Field title={title} hint={hint} at={[name, `${name}.*`]} className="wide">
      {(control) => (
        <textarea
          {...control}
          className="input"
          rows={rows}
          placeholder={placeholder}
          value={draft[name]}
          onChange={(event) => set(name, event.target.value)}
        />
      )}
    </Field>
  );
}

interface SelectProps<V extends string> {
  readonly title: ReactNode;
  readonly hint?: ReactNode;
  readonly at?: readonly string[];
  readonly value: V;
  readonly options: readonly (readonly [V, string])[];
  readonly onChange: (value: V) => void;
}

export function Select<V extends string>({ title, hint, at, value, options, onChange }: SelectProps<V>) {
  return (
    <Field title={title} hint={hint} at={at}>
      {(control) => (
        <select
          {...control}
          className="input"
          value={value}
          onChange={(event) => {
            const chosen = options.find(([key]) => key === event.target.value);
            if (chosen !== undefined) onChange(chosen[0]);
          }}
        >
          {options.map(([key, words]) => (
            <option key={key} value={key}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
