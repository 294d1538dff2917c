import { array, assert, constantFrom, oneof, property, record, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { type FlowDefinition, factsOf, flowSchema } from "../../src/core/flow.ts";
import { readAnswer } from "../../src/core/flow-answer.ts";
import { beginFlow, type FlowMove, type FlowTurn, repeatQuestion, stepFlow } from "../../src/core/flow-turn.ts";
import { LOCALES } from "../../src/core/language.ts";
import { builtInFlows } from "../../src/skills/flows/index.ts";
import { aFlow } from "../support/builders.ts";

const NOW = Date.parse("2026-06-15T05:40:00.000Z");
const turn = (text: string, part: Partial<FlowTurn> = {}): FlowTurn => ({
  text,
  locale: "zh-CN",
  timeZone: "Asia/Shanghai",
  now: NOW,
  facts: {},
  fits: (pattern, whole) => new RegExp(`^(?:${pattern})$`, "i").test(whole),
  ...part,
});

/** Says one thing after the other; whoever is not asked any more is not heard. */
function play(flow: FlowDefinition, texts: readonly (string | Partial<FlowTurn>)[], facts: FlowTurn["facts"] = {}) {
  const moves: FlowMove[] = [beginFlow(flow, "r", turn("", { facts }))];
  for (const text of texts) {
    const last = moves.at(-1);
    if (last?.kind !== "ask" && last?.kind !== "ask-again") break;
    const said = typeof text === "string" ? turn(text, { facts }) : turn("", { facts, ...text });
    const next = stepFlow(flow, last.state, said);
    if (next === undefined) throw new Error("The flow lost its step.");
    moves.push(next);
  }
  return moves;
}
const last = (moves: readonly FlowMove[]) => moves.at(-1) as FlowMove;
const said = (move: FlowMove) => ("contents" in move ? JSON.stringify(move.contents) : "");
const marksOf = (moves: readonly FlowMove[]) =>
  moves.flatMap(({ marks }) => marks.map(({ step, outcome }) => `${step} ${outcome}`));

describe("a flow", () => {
  it("asks step by step, keeps what it is told, and ends", () => {
    const moves = play(aFlow(), ["X1", "20881234"]);
    expect(last(moves)).toMatchObject({ kind: "finish", slots: { model: "X1", order: "20881234" } });
    expect(marksOf(moves)).toEqual(["model entered", "model passed", "order entered", "order passed"]);
  });
  it("asks again after a wrong answer, and gives to a person after too many", () => {
    const moves = play(aFlow(), ["X1", "不知道呀", "真的不知道", "不记得了"]);
    expect(moves.map(({ kind }) => kind)).toEqual(["ask", "ask", "ask-again", "ask-again", "person"]);
    expect(said(moves[2] as FlowMove)).toContain("订单号？");
    expect(said(moves[2] as FlowMove)).toContain("xiaoer:person");
    expect(marksOf(moves).slice(3)).toEqual(["order failed", "order failed", "order failed", "order person"]);
  });
  it.each(["转人工", "我要找真人客服", "talk to a human", "担当者につないで"])(
    "lets one out to a person: %s",
    (words) => {
      expect(last(play(aFlow(), [words]))).toMatchObject({ kind: "person", wanted: true });
    },
  );
  it.each(["取消", "算了。", "Never mind", "やめる"])("is called off by: %s", (words) => {
    expect(last(play(aFlow(), ["X1", words]))).toMatchObject({ kind: "cancelled" });
    expect(last(play(aFlow(), [words])).kind).toBe("cancelled");
  });
  it("takes an order number that was in the first words already", () => {
    const move = beginFlow(aFlow(), "r", turn("订单 20881234 要报修"));
    expect(move).toMatchObject({ kind: "ask", slots: { order: "20881234" } });
    const end = move.kind === "ask" ? stepFlow(aFlow(), move.state, turn("X1")) : undefined;
    expect(end).toMatchObject({ kind: "finish", slots: { model: "X1", order: "20881234" } });
  });
  it("is forgotten where a merchant took its step away", () => {
    const state = { run: "r", step: "gone", slots: {}, tries: 0, turns: 1 };
    expect(stepFlow(aFlow(), state, turn("X1"))).toBeUndefined();
    expect(repeatQuestion(aFlow(), state, turn(""))).toEqual([]);
  });
});

const choosing = aFlow({
  steps: [
    {
      id: "kind",
      slot: "kind",
      ask: { en: "Which?" },
      choices: [
        { value: "a", label: { en: "Apples" } },
        { value: "b", label: { en: "Stop" } },
      ],
      validate: { kind: "choice" },
      next: [
        { when: { slot: "kind", in: ["b"] }, finish: { message: { en: "B it is." } } },
        { when: { fact: "contact.tier", in: ["Gold"] }, to: "sure" },
      ],
    },
    { id: "why", slot: "why", ask: { en: "Why?" }, validate: { kind: "text" }, next: [{ to: "sure" }] },
    {
      id: "sure",
      slot: "sure",
      ask: { en: "Sure?" },
      choices: [
        { value: "yes", label: { en: "Yes" } },
        { value: "no", label: { en: "No, again" } },
      ],
      validate: { kind: "choice" },
      next: [{ when: { slot: "sure", in: ["no"] }, to: "kind" }],
    },
  ],
});

describe("branches", () => {
  it("go by what was chosen: a tap, a number or the words", () => {
    for (const text of ["2", "stop", " STOP! "]) {
      expect(last(play(choosing, [text]))).toMatchObject({ kind: "finish", finish: { message: { en: "B it is." } } });
    }
    expect(last(play(choosing, [{ value: "xiaoer:flow:aid:kind:b" }]))).toMatchObject({ kind: "finish" });
  });
  it("go by a fact", () => {
    expect(last(play(choosing, ["1"]))).toMatchObject({ kind: "ask", state: { step: "why" } });
    expect(last(play(choosing, ["1"], { "contact.tier": "Gold" }))).toMatchObject({ state: { step: "sure" } });
    expect([...factsOf(choosing)]).toEqual(["contact.tier"]);
  });
  it("do not take the button of another step for an answer, nor for a mistake", () => {
    const moves = play(choosing, ["1", "because", { text: "Apples", value: "xiaoer:flow:aid:kind:a" }]);
    expect(last(moves)).toMatchObject({ kind: "ask-again", state: { step: "sure", tries: 0 }, marks: [] });
  });
  it("that lead in a circle end with a person", () => {
    const round = Array.from({ length: 60 }, () => ["1", "x", "2"]).flat();
    expect(last(play(choosing, round))).toMatchObject({ kind: "person" });
    const never = aFlow({
      steps: [
        {
          id: "a",
          slot: "a",
          ask: { en: "?" },
          validate: { kind: "text" },
          skip: { slot: "b", filled: false },
          next: [{ to: "a" }],
        },
        { id: "b", slot: "b", ask: { en: "?" }, validate: { kind: "text" } },
      ],
    });
    expect(last(play(never, []))).toMatchObject({ kind: "person" });
  });
});

describe("what counts as an answer", () => {
  const step = (validate: object, choices?: object) =>
    aFlow({ steps: [{ id: "a", slot: "a", ask: { en: "?" }, validate, ...(choices && { choices }) } as never] })
      .steps[0] as never;
  const read = (validate: object, text: string) =>
    readAnswer(step(validate), { text, now: NOW, timeZone: "Asia/Shanghai", fits: turn("").fits });
  it.each([
    [{ kind: "order-number" }, "我的订单号是 20881234 哦", "20881234"],
    [{ kind: "order-number" }, "２０８８１２３４", "20881234"],
    [{ kind: "order-number" }, "20260615", "20260615"],
    [{ kind: "order-number" }, "13812346721", undefined],
    [{ kind: "order-number" }, "在吗", undefined],
    [{ kind: "phone" }, "+86 138-1234-6721", "+8613812346721"],
    [{ kind: "phone" }, "12", undefined],
    [{ kind: "phone", last: 4 }, "尾号6721", "6721"],
    [{ kind: "phone", last: 4 }, "13812346721", "6721"],
    [{ kind: "phone", last: 4 }, "67210", undefined],
    [{ kind: "text" }, "  ", undefined],
    [{ kind: "text", min: 3 }, "坏了", undefined],
    [{ kind: "text", max: 3 }, "屏幕坏了", undefined],
    [{ kind: "number", min: 1, max: 5 }, "５", "5"],
    [{ kind: "number", min: 1, max: 5 }, "6", undefined],
    [{ kind: "number" }, "1.5", undefined],
    [{ kind: "pattern", pattern: "[A-Z]{2}\\d{3}" }, "ab123", "ab123"],
    [{ kind: "pattern", pattern: "[A-Z]{2}\\d{3}" }, "xab123", undefined],
    [{ kind: "date" }, "2026年6月1日", "2026-06-01"],
    [{ kind: "date" }, "2026-02-30", undefined],
    [{ kind: "date" }, "昨天", "2026-06-14"],
    [{ kind: "date", when: "past" }, "tomorrow", undefined],
    [{ kind: "date", when: "past" }, "12月30日", "2025-12-30"],
    [{ kind: "date", when: "future" }, "1/2", "2027-01-02"],
    [{ kind: "date", when: "future" }, "6月15日", "2026-06-15"],
  ])("%j %s", (validate, text, value) => {
    expect(read(validate, text)).toBe(value);
  });
});

describe("a declaration", () => {
  const wrong = (fields: object) => {
    const parsed = flowSchema.safeParse({ ...aFlow(), ...fields });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join("."));
  };
  const one = { id: "a", slot: "a", ask: { en: "?" }, validate: { kind: "text" } };
  it.each([
    [{ steps: [] }, "steps"],
    [{ steps: [one, one] }, "steps.1.id"],
    [{ steps: [{ ...one, validate: { kind: "choice" } }] }, "steps.0.choices"],
    [{ steps: [{ ...one, ask: {} }] }, "steps.0.ask"],
    [{ steps: [{ ...one, ask: { en: "{{ slots.b }}" } }] }, "steps.0.ask.en"],
    [{ steps: [{ ...one, next: [{ to: "b" }] }] }, "steps.0.next.0.to"],
    [{ steps: [{ ...one, skip: { slot: "b", filled: true } }] }, "steps.0.skip.slot"],
    [{ finish: { message: { en: "{{ order.number }}" } } }, "finish.message.en"],
    [{ timeoutMinutes: 0 }, "timeoutMinutes"],
  ])("that is wrong is refused with the place: %j", (fields, path) => {
    expect(wrong(fields)).toContain(path);
  });
  it("that is shipped is right, and has every text in every language", () => {
    for (const flow of builtInFlows) {
      expect(flowSchema.safeParse(flow).success).toBe(true);
      const texts = flow.steps.flatMap((step) => [step.ask, ...(step.choices ?? []).map(({ label }) => label)]);
      for (const text of texts) expect(Object.keys(text).sort()).toEqual([...LOCALES].sort());
    }
  });
});

