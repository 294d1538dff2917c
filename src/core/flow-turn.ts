/**
 * Interprets a declared flow: a state and a message in, what to say and the next state out. Pure. Whatever is written, the flow
 * ends or stands at one of its steps, and a person can be asked for at any of them.
 */
import type { Content } from "./content.ts";
import {
  type FlowCondition,
  type FlowDefinition,
  type FlowFact,
  type FlowFinish,
  type FlowMark,
  type FlowStep,
  type FlowText,
  fillPlaces,
} from "./flow.ts";
import { type FlowAnswerInput, readAnswer } from "./flow-answer.ts";
import { wantsPerson } from "./handoff.ts";
import { type Locale, nearestLocale } from "./language.ts";
import { phrases } from "./phrases.ts";
import { PERSON_VALUE } from "./skill.ts";
import { DEFAULT_TONE, type Tone, toneFor } from "./tone.ts";

export type FlowFacts = Readonly<Partial<Record<FlowFact, string | number | boolean>>>;

export interface FlowState {
  readonly run: string;
  readonly step: string;
  readonly slots: Readonly<Record<string, string>>;
  /** Wrong answers at this step. */
  readonly tries: number;
  /** Questions asked so far: a flow that leads back to itself ends with a person. */
  readonly turns: number;
}

export interface FlowTurn extends Pick<FlowAnswerInput, "text" | "now" | "timeZone" | "fits"> {
  readonly value?: string;
  readonly locale: string;
  readonly facts: FlowFacts;
  readonly tone?: Tone;
}

export type FlowMove = { readonly marks: readonly FlowMark[]; readonly slots: FlowState["slots"] } & (
  | { readonly kind: "ask"; readonly contents: readonly Content[]; readonly state: FlowState }
  /** Not an answer; asked again. Another decider may have something better to say first. */
  | { readonly kind: "ask-again"; readonly contents: readonly Content[]; readonly state: FlowState }
  | { readonly kind: "finish"; readonly finish: FlowFinish }
  /** Wanted, or answered wrongly too often. */
  | { readonly kind: "person"; readonly wanted: boolean }
  | { readonly kind: "cancelled"; readonly contents: readonly Content[] }
);

const MOST_TURNS = 50;

export function beginFlow(flow: FlowDefinition, run: string, turn: FlowTurn): FlowMove {
  // The number is often in the question already: "return order 20881234 please".
  const slots: Record<string, string> = {};
  for (const step of flow.steps) {
    if (step.validate.kind !== "order-number" || slots[step.slot] !== undefined) continue;
    const named = readAnswer(step, answerInput(flow, step, turn));
    if (named !== undefined) slots[step.slot] = named;
  }
  return enter(flow, { place: 0, slots, run, turns: 0, given: new Set(Object.keys(slots)) }, turn);
}

/** Undefined: the state is of no step the flow has now; a merchant changed it meanwhile. */
export function stepFlow(flow: FlowDefinition, state: FlowState, turn: FlowTurn): FlowMove | undefined {
  const place = flow.steps.findIndex(({ id }) => id === state.step);
  const step = flow.steps[place];
  if (step === undefined) return undefined;
  const mark = (outcome: FlowMark["outcome"]): FlowMark => ({
    flowId: flow.id,
    run: state.run,
    step: step.id,
    outcome,
  });
  const { slots } = state;
  if (turn.value === PERSON_VALUE || wantsPerson(turn.text))
    return { kind: "person", wanted: true, slots, marks: [mark("person")] };
  const answer = readAnswer(step, answerInput(flow, step, turn));
  // A choice that is labelled "cancel" is a choice.
  if (answer === undefined || step.validate.kind === "text") {
    if (isCancel(turn)) {
      const contents = [text(lines(turn).flowCancelled)];
      return { kind: "cancelled", contents, slots, marks: [mark("cancelled")] };
    }
  }
  if (answer !== undefined) {
    const filled = { ...slots, [step.slot]: answer };
    const moved = follow(flow, place, { slots: filled, run: state.run, turns: state.turns, given: new Set() }, turn);
    return { ...moved, marks: [mark("passed"), ...moved.marks] };
  }
  // A button of a question asked before says nothing of this one.
  const stale = turn.value?.startsWith(CHOICE_VALUE) === true;
  const tries = state.tries + (stale ? 0 : 1);
  if (tries > step.retries) return { kind: "person", wanted: false, slots, marks: [mark("failed"), mark("person")] };
  return {
    kind: "ask-again",
    contents: askAgain(flow, step, slots, turn),
    state: { ...state, tries },
    slots,
    marks: stale ? [] : [mark("failed")],
  };
}

