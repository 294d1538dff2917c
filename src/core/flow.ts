/** A flow: questions asked one after the other, declared as data. `flow-turn.ts` interprets it. */
import { z } from "zod";
import { LOCALES } from "./language.ts";
import { cleanText } from "./text.ts";

const words = (max: number) => z.string().max(max).transform(cleanText).pipe(z.string().min(1));
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,49}$/, "lower-case letters, digits and hyphens, beginning with a letter");

/** A line in one locale or several; the nearest one is said. */
const localized = (max: number) =>
  z
    .partialRecord(z.enum(LOCALES), words(max))
    .refine((texts) => Object.keys(texts).length > 0, "a text in at least one locale");
const titled = z.strictObject({ zh: words(100), en: words(100) });

const validation = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("order-number") }),
  /** A phone number; with `last`, its last digits are enough. */
  z.strictObject({ kind: z.literal("phone"), last: z.number().int().min(3).max(8).optional() }),
  z.strictObject({ kind: z.literal("choice") }),
  z.strictObject({
    kind: z.literal("text"),
    min: z.number().int().min(1).max(500).optional(),
    max: z.number().int().min(1).max(500).optional(),
  }),
  /** A day, by the shop's calendar. */
  z.strictObject({ kind: z.literal("date"), when: z.enum(["any", "past", "future"]).optional() }),
  z.strictObject({ kind: z.literal("number"), min: z.number().int().optional(), max: z.number().int().optional() }),
  /** RE2, of the whole answer. */
  z.strictObject({ kind: z.literal("pattern"), pattern: words(200) }),
]);

/** What flows may ask of the facts: each is `undefined` where it is not known, and then no condition on it holds. */
export const FLOW_FACTS = ["contact.verified", "contact.vip", "contact.tier", "order.status", "order.count"] as const;
export type FlowFact = (typeof FLOW_FACTS)[number];

const value = z.union([z.string().max(200), z.number(), z.boolean()]);
const condition = z.union([
  z.strictObject({ slot: name, in: z.array(z.string().max(200)).min(1).max(50) }),
  z.strictObject({ slot: name, filled: z.boolean() }),
  z.strictObject({ fact: z.enum(FLOW_FACTS), in: z.array(value).min(1).max(50) }),
]);

const finish = z.union([
  z.strictObject({ skill: z.string().min(1).max(100) }),
  z.strictObject({ article: z.string().min(1).max(200) }),
  z.strictObject({ handoff: z.strictObject({ group: words(50), text: localized(2000).optional() }) }),
  z.strictObject({ message: localized(2000) }),
]);

/** Where it goes on from a step: the first branch whose condition holds, else the step below. */
const branch = z.union([
  z.strictObject({ when: condition.optional(), to: name }),
  z.strictObject({ when: condition.optional(), finish }),
]);

const step = z.strictObject({
  id: name,
  slot: name,
  ask: localized(2000),
  /** Said instead of a general "please check" before the question is asked again. */
  invalid: localized(500).optional(),
  choices: z
    .array(z.strictObject({ value: z.string().min(1).max(100), label: localized(60) }))
    .min(1)
    .max(10)
    .optional(),
  validate: validation,
  /** Times an answer may be wrong before a person takes over. */
  retries: z.number().int().min(0).max(9).default(2),
  /** The step is passed over while this holds. */
  skip: condition.optional(),
  next: z.array(branch).max(20).default([]),
});

const shape = z.strictObject({
  id: name,
  title: titled,
  steps: z.array(step).min(1).max(30),
  finish,
  /** Silence after which the flow is forgotten. */
  timeoutMinutes: z
    .number()
    .int()
    .min(1)
    .max(24 * 60)
    .default(30),
});

export type FlowDefinition = z.output<typeof shape>;
export type FlowStep = FlowDefinition["steps"][number];
export type FlowFinish = z.output<typeof finish>;
export type FlowCondition = z.output<typeof condition>;
export type FlowText = z.output<ReturnType<typeof localized>>;

