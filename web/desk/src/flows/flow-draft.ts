/** A flow as the form holds it: the languages of the page in fields of their own, the rest as it came. */
import type { FinishJson, FlowJson, FlowStepJson, Texts, ValidationKind } from "../api/flow-types.ts";

export interface StepDraft {
  /** For React: stays with the step wherever it moves. */
  readonly key: string;
  readonly id: string;
  readonly slot: string;
  readonly askZh: string;
  readonly askEn: string;
  readonly invalidZh: string;
  readonly invalidEn: string;
  readonly kind: ValidationKind;
  readonly pattern: string;
  readonly last: string;
  readonly choices: string;
  readonly retries: number;
  readonly branches: string;
  /** What the form does not show. */
  readonly step: FlowStepJson | undefined;
}

export interface FlowDraft {
  readonly titleZh: string;
  readonly titleEn: string;
  readonly timeoutMinutes: number;
  readonly steps: readonly StepDraft[];
  readonly finishKind: "message" | "skill" | "article" | "handoff";
  readonly finishValue: string;
  readonly finishZh: string;
  readonly finishEn: string;
}

let made = 0;
const nextKey = () => `step-${++made}`;

export function emptyStep(place: number): StepDraft {
  return {
    key: nextKey(),
    id: `step-${place}`,
    slot: `answer-${place}`,
    askZh: "",
    askEn: "",
    invalidZh: "",
    invalidEn: "",
    kind: "text",
    pattern: "",
    last: "",
    choices: "",
    retries: 2,
    branches: "",
    step: undefined,
  };
}

export function toDraft(flow: FlowJson): FlowDraft {
  const { finish } = flow;
  const texts = "message" in finish ? finish.message : "handoff" in finish ? finish.handoff.text : undefined;
  return {
    titleZh: flow.title.zh,
    titleEn: flow.title.en,
    timeoutMinutes: flow.timeoutMinutes,
    steps: flow.steps.map((step) => ({
      key: nextKey(),
      id: step.id,
      slot: step.slot,
      askZh: step.ask["zh-CN"] ?? "",
      askEn: step.ask.en ?? "",
      invalidZh: step.invalid?.["zh-CN"] ?? "",
      invalidEn: step.invalid?.en ?? "",
      kind: step.validate.kind,
      pattern: step.validate.pattern ?? "",
      last: step.validate.last === undefined ? "" : String(step.validate.last),
      choices: (step.choices ?? [])
        .map(({ value, label }) => [value, label["zh-CN"] ?? "", label.en ?? ""].join(" | "))
        .join("\n"),
      retries: step.retries,
      branches: step.next.length === 0 ? "" : JSON.stringify(step.next, null, 2),
      step,
    })),
    finishKind:
      "message" in finish ? "message" : "skill" in finish ? "skill" : "article" in finish ? "article" : "handoff",
    finishValue:
      "skill" in finish
        ? finish.skill
        : "article" in finish
          ? finish.article
          : "handoff" in finish
            ? finish.handoff.group
            : "",
    finishZh: texts?.["zh-CN"] ?? "",
    finishEn: texts?.en ?? "",
  };
}

/** @throws {SyntaxError} where a step's branches are not JSON */
export function fromDraft(draft: FlowDraft, before: FlowJson) {
  const texts =
    "message" in before.finish ? before.finish.message : "handoff" in before.finish ? before.finish.handoff.text : {};
  return {
    title: { zh: draft.titleZh.trim(), en: draft.titleEn.trim() },
    timeoutMinutes: draft.timeoutMinutes,
    steps: draft.steps.map(toStep),
    finish: toFinish(draft, withLanguages(texts, draft.finishZh, draft.finishEn)),
  };
}

function toStep(draft: StepDraft) {
  const { step } = draft;
  const same = step?.validate.kind === draft.kind ? step.validate : {};
  const { pattern: _pattern, last: _last, ...kept } = { pattern: "", last: 0, ...same };
  const invalid = withLanguages(step?.invalid, draft.invalidZh, draft.invalidEn);
  const choices = draft.choices
    .split("\n")
    .map((line) => line.split("|").map((part) => part.trim()))
    .filter(([value]) => value !== undefined && value !== "");
  return {
    id: draft.id.trim(),
    slot: draft.slot.trim(),
    ask: withLanguages(step?.ask, draft.askZh, draft.askEn),
    ...(Object.keys(invalid).length > 0 && { invalid }),
    ...(draft.kind === "choice" && {
      choices: choices.map(([value = "", zh = "", en = ""]) => ({
        value,
        label: withLanguages(step?.choices?.find((choice) => choice.value === value)?.label, zh || value, en),
      })),
    }),
    validate: {
      ...kept,
      kind: draft.kind,
      ...(draft.kind === "pattern" && { pattern: draft.pattern }),
      ...(draft.kind === "phone" && draft.last !== "" && { last: Number(draft.last) }),
    },
    retries: draft.retries,
    ...(step?.skip !== undefined && { skip: step.skip }),
    next: draft.branches.trim() === "" ? [] : (JSON.parse(draft.branches) as unknown[]),
  };
}

function toFinish({ finishKind, finishValue }: FlowDraft, texts: Texts): FinishJson {
  const value = finishValue.trim();
  switch (finishKind) {
    case "message":
      return { message: texts };
    case "skill":
      return { skill: value };
    case "article":
      return { article: value };
    case "handoff":
      return { handoff: { group: value, ...(Object.keys(texts).length > 0 && { text: texts }) } };
  }
}

/** The two languages of the form over the others, which stay. */
function withLanguages(before: Texts | undefined, zh: string, en: string): Texts {
  const { "zh-CN": _zh, en: _en, ...others } = before ?? {};
  return { ...others, ...(zh.trim() && { "zh-CN": zh }), ...(en.trim() && { en }) };
}
