import { type ClipboardEvent, type KeyboardEvent, useId, useState } from "react";
import { useT } from "../i18n/index.ts";
import { Icon } from "../ui/icon.tsx";

interface ChipsFieldProps {
  readonly label: string;
  readonly add: string;
  readonly hint?: string;
  /** The label is only read aloud. */
  readonly hidden?: boolean;
  readonly value: readonly string[];
  readonly disabled?: boolean;
  readonly onChange: (value: readonly string[]) => void;
}

/** A list of short texts: Enter adds, a pasted list adds each line, Backspace in the empty field takes the last back. */
export function ChipsField({ label, add, hint, hidden, value, disabled, onChange }: ChipsFieldProps) {
  const t = useT();
  const id = useId();
  const [text, setText] = useState("");
  const append = (items: readonly string[]) =>
    onChange([...new Set([...value, ...items.map((item) => item.trim()).filter(Boolean)])]);
  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && text.trim() !== "") {
      event.preventDefault();
      append([text]);
      setText("");
    } else if (event.key === "Backspace" && text === "" && value.length > 0) {
      setText(value.at(-1) ?? "");
      onChange(value.slice(0, -1));
      event.preventDefault();
    }
  };
  const onPaste = (event: ClipboardEvent) => {
    const lines = event.clipboardData.getData("text").split(/[\r\n\t]+/);
    if (lines.length < 2) return;
    event.preventDefault();
    append(lines.map((line) => line.replace(/^\s*(?:[-*•]|\d+[.、)])\s*/, "")));
  };
  return (
    <div className="field">
      <label htmlFor={id} className={hidden ? "unseen" : undefined}>
        {label} <span className="muted num">{value.length > 0 && value.length}</span>
      </label>
      <div className={disabled ? "chips-field input disabled" : "chips-field input"}>
        {value.map((item) => (
          <span key={item} className="chip accent">
            <span className="clip">{item}</span>
            {!disabled && (
              <button
                type="button"
                className="chip-x"
                aria-label={t("article.removeItem", { text: item })}
                onClick={() => onChange(value.filter((other) => other !== item))}
              >
                <Icon name="x" />
              </button>
            )}
          </span>
        ))}
        {!disabled && (
          <input
            id={id}
            placeholder={add}
            maxLength={500}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={onKey}
            onPaste={onPaste}
            onBlur={() => {
              if (text.trim() !== "") append([text]);
              setText("");
            }}
          />
        )}
      </div>
      {hint && <span className="hint">{hint}</span>}
    </div>
  );
}
