/**
 * A flow as the form holds it: the languages of the page in fields of their own, the rest as it came. Steps are named by a key
 * that stays, so that conditions and branches follow a step that moves or gets another id.
 */
import type { FinishJson, FlowJson, FlowStepJson, Texts, ValidationKind } from "../api/flow-types.ts";
import { ALWAYS, type ConditionDraft, conditionOf, fromCondition } from "./condition-draft.ts";

/** A text in the two languages of the form; the others stay as they came. */
export interface TextDraft {
  readonly zh: string;
  readonly en: string;
  readonly others: Texts;
}

export const END_KINDS = ["message", "skill", "article", "handoff"] as const;
export type EndKind = (typeof END_KINDS)[number];
export interface EndDraft {
  readonly kind: EndKind;
  /** The skill, the article or the group. */
  readonly value: string;
  readonly text: TextDraft;
}

export interface BranchDraft {
  readonly key: string;
  readonly when: ConditionDraft;
  /** A step's key; absent: it ends. */
  readonly to: string | undefined;
  readonly end: EndDraft;
}

export interface ChoiceDraft {
  readonly key: string;
  readonly value: string;
  readonly label: TextDraft;
}

export interface StepDraft {
  readonly key: string;
  readonly id: string;
  readonly slot: string;
  readonly ask: TextDraft;
  readonly invalid: TextDraft;
  readonly kind: ValidationKind;
  readonly pattern: string;
  readonly last: string;
  readonly min: string;
  readonly max: string;
  readonly when: "any" | "past" | "future";
  readonly choices: readonly ChoiceDraft[];
  readonly retries: string;
  readonly skip: ConditionDraft;
  readonly branches: readonly BranchDraft[];
}

export interface FlowDraft {
  readonly titleZh: string;
  readonly titleEn: string;
  readonly timeoutMinutes: string;
  readonly steps: readonly StepDraft[];
  readonly end: EndDraft;
}

let made = 0;
export const nextKey = (): string => `k${++made}`;

const toText = (texts: Texts = {}): TextDraft => {
  const { "zh-CN": zh = "", en = "", ...others } = texts;
  return { zh, en, others };
};
const NO_TEXT = toText();
export const NO_END: EndDraft = { kind: "message", value: "", text: NO_TEXT };

export const emptyChoice = (): ChoiceDraft => ({ key: nextKey(), value: "", label: NO_TEXT });

/** A step with an id no other has. */
export function emptyStep(steps: readonly StepDraft[]): StepDraft {
  let place = steps.length + 1;
  while (steps.some(({ id, slot }) => id === `step-${place}` || slot === `answer-${place}`)) place += 1;
  return {
    key: nextKey(),
    id: `step-${place}`,
    slot: `answer-${place}`,
    ask: NO_TEXT,
    invalid: NO_TEXT,
    kind: "text",
    pattern: "",
    last: "",
    min: "",
    max: "",
    when: "any",
    choices: [],
    retries: "2",
    skip: ALWAYS,
    branches: [],
  };
}

export function emptyBranch(step: StepDraft): BranchDraft {
  return {
    key: nextKey(),
    when: { of: { kind: "answer", step: step.key }, test: "in", values: [] },
    to: undefined,
    end: NO_END,
  };
}

export function toDraft(flow: FlowJson): FlowDraft {
  const keys = flow.steps.map(() => nextKey());
  const keyOf = (name: "id" | "slot", value: string) =>
    keys[flow.steps.findIndex((step) => step[name] === value)] ?? `gone ${value}`;
  return {
    titleZh: flow.title.zh,
    titleEn: flow.title.en,
    timeoutMinutes: String(flow.timeoutMinutes),
    steps: flow.steps.map((step, place) => toStepDraft(step, keys[place] ?? nextKey(), keyOf)),
    end: toEnd(flow.finish),
  };
}

type KeyOf = (name: "id" | "slot", value: string) => string;
const typed = (number: number | undefined) => (number === undefined ? "" : String(number));

