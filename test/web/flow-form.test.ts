/** The desk's form of a flow: nothing is lost on the way through it, and what is wrong is found where it is. */
import { expect, it } from "vitest";
import type { z } from "zod";
import { flowSchema } from "../../src/core/flow.ts";
import { askOrderNumber } from "../../src/skills/flows/ask-order-number.ts";
import { returnGuideFlow } from "../../src/skills/flows/return-guide.ts";
import { ALWAYS } from "../../web/desk/src/flows/condition-draft.ts";
import { faultsOf } from "../../web/desk/src/flows/flow-check.ts";
import {
  type BranchDraft,
  type FlowDraft,
  fromDraft,
  NO_END,
  type StepDraft,
  toDraft,
} from "../../web/desk/src/flows/flow-draft.ts";

const rich: z.input<typeof flowSchema> = {
  id: "rich",
  title: { zh: "全", en: "All" },
  timeoutMinutes: 9,
  steps: [
    {
      id: "count",
      slot: "count",
      ask: { "zh-TW": "幾件？", ja: "いくつですか。" },
      invalid: { ja: "数字でお願いします。" },
      validate: { kind: "number", min: -3, max: 4 },
      retries: 0,
      skip: { slot: "day", filled: false },
      next: [
        { when: { fact: "contact.vip", in: [true] }, finish: { handoff: { group: "general" } } },
        { when: { fact: "order.count", in: [0, 2] }, to: "colour" },
        { when: { slot: "count", in: ["3", "4"] }, finish: { skill: "order-status" } },
      ],
    },
    {
      id: "day",
      slot: "day",
      ask: { en: "When?" },
      validate: { kind: "date", when: "past" },
      next: [{ when: { slot: "count", filled: true }, finish: { article: "ship-time.zh-CN" } }],
    },
    {
      id: "colour",
      slot: "day",
      ask: { en: "{{ tone.you }}: {{ slots.count }}?" },
      validate: { kind: "choice" },
      choices: [{ value: "red", label: { ja: "赤" } }],
      next: [{ to: "count" }],
    },
  ],
  finish: { message: { ja: "どうも。" } },
};

const draftOf = (flow: z.input<typeof flowSchema>): FlowDraft =>
  toDraft({ ...flowSchema.parse(flow), origin: "own", version: 1 });

it.each([
  ["ask-order-number", askOrderNumber],
  ["return-guide", returnGuideFlow],
  ["one with everything", rich],
])("leaves a flow as it came: %s", (_name, flow) => {
  const { id, ...rest } = flowSchema.parse(flow);
  expect(flowSchema.parse({ id, ...fromDraft(draftOf(flow)) })).toEqual({ id, ...rest });
  expect(faultsOf(draftOf(flow)).filter(({ mild }) => mild !== true)).toEqual([]);
});

const found = (change: (steps: readonly StepDraft[]) => readonly StepDraft[]) => {
  const draft = draftOf(rich);
  return faultsOf({ ...draft, steps: change(draft.steps) }).map(({ path, key }) => `${path} ${key}`);
};
const edit = (place: number, part: Partial<StepDraft>) => (steps: readonly StepDraft[]) =>
  steps.map((step, at) => (at === place ? { ...step, ...part } : step));

/** Whatever was answered. */
const ends: BranchDraft = { key: "ends", when: ALWAYS, to: undefined, end: NO_END };

it.each<[string, (steps: readonly StepDraft[]) => readonly StepDraft[], string]>([
  ["a step that is no more", (steps) => steps.slice(0, 2), "steps.0.next.1.to flow.fault.goneStep"],
  ["an id twice", edit(1, { id: "count" }), "steps.1.id flow.fault.sameId"],
  ["an id of other letters", edit(1, { id: "Tag" }), "steps.1.id flow.fault.name"],
  ["no question", edit(1, { ask: { zh: " ", en: "", others: {} } }), "steps.1.ask flow.fault.noText"],
  [
    "an answer nobody gives",
    edit(1, { ask: { zh: "{{ slots.size }}", en: "", others: {} } }),
    "steps.1.ask.zh-CN flow.fault.place",
  ],
  ["bounds that cross", edit(0, { min: "5" }), "steps.0.validate.max flow.fault.crossed"],
  ["no choice", edit(2, { choices: [] }), "steps.2.choices flow.fault.noChoice"],
  ["too many tries", edit(0, { retries: "10" }), "steps.0.retries form.wholeNumber"],
  ["a step nothing leads to", edit(0, { branches: [ends] }), "steps.1 flow.fault.unreachable"],
  [
    "a branch nothing leads to",
    edit(0, { branches: [ends, { ...ends, key: "again" }] }),
    "steps.0.next.1 flow.fault.neverBranch",
  ],
])("finds %s", (_name, change, fault) => {
  expect(found(change)).toContain(fault);
});

it("finds nothing to say of a circle that can be left, and says where one cannot", () => {
  expect(faultsOf(draftOf(rich))).toEqual([]);
  // Every way out of the circle is gone: the last step leads back, and nothing else ends.
  const stuck = found((steps) =>
    steps.map((step) => ({ ...step, branches: step.branches.filter(({ to }) => to !== undefined) })),
  );
  expect(stuck).toEqual(["steps.0 flow.fault.endless", "steps.1 flow.fault.endless", "steps.2 flow.fault.endless"]);
});