/** What is wrong across the parts of a flow, with its place. */
export const flowSchema = shape.superRefine((flow, context) => {
  const add = (path: (string | number)[], message: string) => context.addIssue({ code: "custom", path, message });
  const ids = flow.steps.map(({ id }) => id);
  const slots = new Set(flow.steps.map(({ slot }) => slot));
  const checkCondition = (when: FlowCondition | undefined, path: (string | number)[]) => {
    if (when !== undefined && "slot" in when && !slots.has(when.slot))
      add([...path, "slot"], `no step fills ${when.slot}`);
  };
  const checkText = (texts: FlowText | undefined, path: (string | number)[]) => {
    for (const [locale, text] of Object.entries(texts ?? {}))
      for (const used of placesIn(text ?? ""))
        if (!(used.startsWith("slots.") ? slots.has(used.slice(6)) : TONE_PLACES.has(used)))
          add([...path, locale], `{{ ${used} }} is none of the flow's slots`);
  };
  const checkFinish = (end: FlowFinish, path: (string | number)[]) => {
    if ("message" in end) checkText(end.message, [...path, "message"]);
    if ("handoff" in end) checkText(end.handoff.text, [...path, "handoff", "text"]);
  };
  flow.steps.forEach((one, at) => {
    const path = ["steps", at];
    if (ids.indexOf(one.id) !== at) add([...path, "id"], `two steps are called ${one.id}`);
    if (one.validate.kind === "choice" && one.choices === undefined)
      add([...path, "choices"], "a choice needs choices");
    if (one.validate.kind !== "choice" && one.choices !== undefined)
      add([...path, "choices"], "only a step that validates a choice has choices");
    const values = one.choices?.map((choice) => choice.value) ?? [];
    if (new Set(values).size < values.length) add([...path, "choices"], "two choices have one value");
    for (const [place, { label }] of (one.choices ?? []).entries())
      checkText(label, [...path, "choices", place, "label"]);
    checkText(one.ask, [...path, "ask"]);
    checkText(one.invalid, [...path, "invalid"]);
    checkCondition(one.skip, [...path, "skip"]);
    one.next.forEach((to, place) => {
      const there = [...path, "next", place];
      checkCondition(to.when, [...there, "when"]);
      if ("finish" in to) checkFinish(to.finish, [...there, "finish"]);
      else if (!ids.includes(to.to)) add([...there, "to"], `there is no step ${to.to}`);
    });
  });
  checkFinish(flow.finish, ["finish"]);
});

const PLACE = /\{\{\s*([\w.-]+)\s*\}\}/g;
const TONE_PLACES: ReadonlySet<string> = new Set(["tone.greeting", "tone.you"]);
const placesIn = (text: string) => [...text.matchAll(PLACE)].map((found) => found[1] ?? "");

/** Fills `{{ slots.order }}` and `{{ tone.greeting }}`; what is not known is left out. */
export function fillPlaces(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(PLACE, (_, place: string) => values[place] ?? "");
}

/** The facts a flow's conditions ask for, so that only those are fetched. */
export function factsOf(flow: FlowDefinition): ReadonlySet<FlowFact> {
  const asked = flow.steps.flatMap((one) => [one.skip, ...one.next.map((to) => to.when)]);
  return new Set(asked.flatMap((when) => (when !== undefined && "fact" in when ? [when.fact] : [])));
}

/** How articles name a flow: `skill: "flow:return-guide"`. */
const FLOW_SKILL = "flow:";
export const flowSkill = (id: string): string => `${FLOW_SKILL}${id}`;
export const flowIdOf = (skill: string | undefined): string | undefined =>
  skill?.startsWith(FLOW_SKILL) === true ? skill.slice(FLOW_SKILL.length) : undefined;

export type FlowOutcome = "entered" | "passed" | "failed" | "person" | "cancelled";

/** One thing that happened at a step; written with the message that caused it, so it counts once. */
export interface FlowMark {
  readonly flowId: string;
  /** One run of the flow with one contact. */
  readonly run: string;
  readonly step: string;
  readonly outcome: FlowOutcome;
}

/** What became of those who were asked a step. */
export interface StepFigures {
  readonly step: string;
  readonly entered: number;
  readonly passed: number;
  /** Answers that were not valid; one run may fail several times. */
  readonly failed: number;
  readonly person: number;
  readonly cancelled: number;
  /** Asked here last, and silent since. */
  readonly abandoned: number;
}