describe("whatever is written", () => {
  const words = oneof(
    string({ maxLength: 60 }),
    constantFrom(
      "1",
      "2",
      "9",
      "20881234",
      "6721",
      "是",
      "damaged",
      "质量问题",
      "yes",
      "昨天",
      "?",
      "取消",
      "xiaoer:cancel",
      "",
    ),
  );
  const values = constantFrom<string | undefined>(
    undefined,
    "xiaoer:cancel",
    "order:X",
    "xiaoer:flow:aid:kind:b",
    "product:1",
  );
  const facts = constantFrom<FlowTurn["facts"]>({}, { "contact.verified": true }, { "contact.tier": "Gold" });
  const script = array(record({ text: words, value: values }), { maxLength: 80 });

  it("the flow ends or stands at one of its steps, asking something; and a person is one word away", () => {
    for (const flow of [...builtInFlows, choosing, aFlow()]) {
      assert(
        property(script, facts, (says, known) => {
          const moves = play(
            flow,
            says.map(({ text, value }) => ({ text, ...(value === undefined ? {} : { value }) })),
            known,
          );
          const move = last(moves);
          if (move.kind !== "ask" && move.kind !== "ask-again") return;
          expect(flow.steps.map(({ id }) => id)).toContain(move.state.step);
          expect(move.contents.length).toBeGreaterThan(0);
          expect(move.state.turns).toBeLessThanOrEqual(50);
          expect(JSON.stringify(move.contents)).not.toMatch(/\{\{|undefined/);
          expect(stepFlow(flow, move.state, turn("转人工"))?.kind).toBe("person");
          expect(stepFlow(flow, move.state, turn("", { value: "xiaoer:person" }))?.kind).toBe("person");
        }),
        { numRuns: 60 },
      );
    }
  });
});