function toStepDraft(step: FlowStepJson, key: string, keyOf: KeyOf): StepDraft {
  const { validate } = step;
  return {
    key,
    id: step.id,
    slot: step.slot,
    ask: toText(step.ask),
    invalid: toText(step.invalid),
    kind: validate.kind,
    pattern: validate.pattern ?? "",
    last: typed(validate.last),
    min: typed(validate.min),
    max: typed(validate.max),
    when: validate.when ?? "any",
    choices: (step.choices ?? []).map(({ value, label }) => ({ key: nextKey(), value, label: toText(label) })),
    retries: String(step.retries),
    skip: conditionOf(step.skip, (slot) => keyOf("slot", slot)),
    branches: step.next.map((branch) => ({
      key: nextKey(),
      when: conditionOf(branch.when, (slot) => keyOf("slot", slot)),
      to: "to" in branch ? keyOf("id", branch.to) : undefined,
      end: "finish" in branch ? toEnd(branch.finish) : NO_END,
    })),
  };
}

export function toEnd(finish: FinishJson): EndDraft {
  if ("message" in finish) return { kind: "message", value: "", text: toText(finish.message) };
  if ("skill" in finish) return { kind: "skill", value: finish.skill, text: NO_TEXT };
  if ("article" in finish) return { kind: "article", value: finish.article, text: NO_TEXT };
  return { kind: "handoff", value: finish.handoff.group, text: toText(finish.handoff.text) };
}

/** What the server is sent; whether it is right is for `flow-check.ts` and the server to say. */
export function fromDraft(draft: FlowDraft) {
  return {
    title: { zh: draft.titleZh.trim(), en: draft.titleEn.trim() },
    timeoutMinutes: Number(draft.timeoutMinutes),
    steps: draft.steps.map((step) => fromStep(step, draft.steps)),
    finish: fromEnd(draft.end),
  };
}
export type FlowBody = ReturnType<typeof fromDraft>;

function fromStep(step: StepDraft, steps: readonly StepDraft[]) {
  const invalid = fromText(step.invalid);
  const stepOf = (key: string) => steps.find((one) => one.key === key);
  const skip = fromCondition(step.skip, (key) => stepOf(key)?.slot);
  return {
    id: step.id.trim(),
    slot: step.slot.trim(),
    ask: fromText(step.ask),
    ...(Object.keys(invalid).length > 0 && { invalid }),
    ...(step.kind === "choice" && { choices: step.choices.map(fromChoice) }),
    validate: fromValidation(step),
    retries: Number(step.retries),
    ...(skip !== undefined && { skip }),
    next: step.branches.map(({ when: typedWhen, to, end }) => {
      const when = fromCondition(typedWhen, (key) => stepOf(key)?.slot);
      const target = to === undefined ? { finish: fromEnd(end) } : { to: stepOf(to)?.id.trim() ?? "" };
      return { ...(when !== undefined && { when }), ...target };
    }),
  };
}

/** What is only a label in Chinese or English is said in both; without any, the value is the label. */
function fromChoice({ value, label }: ChoiceDraft) {
  const texts = fromText(label);
  return { value: value.trim(), label: Object.keys(texts).length === 0 ? { "zh-CN": value.trim() } : texts };
}

function fromValidation({ kind, pattern, last, min, max, when }: StepDraft) {
  const bounds = { ...(min.trim() && { min: Number(min) }), ...(max.trim() && { max: Number(max) }) };
  return {
    kind,
    ...(kind === "pattern" && { pattern }),
    ...(kind === "phone" && last.trim() && { last: Number(last) }),
    ...((kind === "text" || kind === "number") && bounds),
    ...(kind === "date" && when !== "any" && { when }),
  };
}

function fromEnd({ kind, value, text }: EndDraft): FinishJson {
  const texts = fromText(text);
  switch (kind) {
    case "message":
      return { message: texts };
    case "skill":
      return { skill: value.trim() };
    case "article":
      return { article: value.trim() };
    case "handoff":
      return { handoff: { group: value.trim(), ...(Object.keys(texts).length > 0 && { text: texts }) } };
  }
}

function fromText({ zh, en, others }: TextDraft): Texts {
  return { ...others, ...(zh.trim() && { "zh-CN": zh }), ...(en.trim() && { en }) };
}
