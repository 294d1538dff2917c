import type { AnswerButton, AnswerImage, AnswerVariant, ArticleRule } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { fullTime } from "../time.ts";
import type { Field } from "./fields.ts";
import { variantName } from "./fields.ts";
import { diffWords } from "./words-diff.ts";

/** A field's value as one text, for comparing. */
export function valueText(field: Field, value: unknown): string {
  if (value === undefined || value === null) return "";
  if (field === "answers")
    return (value as readonly AnswerVariant[])
      .map((variant) => [`[${variantName(variant)}] ${variant.text}`, ...partLines(variant)].join("\n"))
      .join("\n");
  if (field === "image") return partLines({ image: value as AnswerImage }).join("\n");
  if (field === "buttons") return partLines({ buttons: value as readonly AnswerButton[] }).join("\n");
  if (field === "orderCard") return value === true ? "✓" : "";
  if (field === "rules")
    return (value as readonly ArticleRule[]).map((rule) => `${rule.kind}: ${rule.value}`).join("\n");
  if (field === "keywordWeights")
    return Object.entries(value)
      .map(([term, weight]) => `${term} × ${weight}`)
      .join("\n");
  if (Array.isArray(value)) return value.join("\n");
  if (field === "validFrom" || field === "validUntil") return fullTime(String(value));
  return String(value);
}

/** A picture and buttons, a line each. */
function partLines({ image, buttons = [] }: Pick<AnswerVariant, "image" | "buttons">): readonly string[] {
  const picture = image === undefined ? [] : [[image.alt, image.fileId ?? image.url].filter(Boolean).join(" · ")];
  return [
    ...picture,
    ...buttons.map(({ label, url, articleId, person }) =>
      [`[${label}]`, url ?? articleId ?? (person ? "☎" : undefined)].filter(Boolean).join(" → "),
    ),
  ];
}

export function FieldDiff({
  field,
  before,
  after,
}: {
  readonly field: Field;
  readonly before: unknown;
  readonly after: unknown;
}) {
  const t = useT();
  const parts = diffWords(valueText(field, before), valueText(field, after));
  if (parts.length === 0) return <span className="muted">{t("merge.empty")}</span>;
  return (
    <div className="diff">
      {parts.map((part, index) => {
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one diff never change places.
        if (part.kind === "added") return <ins key={index}>{part.text}</ins>;
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one diff never change places.
        if (part.kind === "removed") return <del key={index}>{part.text}</del>;
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one diff never change places.
        return <span key={index}>{part.text}</span>;
      })}
    </div>
  );
}
