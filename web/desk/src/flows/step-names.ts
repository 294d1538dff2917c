import type { Fact } from "../api/flow-types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { usePreferences } from "../preferences.ts";
import type { ConditionDraft } from "./condition-draft.ts";
import type { EndDraft, StepDraft, TextDraft } from "./flow-draft.ts";

/** In characters as wide as a Chinese one. */
const LONGEST = 18;

/** What the parts of a flow are called to the people who make it. */
export function useStepNames(steps: readonly StepDraft[]) {
  const t = useT();
  const { language } = usePreferences();
  const said = ({ zh, en }: TextDraft) => (language === "zh" ? zh || en : en || zh);
  const short = (text: string) => {
    const line = text
      .replace(/\{\{\s*tone\.[^}]*\}\}/g, "")
      .replace(/\{\{[^}]*\}\}/g, "…")
      .trim();
    const most = /\p{Script=Han}/u.test(line) ? LONGEST : 2 * LONGEST;
    return line.length > most ? `${line.slice(0, most)}…` : line;
  };
  const placeOf = (key: string) => steps.findIndex((step) => step.key === key);
  const nameOf = (key: string) => {
    const place = placeOf(key);
    const step = steps[place];
    if (step === undefined) return t("flow.fault.goneStep");
    return [t("flow.step", { n: place + 1 }), short(said(step.ask)) || step.id].join(" · ");
  };
  const answerOf = (key: string) => {
    const place = placeOf(key);
    const step = steps[place];
    return step === undefined
      ? t("flow.fault.goneAnswer")
      : [t("flow.answerOf", { n: place + 1 }), short(said(step.ask)) || step.slot].join(" · ");
  };
  const choiceOf = (asked: StepDraft | undefined, value: string) => {
    const choice = asked?.choices.find((one) => one.value.trim() === value);
    return (choice && said(choice.label)) || value;
  };
  const factOf = (fact: Fact, value: string) => codeWords(t, fact === "order.status" ? "order" : "flow.yesno", value);
  const conditionOf = ({ of, test, values }: ConditionDraft) => {
    if (of.kind === "always") return t("flow.otherwise");
    const asked = of.kind === "answer" ? steps[placeOf(of.step)] : undefined;
    const whose =
      of.kind === "fact"
        ? t(`flow.fact.${of.fact}`)
        : placeOf(of.step) === -1
          ? t("flow.fault.goneAnswer")
          : t("flow.answerOf", { n: placeOf(of.step) + 1 });
    if (of.kind === "answer" && test !== "in") return `${whose} ${t(`flow.test.${test}`)}`;
    const words = values
      .filter((value) => value !== "")
      .map((value) => (of.kind === "fact" ? factOf(of.fact, value) : choiceOf(asked, value)));
    const what = words.join(t("flow.or")) || "?";
    return of.kind === "fact" ? `${whose}${t("flow.colon")}${what}` : `${whose} ${t("flow.is")} ${what}`;
  };
  const endOf = ({ kind, value, text }: EndDraft) => {
    const what =
      kind === "message"
        ? short(said(text))
        : kind === "skill"
          ? codeWords(t, "flow.skill", value)
          : kind === "handoff"
            ? codeWords(t, "group", value)
            : value;
    return `${t(`flow.finish.${kind}`)}${what === "" ? "" : ` · ${what}`}`;
  };
  return { nameOf, answerOf, choiceOf, factOf, conditionOf, endOf };
}