/** The question of a state once more, after something else was answered. */
export function repeatQuestion(flow: FlowDefinition, state: FlowState, turn: FlowTurn): readonly Content[] {
  const step = flow.steps.find(({ id }) => id === state.step);
  return step === undefined ? [] : ask(flow, step, state.slots, turn);
}

interface Walk {
  readonly slots: Readonly<Record<string, string>>;
  readonly run: string;
  readonly turns: number;
  /** Slots filled before their step was asked. */
  readonly given: ReadonlySet<string>;
}

/** Goes to a step, past those to be skipped, and asks. */
function enter(flow: FlowDefinition, walk: Walk & { readonly place: number }, turn: FlowTurn): FlowMove {
  const seen = new Set<number>();
  let { place } = walk;
  for (;;) {
    const step = flow.steps[place];
    if (step === undefined) return { kind: "finish", finish: flow.finish, slots: walk.slots, marks: [] };
    const skipped = walk.given.has(step.slot) || (step.skip !== undefined && holds(step.skip, walk.slots, turn.facts));
    if (!skipped) return asked(flow, step, walk, turn);
    // Round in a circle of skipped steps: nobody can answer what is never asked.
    if (seen.has(place)) return { kind: "person", wanted: false, slots: walk.slots, marks: [] };
    seen.add(place);
    const to = target(flow, place, walk.slots, turn.facts);
    if (typeof to !== "number") return { kind: "finish", finish: to, slots: walk.slots, marks: [] };
    place = to;
  }
}

function asked(flow: FlowDefinition, step: FlowStep, walk: Walk, turn: FlowTurn): FlowMove {
  const { run, slots, turns } = walk;
  const mark = (outcome: FlowMark["outcome"]): FlowMark => ({ flowId: flow.id, run, step: step.id, outcome });
  if (turns >= MOST_TURNS) return { kind: "person", wanted: false, slots, marks: [mark("entered"), mark("person")] };
  return {
    kind: "ask",
    contents: ask(flow, step, slots, turn),
    state: { run, step: step.id, slots, tries: 0, turns: turns + 1 },
    slots,
    marks: [mark("entered")],
  };
}

function follow(flow: FlowDefinition, place: number, walk: Walk, turn: FlowTurn): FlowMove {
  const to = target(flow, place, walk.slots, turn.facts);
  if (typeof to !== "number") return { kind: "finish", finish: to, slots: walk.slots, marks: [] };
  // What was given in the first words is not asked for.
  const ahead = flow.steps.slice(place + 1).map(({ slot }) => slot);
  if (to > place) {
    const given = new Set(ahead.filter((slot) => walk.slots[slot] !== undefined));
    return enter(flow, { ...walk, given, place: to }, turn);
  }
  // Led back, what was answered from there on is asked anew.
  const anew = new Set(flow.steps.slice(to).map(({ slot }) => slot));
  const slots = Object.fromEntries(Object.entries(walk.slots).filter(([slot]) => !anew.has(slot)));
  return enter(flow, { ...walk, slots, place: to }, turn);
}

/** The next step's place, or the end. */
function target(
  flow: FlowDefinition,
  place: number,
  slots: Walk["slots"],
  facts: FlowFacts,
): number | FlowDefinition["finish"] {
  const branch = flow.steps[place]?.next.find(({ when }) => when === undefined || holds(when, slots, facts));
  if (branch === undefined) return place + 1 < flow.steps.length ? place + 1 : flow.finish;
  if ("finish" in branch) return branch.finish;
  return flow.steps.findIndex(({ id }) => id === branch.to);
}

function holds(when: FlowCondition, slots: Walk["slots"], facts: FlowFacts): boolean {
  if ("fact" in when) {
    const fact = facts[when.fact];
    return fact !== undefined && when.in.some((one) => String(one) === String(fact));
  }
  const slot = slots[when.slot];
  return "in" in when ? slot !== undefined && when.in.includes(slot) : (slot !== undefined) === when.filled;
}

