import { useT } from "../i18n/index.ts";
import { Field } from "../ui/field.tsx";
import type { SectionProps } from "./shop-draft.ts";

const SCORES = [
  { name: "answerFrom", at: "thresholds.answer", title: "shop.answerFrom" },
  { name: "suggestFrom", at: "thresholds.suggest", title: "shop.suggestFrom" },
] as const;

/** From which score the bot answers, and from which it asks back; drawn as the stretch of scores each has. */
export function ScoreFields({ draft, set }: SectionProps) {
  const t = useT();
  const [answer, suggest] = [scoreOf(draft.answerFrom), scoreOf(draft.suggestFrom)];
  const drawn = answer !== undefined && suggest !== undefined && suggest <= answer;
  return (
    <fieldset className="wide scores">
      <legend>{t("shop.scores")}</legend>
      <p className="hint">{t("shop.scoresHint")}</p>
      <div className="score-inputs">
        {SCORES.map(({ name, at, title }) => (
          <Field key={name} title={t(title)} at={[at, "thresholds"]}>
            {(control) => (
              <input
                {...control}
                className="input"
                type="number"
                min={0}
                max={1}
                step={0.01}
                placeholder={t("shop.default")}
                value={draft[name]}
                onChange={(event) => set(name, event.target.value)}
              />
            )}
          </Field>
        ))}
      </div>
      {drawn && (
        <>
          <div
            className="score-line"
            aria-hidden
            style={{ "--suggest": suggest, "--answer": answer } as React.CSSProperties}
          >
            <i />
            <i />
            <i />
          </div>
          <p className="hint">{t("shop.scoresMean", { suggest: suggest.toFixed(2), answer: answer.toFixed(2) })}</p>
        </>
      )}
    </fieldset>
  );
}

function scoreOf(typed: string): number | undefined {
  const score = Number(typed);
  return typed.trim() === "" || !(score >= 0 && score <= 1) ? undefined : score;
}
