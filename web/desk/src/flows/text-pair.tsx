import { useT, type WordKey } from "../i18n/index.ts";
import { Field } from "../ui/field.tsx";
import type { TextDraft } from "./flow-draft.ts";

interface TextPairProps {
  readonly zh: WordKey;
  readonly en: WordKey;
  /** Its place in the flow: `steps.0.ask`. */
  readonly at: string;
  readonly text: TextDraft;
  readonly maxLength: number;
  readonly rows?: number;
  readonly onChange: (text: TextDraft) => void;
}

/** One text in the two languages of the form. */
export function TextPair({ zh, en, at, text, maxLength, rows = 2, onChange }: TextPairProps) {
  const t = useT();
  const others = Object.keys(text.others);
  const fields = [
    { name: "zh", title: t(zh), places: [at, `${at}.zh-CN`, ...others.map((locale) => `${at}.${locale}`)] },
    { name: "en", title: t(en), places: [`${at}.en`] },
  ] as const;
  return fields.map(({ name, title, places }) => (
    <Field key={name} title={title} at={places}>
      {(control) => (
        <textarea
          {...control}
          className="input"
          rows={rows}
          maxLength={maxLength}
          lang={name === "zh" ? "zh-CN" : "en"}
          value={text[name]}
          onChange={(event) => onChange({ ...text, [name]: event.target.value })}
        />
      )}
    </Field>
  ));
}
