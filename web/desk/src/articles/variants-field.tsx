import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { channelsQuery, versionsQuery } from "../api/queries.ts";
import type { AnswerVariant, Article, ArticleFields } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Chip } from "../ui/pieces.tsx";
import { AnswerField } from "./answer-field.tsx";
import { ButtonsField } from "./buttons-field.tsx";
import { FieldDiff } from "./field-value.tsx";
import { isStale, isTranslation, LOCALES } from "./fields.ts";
import { PictureField } from "./picture-field.tsx";

interface VariantsFieldProps {
  readonly fields: ArticleFields;
  /** As saved; absent for one not saved yet. */
  readonly article: Article | undefined;
  readonly disabled: boolean;
  readonly onChange: (value: readonly AnswerVariant[]) => void;
}

/** Other words for a channel, a language or a kind of customer; the most specific that fits speaks. */
export function VariantsField({ fields, article, disabled, onChange }: VariantsFieldProps) {
  const t = useT();
  const { data: channels = [] } = useQuery(channelsQuery);
  const value = fields.answers;
  const change = (index: number, part: Partial<{ [K in keyof AnswerVariant]: AnswerVariant[K] | undefined }>) =>
    onChange(value.map((variant, at) => (at === index ? tidy({ ...variant, ...part }) : variant)));
  return (
    <div className="field">
      <span className="label">{t("article.variants")}</span>
      {value.map((variant, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a variant has no name until it has a channel or a locale.
        <div key={index} className="variant">
          <div className="row">
            <select
              className="input pick"
              aria-label={t("tryit.channel")}
              value={variant.channel ?? ""}
              onChange={(event) => change(index, { channel: event.target.value || undefined })}
            >
              <option value="">{t("article.anyChannel")}</option>
              {channels.map((item) => (
                <option key={item.channel} value={item.channel}>
                  {codeWords(t, "channel", item.channel)}
                </option>
              ))}
            </select>
            <select
              className="input pick"
              aria-label={t("tryit.locale")}
              value={variant.locale ?? ""}
              onChange={(event) => change(index, { locale: event.target.value || undefined })}
            >
              <option value="">{t("article.anyLocale")}</option>
              {LOCALES.map((item) => (
                <option key={item} value={item}>
                  {item}
                </option>
              ))}
            </select>
            <input
              className="input pick audience"
              aria-label={t("article.audience")}
              placeholder={t("article.anyAudience")}
              list="article-audiences"
              maxLength={50}
              value={variant.audience ?? ""}
              onChange={(event) => change(index, { audience: event.target.value || undefined })}
            />
            <span className="grow" />
            {!disabled && (
              <Button
                look="quiet"
                small
                icon="trash"
                aria-label={t("article.removeVariant")}
                onClick={() => onChange(value.filter((_, at) => at !== index))}
              />
            )}
          </div>
          <AnswerField
            label={t("article.variantAnswer")}
            rows={3}
            value={variant.text}
            disabled={disabled}
            onChange={(text) => change(index, { text })}
          />
          <VariantParts
            variant={variant}
            fields={fields}
            disabled={disabled}
            onChange={(part) => change(index, part)}
          />
          {article && (
            <Translation
              variant={variant}
              fields={fields}
              article={article}
              disabled={disabled}
              onConfirm={() => change(index, { sourceVersion: article.sourceVersion })}
            />
          )}
        </div>
      ))}
      <datalist id="article-audiences">
        <option value="vip" />
      </datalist>
      {!disabled && (
        <div>
          <Button small icon="plus" onClick={() => onChange([...value, { text: "" }])}>
            {t("article.addVariant")}
          </Button>
        </div>
      )}
    </div>
  );
}

interface VariantPartsProps {
  readonly variant: AnswerVariant;
  readonly fields: ArticleFields;
  readonly disabled: boolean;
  readonly onChange: (part: Pick<Partial<AnswerVariant>, "image" | "buttons">) => void;
}

/** Closed where the article's own picture and buttons go with the variant too. */
function VariantParts({ variant, fields, disabled, onChange }: VariantPartsProps) {
  const t = useT();
  const own = variant.image !== undefined || variant.buttons !== undefined;
  const shared = fields.image !== undefined || fields.buttons !== undefined;
  return (
    <details open={own || undefined}>
      <summary>{t(own ? "article.ownParts" : shared ? "article.sharedParts" : "article.noParts")}</summary>
      <PictureField value={variant.image} disabled={disabled} onChange={(image) => onChange({ image })} />
      <ButtonsField
        value={variant.buttons ?? []}
        disabled={disabled}
        onChange={(buttons) => onChange({ buttons: buttons.length === 0 ? undefined : buttons })}
      />
    </details>
  );
}

interface TranslationProps {
  readonly variant: AnswerVariant;
  readonly fields: ArticleFields;
  readonly article: Article;
  readonly disabled: boolean;
  readonly onConfirm: () => void;
}

/** Which version a translation says the same as; what has changed since, where something has. */
function Translation({ variant, fields, article, disabled, onConfirm }: TranslationProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  if (!isTranslation(variant, fields) || variant.sourceVersion === undefined) return null;
  const from = { n: variant.sourceVersion };
  if (!isStale(variant, fields, article.sourceVersion))
    return (
      <p className="hint">
        <Chip tone="green">{t("translation.current")}</Chip> {t("translation.from", from)}
      </p>
    );
  return (
    <div className="notice amber translation">
      <div className="row">
        <strong className="grow">{t("translation.stale", from)}</strong>
        <Button small aria-expanded={open} onClick={() => setOpen(!open)}>
          {t("translation.diff")}
        </Button>
        {!disabled && (
          <Button small icon="check" onClick={onConfirm}>
            {t("translation.confirm")}
          </Button>
        )}
      </div>
      {open && <SourceChange article={article} since={variant.sourceVersion} />}
    </div>
  );
}

function SourceChange({ article, since }: { readonly article: Article; readonly since: number }) {
  const t = useT();
  const { data: versions = [] } = useQuery(versionsQuery(article.id));
  const before = versions.find(({ version }) => version === since)?.article;
  if (before === undefined) return <p className="muted">{t("translation.noVersion")}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
    <section className="translation-diff scroll" tabIndex={0} aria-label={t("translation.diff")}>
      {before.question !== article.question && (
        <FieldDiff field="question" before={before.question} after={article.question} />
      )}
      {before.answer !== article.answer && <FieldDiff field="answer" before={before.answer} after={article.answer} />}
    </section>
  );
}

function tidy(variant: Partial<{ [K in keyof AnswerVariant]: AnswerVariant[K] | undefined }>): AnswerVariant {
  const { channel, locale, audience, text, image, buttons, sourceVersion } = variant;
  return {
    ...(channel && { channel }),
    ...(locale && { locale }),
    ...(audience && { audience }),
    text: text ?? "",
    ...(image && { image }),
    ...(buttons && { buttons }),
    ...(sourceVersion !== undefined && { sourceVersion }),
  };
}
