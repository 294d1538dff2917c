import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { FaultsAt, Field } from "../ui/field.tsx";
import { type ChoiceDraft, emptyChoice } from "./flow-draft.ts";
import { Mover, moved, useMovedFocus } from "./mover.tsx";

interface ChoicesProps {
  readonly at: string;
  readonly choices: readonly ChoiceDraft[];
  readonly onChange: (choices: readonly ChoiceDraft[]) => void;
}

/** As many as the server takes. */
const MOST = 10;

/** The buttons a shopper is offered; the value is what conditions ask about. */
export function Choices({ at, choices, onChange }: ChoicesProps) {
  const t = useT();
  const { list, follow } = useMovedFocus(".flow-choice");
  return (
    <div className="flow-choices flow-wide" ref={list}>
      <h3>{t("flow.choices")}</h3>
      <FaultsAt at={[at]} />
      {choices.map((choice, place) => {
        const name = t("flow.choice", { n: place + 1 });
        const line = (part: "value" | "zh" | "en") => (
          <Field
            title={t(`flow.choice.${part}`)}
            at={
              part === "value" ? [`${at}.${place}.value`] : [`${at}.${place}.label.${part === "zh" ? "zh-CN" : "en"}`]
            }
          >
            {(control) => (
              <input
                {...control}
                className="input"
                maxLength={part === "value" ? 100 : 60}
                placeholder={part === "zh" ? choice.value : undefined}
                value={part === "value" ? choice.value : choice.label[part]}
                onChange={({ target: { value } }) =>
                  onChange(
                    choices.with(
                      place,
                      part === "value"
                        ? { ...choice, value }
                        : { ...choice, label: { ...choice.label, [part]: value } },
                    ),
                  )
                }
              />
            )}
          </Field>
        );
        return (
          <fieldset key={choice.key} className="flow-choice">
            <legend className="sr">{name}</legend>
            {line("zh")}
            {line("en")}
            {line("value")}
            <div className="row">
              <Mover
                place={place}
                count={choices.length}
                name={name}
                needed
                onMove={(by) => {
                  onChange(moved(choices, place, by));
                  follow(place + by, by);
                }}
                onRemove={() => onChange(choices.toSpliced(place, 1))}
              />
            </div>
          </fieldset>
        );
      })}
      <Button small icon="plus" disabled={choices.length >= MOST} onClick={() => onChange([...choices, emptyChoice()])}>
        {t("flow.addChoice")}
      </Button>
    </div>
  );
}
