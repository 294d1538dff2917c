import type { AnswerButton } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { ArticlePick } from "./article-pick.tsx";

interface ButtonsFieldProps {
  readonly value: readonly AnswerButton[];
  readonly disabled: boolean;
  readonly onChange: (value: readonly AnswerButton[]) => void;
}

const KINDS = ["says", "url", "article", "person"] as const;
type Kind = (typeof KINDS)[number];
const MOST = 10;

const kindOf = ({ url, articleId, person }: AnswerButton): Kind =>
  url !== undefined ? "url" : articleId !== undefined ? "article" : person ? "person" : "says";

/** What a tap under the answer does. A channel without buttons shows them as a numbered list. */
export function ButtonsField({ value, disabled, onChange }: ButtonsFieldProps) {
  const t = useT();
  const change = (index: number, next: AnswerButton) =>
    onChange(value.map((button, at) => (at === index ? next : button)));
  const move = (index: number) =>
    onChange(
      value.map((button, at) => (at === index - 1 ? value[index] : at === index ? value[index - 1] : button) ?? button),
    );
  return (
    <div className="field">
      <span className="label">{t("article.buttons")}</span>
      {value.map((button, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a button has no name but the one being typed.
        <fieldset key={index} className="answer-button" aria-label={t("buttons.nth", { n: index + 1 })}>
          <div className="row">
            <input
              className="input grow"
              aria-label={t("buttons.label")}
              placeholder={t("buttons.label")}
              maxLength={100}
              value={button.label}
              onChange={({ target }) => change(index, { ...button, label: target.value })}
            />
            <select
              className="input pick"
              aria-label={t("buttons.does")}
              value={kindOf(button)}
              onChange={({ target }) => change(index, ofKind(target.value as Kind, button.label))}
            >
              {KINDS.map((kind) => (
                <option key={kind} value={kind}>
                  {t(`buttons.${kind}`)}
                </option>
              ))}
            </select>
            {!disabled && (
              <>
                <Button
                  look="quiet"
                  small
                  icon="up"
                  aria-label={t("buttons.up")}
                  disabled={index === 0}
                  onClick={() => move(index)}
                />
                <Button
                  look="quiet"
                  small
                  icon="trash"
                  aria-label={t("buttons.remove")}
                  onClick={() => onChange(value.filter((_, at) => at !== index))}
                />
              </>
            )}
          </div>
          {button.url !== undefined && (
            <input
              className="input"
              type="url"
              aria-label={t("buttons.address")}
              placeholder="https://"
              maxLength={2000}
              value={button.url}
              onChange={({ target }) => change(index, { label: button.label, url: target.value.trim() })}
            />
          )}
          {button.articleId !== undefined && (
            <ArticlePick
              label={t("buttons.article")}
              start={button.label}
              value={button.articleId}
              size={4}
              onChange={(articleId, question) =>
                change(index, { label: button.label || question.slice(0, 100), articleId })
              }
            />
          )}
        </fieldset>
      ))}
      {!disabled && value.length < MOST && (
        <div>
          <Button small icon="plus" onClick={() => onChange([...value, { label: "" }])}>
            {t("buttons.add")}
          </Button>
        </div>
      )}
      {value.length > 0 && <span className="hint">{t("buttons.hint")}</span>}
    </div>
  );
}

function ofKind(kind: Kind, label: string): AnswerButton {
  switch (kind) {
    case "says":
      return { label };
    case "url":
      return { label, url: "" };
    case "article":
      return { label, articleId: "" };
    case "person":
      return { label, person: true };
  }
}

/** Something a save would refuse is still missing. */
export const isUnfinished = ({ label, url, articleId }: AnswerButton): boolean =>
  label.trim() === "" || articleId === "" || (url !== undefined && !/^https?:\/\/[^\s]+$/.test(url));
