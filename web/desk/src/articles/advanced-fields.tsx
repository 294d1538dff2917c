import type { ArticleFields, ArticleRule } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { ChipsField } from "./chips-field.tsx";

interface AdvancedFieldsProps {
  readonly fields: ArticleFields;
  readonly disabled: boolean;
  readonly edit: (part: Partial<ArticleFields>) => void;
}

const WORD_LISTS = ["mustHave", "mustNot"] as const;
const TEST_LISTS = ["mustHit", "mustNotHit"] as const;
const RULE_KINDS = ["exact", "contains", "pattern"] as const;

/** The finer ways to be found, and the questions every publish is tried with. Closed until something is set. */
export function AdvancedFields({ fields, disabled, edit }: AdvancedFieldsProps) {
  const t = useT();
  const lists = [...WORD_LISTS, ...TEST_LISTS, "rules", "counterExamples"] as const;
  const used = lists.some((name) => (fields[name]?.length ?? 0) > 0) || fields.priority !== undefined;
  return (
    <details className="advanced" open={used || undefined}>
      <summary>{t("article.advanced")}</summary>
      {TEST_LISTS.map((name) => (
        <ChipsField
          key={name}
          label={t(`article.${name}`)}
          add={t("article.addQuestion")}
          {...(name === "mustHit" && { hint: t("article.testsHint") })}
          value={fields[name] ?? []}
          disabled={disabled}
          onChange={(value) => edit({ [name]: value })}
        />
      ))}
      {WORD_LISTS.map((name) => (
        <ChipsField
          key={name}
          label={t(`article.${name}`)}
          add={t("article.addWord")}
          value={fields[name] ?? []}
          disabled={disabled}
          onChange={(value) => edit({ [name]: value })}
        />
      ))}
      <ChipsField
        label={t("article.counterExamples")}
        add={t("article.addQuestion")}
        hint={t("article.counterHint")}
        value={fields.counterExamples ?? []}
        disabled={disabled}
        onChange={(counterExamples) => edit({ counterExamples })}
      />
      <Weights fields={fields} edit={edit} />
      <Rules value={fields.rules ?? []} disabled={disabled} onChange={(rules) => edit({ rules })} />
      <label className="field">
        <span className="label">{t("article.priority")}</span>
        <input
          className="input"
          type="number"
          min={-10}
          max={10}
          step={1}
          value={fields.priority ?? 0}
          onChange={(event) => edit({ priority: Math.trunc(Number(event.target.value)) })}
        />
      </label>
    </details>
  );
}

function Weights({ fields, edit }: Pick<AdvancedFieldsProps, "fields" | "edit">) {
  const t = useT();
  if (fields.keywords.length === 0) return null;
  const weights = fields.keywordWeights ?? {};
  const change = (term: string, weight: number) => {
    const { [term]: _old, ...others } = weights;
    edit({ keywordWeights: weight === 1 ? others : { ...others, [term]: weight } });
  };
  return (
    <div className="field">
      <span className="label">{t("article.keywordWeights")}</span>
      {fields.keywords.map((term) => (
        <label key={term} className="row">
          <span className="grow clip">{term}</span>
          <input
            className="input weight"
            type="number"
            min={0}
            max={10}
            step={0.5}
            value={weights[term] ?? 1}
            onChange={(event) => change(term, Number(event.target.value))}
          />
        </label>
      ))}
    </div>
  );
}

interface RulesProps {
  readonly value: readonly ArticleRule[];
  readonly disabled: boolean;
  readonly onChange: (value: readonly ArticleRule[]) => void;
}

function Rules({ value, disabled, onChange }: RulesProps) {
  const t = useT();
  const change = (index: number, part: Partial<ArticleRule>) =>
    onChange(value.map((rule, at) => (at === index ? { ...rule, ...part } : rule)));
  return (
    <div className="field">
      <span className="label">{t("article.rules")}</span>
      {value.map((rule, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a rule has no name but its place.
        <div key={index} className="row">
          <select
            className="input pick"
            aria-label={t("article.rules")}
            value={rule.kind}
            onChange={(event) => {
              const kind = RULE_KINDS.find((one) => one === event.target.value);
              if (kind) change(index, { kind });
            }}
          >
            {RULE_KINDS.map((kind) => (
              <option key={kind} value={kind}>
                {t(`article.rule.${kind}`)}
              </option>
            ))}
          </select>
          <input
            className="input grow"
            aria-label={t("article.ruleValue")}
            maxLength={rule.kind === "pattern" ? 200 : 500}
            value={rule.value}
            onChange={(event) => change(index, { value: event.target.value })}
          />
          {!disabled && (
            <Button
              look="quiet"
              small
              icon="trash"
              aria-label={t("article.removeRule")}
              onClick={() => onChange(value.filter((_, at) => at !== index))}
            />
          )}
        </div>
      ))}
      {!disabled && (
        <div>
          <Button small icon="plus" onClick={() => onChange([...value, { kind: "contains", value: "" }])}>
            {t("article.addRule")}
          </Button>
        </div>
      )}
    </div>
  );
}
