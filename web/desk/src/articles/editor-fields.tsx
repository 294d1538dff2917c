/** The plain fields of an article. */
import { useQuery } from "@tanstack/react-query";
import { categoriesQuery } from "../api/queries.ts";
import type { ArticleFields } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { shopTimeZone } from "../time.ts";
import { fromZonedInput, toZonedInput } from "./zoned-time.ts";

/** Levels of a category, as the server takes them. */
export const MOST_LEVELS = 4;

export function CategoryField(props: {
  readonly value: string;
  readonly deep: boolean;
  readonly onChange: (value: string) => void;
}) {
  const t = useT();
  const { data: known = [] } = useQuery(categoriesQuery);
  return (
    <label className="field">
      <span className="label">{t("articles.category")}</span>
      <input
        className="input"
        list="article-categories"
        maxLength={100}
        aria-invalid={props.deep || undefined}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
      <datalist id="article-categories">
        {known.map(({ category }) => (
          <option key={category} value={category} />
        ))}
      </datalist>
      <span className={props.deep ? "hint bad-text" : "hint"}>
        {t(props.deep ? "article.categoryDeep" : "article.categoryHint")}
      </span>
    </label>
  );
}

export function TextField(props: {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly required?: boolean;
}) {
  return (
    <label className="field">
      <span className="label">{props.label}</span>
      <input
        className="input"
        required={props.required}
        maxLength={500}
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
      />
    </label>
  );
}

interface PickFieldProps {
  readonly label: string;
  readonly hint?: string;
  readonly value: string | undefined;
  readonly empty: string;
  readonly options: readonly string[];
  readonly onChange: (value: string | undefined) => void;
}

export function PickField({ label, hint, value, empty, options, onChange }: PickFieldProps) {
  return (
    <label className="field">
      <span className="label">{label}</span>
      <select className="input" value={value ?? ""} onChange={(event) => onChange(event.target.value || undefined)}>
        <option value="">{empty}</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
      {hint && <span className="hint">{hint}</span>}
    </label>
  );
}

interface ValidityProps {
  readonly fields: ArticleFields;
  readonly edit: (part: Partial<ArticleFields>) => void;
  readonly bad: boolean;
}

/** From and until are the shop's wall clock: a promotion ends at its midnight, not at the editor's. */
export function Validity({ fields, edit, bad }: ValidityProps) {
  const t = useT();
  const zone = shopTimeZone();
  return (
    <div className="field">
      <div className="validity">
        {(["validFrom", "validUntil"] as const).map((name) => (
          <label key={name} className="field">
            <span className="label">{t(`article.${name}`)}</span>
            <input
              className="input"
              type="datetime-local"
              step={1}
              aria-invalid={bad || undefined}
              value={toZonedInput(fields[name], zone)}
              onChange={(event) => edit({ [name]: fromZonedInput(event.target.value, zone) })}
            />
          </label>
        ))}
      </div>
      <span className="hint">
        {bad ? (
          <span className="bad-text">{t("article.validityBad")}</span>
        ) : (
          zone && t("article.validityZone", { zone })
        )}
      </span>
    </div>
  );
}