function ask(flow: FlowDefinition, step: FlowStep, slots: Walk["slots"], turn: FlowTurn): readonly Content[] {
  const words = say(step.ask, slots, turn);
  if (step.choices === undefined) return [text(words)];
  const choices = step.choices.map(({ value, label }) => ({
    label: say(label, slots, turn),
    value: `${choicePrefix(flow, step)}${value}`,
  }));
  return [{ type: "choices", text: words, choices: [...choices, { label: lines(turn).person, value: PERSON_VALUE }] }];
}

function askAgain(flow: FlowDefinition, step: FlowStep, slots: Walk["slots"], turn: FlowTurn): readonly Content[] {
  const wrong = step.invalid === undefined ? lines(turn).flowInvalid : say(step.invalid, slots, turn);
  const [question] = ask(flow, step, slots, turn);
  if (question?.type === "choices") return [{ ...question, text: `${wrong}\n${question.text}` }];
  return [
    {
      type: "choices",
      text: `${wrong}\n${say(step.ask, slots, turn)}`,
      choices: [
        { label: lines(turn).person, value: PERSON_VALUE },
        { label: lines(turn).cancel, value: CANCEL_VALUE },
      ],
    },
  ];
}

export const CANCEL_VALUE = "xiaoer:cancel";
const CHOICE_VALUE = "xiaoer:flow:";
const ORDER_VALUE = "order:";
const choicePrefix = (flow: FlowDefinition, step: FlowStep) => `${CHOICE_VALUE}${flow.id}:${step.id}:`;

function answerInput(flow: FlowDefinition, step: FlowStep, turn: FlowTurn): FlowAnswerInput {
  const prefix = choicePrefix(flow, step);
  const tapped = turn.value?.startsWith(prefix) === true ? turn.value.slice(prefix.length) : undefined;
  const stale = tapped === undefined && turn.value?.startsWith(CHOICE_VALUE) === true;
  const orderId = turn.value?.startsWith(ORDER_VALUE) === true ? turn.value.slice(ORDER_VALUE.length) : undefined;
  const { now, timeZone, fits } = turn;
  return {
    // The label of an old button is not what the contact says now.
    text: stale ? "" : turn.text,
    now,
    timeZone,
    fits,
    ...(tapped === undefined ? {} : { choice: tapped }),
    ...(orderId === undefined ? {} : { orderId }),
  };
}

const CANCEL_WORDS: ReadonlySet<string> = new Set(
  "取消 算了 不用了 不弄了 退出 结束 結束 cancel nevermind stop quit exit キャンセル やめる やめます 取り消し 中止".split(
    " ",
  ),
);

function isCancel({ text: words, value }: FlowTurn): boolean {
  const said = words
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, "");
  return value === CANCEL_VALUE || CANCEL_WORDS.has(said);
}

/** The nearest locale there is: its own, the other Chinese, English, any. */
export function localText(texts: FlowText, tag: string): string {
  const locale = nearestLocale(tag);
  const order: readonly Locale[] = [
    locale,
    ...(locale === "zh-TW" ? (["zh-CN"] as const) : locale === "zh-CN" ? (["zh-TW"] as const) : []),
    "en",
    "zh-CN",
    "zh-TW",
    "ja",
  ];
  return order.map((one) => texts[one]).find((one) => one !== undefined) ?? "";
}

/** A text of the flow as a contact reads it. */
export function say(texts: FlowText, slots: Walk["slots"], turn: Pick<FlowTurn, "locale" | "tone">): string {
  const tone = turn.tone ?? toneFor(DEFAULT_TONE, turn);
  const values = Object.fromEntries(Object.entries(slots).map(([slot, filled]) => [`slots.${slot}`, filled]));
  return fillPlaces(localText(texts, turn.locale), {
    ...values,
    "tone.greeting": tone.greeting,
    "tone.you": tone.you,
  });
}

const lines = ({ locale, tone }: Pick<FlowTurn, "locale" | "tone">) => phrases(locale, tone);
const text = (words: string): Content => ({ type: "text", text: words });
