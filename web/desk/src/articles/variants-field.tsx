import { useQuery } from "@tanstack/react-query";
import { channelsQuery } from "../api/queries.ts";
import type { AnswerVariant } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { AnswerField } from "./answer-field.tsx";
import { LOCALES } from "./fields.ts";

interface VariantsFieldProps {
  readonly value: readonly AnswerVariant[];
  readonly disabled: boolean;
  readonly onChange: (value: readonly AnswerVariant[]) => void;
}

/** Other words for a channel or a locale; the most specific that fits speaks. */
export function VariantsField({ value, disabled, onChange }: VariantsFieldProps) {
  const t = useT();
  const { data: channels = [] } = useQuery(channelsQuery);
  const change = (index: number, part: Partial<Record<keyof AnswerVariant, string | undefined>>) =>
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
        </div>
      ))}
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

function tidy({ channel, locale, text }: Partial<Record<keyof AnswerVariant, string | undefined>>): AnswerVariant {
  return { ...(channel && { channel }), ...(locale && { locale }), text: text ?? "" };
}
