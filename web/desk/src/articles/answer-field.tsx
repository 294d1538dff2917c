import { useQuery } from "@tanstack/react-query";
import { useId, useRef } from "react";
import { variablesQuery } from "../api/queries.ts";
import { useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import { Menu } from "../ui/menu.tsx";
import { previewParts } from "./variables.ts";

interface AnswerFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string;
  readonly rows: number;
  readonly disabled?: boolean;
  readonly onChange: (value: string) => void;
}

/** A Liquid answer with a picker for its variables and a look at what a shopper would read. */
export function AnswerField({ label, hint, value, rows, disabled, onChange }: AnswerFieldProps) {
  const t = useT();
  const { language } = usePreferences();
  const { data: variables = [] } = useQuery(variablesQuery);
  const id = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const insert = (name: string) => {
    const element = area.current;
    const [start, end] = [element?.selectionStart ?? value.length, element?.selectionEnd ?? value.length];
    const text = `{{ ${name} }}`;
    onChange(value.slice(0, start) + text + value.slice(end));
    setTimeout(() => {
      element?.focus();
      element?.setSelectionRange(start + text.length, start + text.length);
    });
  };
  return (
    <div className="field">
      <div className="row">
        <label htmlFor={id} className="label grow">
          {label}
        </label>
        {!disabled && (
          // A select would insert the first one as soon as an arrow is pressed.
          <div className="variable-pick">
            <Menu
              label={t("article.insertVariable")}
              icon="plus"
              items={variables.map(({ name, title }) => ({
                key: name,
                label: `${title[language]} · ${name}`,
                run: () => insert(name),
              }))}
            >
              {t("article.insertVariable")}
            </Menu>
          </div>
        )}
      </div>
      <textarea
        ref={area}
        id={id}
        className="input"
        rows={rows}
        maxLength={20_000}
        disabled={disabled}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      {hint && <span className="hint">{hint}</span>}
      {/\{[{%]/.test(value) && <Preview template={value} />}
    </div>
  );
}

function Preview({ template }: { readonly template: string }) {
  const t = useT();
  const { language } = usePreferences();
  const { data: variables } = useQuery(variablesQuery);
  return (
    <div className="answer-preview">
      <span className="muted">{t("article.preview")}</span>
      <p>
        {previewParts(template, variables, language).map((part, index) => {
          const key = index;
          if (part.kind === "text") return <span key={key}>{part.text}</span>;
          if (part.kind === "value") {
            return (
              <span key={key} className="chip green" title={part.name}>
                {part.text}
              </span>
            );
          }
          return (
            <span
              key={key}
              className={part.kind === "unknown" ? "chip red" : "chip line mono"}
              title={part.kind === "unknown" ? t("article.unknownVariable") : undefined}
            >
              {part.text}
            </span>
          );
        })}
      </p>
    </div>
  );
}
