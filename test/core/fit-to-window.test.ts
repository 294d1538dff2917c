import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Content } from "../../src/core/content.ts";
import { fitToWindow, inWords } from "../../src/core/fit-to-window.ts";
import { splitText, textLength } from "../../src/core/text.ts";

const limits = { maxTextLength: 60, textUnit: "bytes" } as const;
const say = (text: string): Content => ({ type: "text", text });
const plain = (calls: readonly { readonly messages: readonly Content[]; readonly carries: number }[]) =>
  calls.map(({ messages, carries }) => [
    messages.map((message) => (message.type === "text" ? message.text : message.type)).join("|"),
    carries,
  ]);
const fitted = (contents: readonly Content[], left: number | undefined) => {
  const { calls, unsaid } = fitToWindow(contents, { left, limits });
  return [plain(calls), unsaid];
};

describe("what is to be said", () => {
  const abc = [say("a"), say("b"), say("c")];
  const picture: Content = { type: "image", url: "https://shop.example/a.jpg" };
  const choices: Content = {
    type: "choices",
    text: "哪个?",
    choices: [
      { label: "退货", value: "r" },
      { label: "换货", value: "x" },
    ],
  };

  test.each([
    [
      abc,
      undefined,
      [
        ["a", 1],
        ["b", 1],
        ["c", 1],
      ],
    ],
    [
      abc,
      3,
      [
        ["a", 1],
        ["b", 1],
        ["c", 1],
      ],
    ],
    [
      abc,
      2,
      [
        ["a", 1],
        ["b\n\nc", 2],
      ],
    ],
    [abc, 1, [["a\n\nb\n\nc", 3]]],
    [
      [picture, say("b")],
      2,
      [
        ["image", 1],
        ["b", 1],
      ],
    ],
    [[picture, say("b")], 1, [["https://shop.example/a.jpg\n\nb", 2]]],
  ] as const)("goes whole into what is left: %j in %s", (contents, left, calls) => {
    expect(fitted(contents, left)).toEqual([calls, 0]);
  });

  test("keeps a button's meaning as a numbered line", () => {
    const [call] = fitToWindow([say("a"), choices], {
      left: 1,
      limits: { maxTextLength: 500, textUnit: "bytes" },
    }).calls;
    expect(call?.messages).toEqual([
      { type: "text", text: expect.stringMatching(/^a\n\n哪个\?\n1\. 退货\n2\. 换货\n/) },
    ]);
  });

  test("waits, whole, where it does not fit", () => {
    const long = say("x".repeat(50));
    expect(fitted([long, long, long], 2)).toEqual([
      [
        ["x".repeat(50), 1],
        ["x".repeat(50), 1],
      ],
      1,
    ]);
    expect(fitted([long], 0)).toEqual([[], 1]);
  });
});

const words = fc.stringMatching(/^[a-z0-9 你好。\n]{1,80}$/).filter((text) => text.trim() !== "");
const content: fc.Arbitrary<Content> = fc.oneof(
  { weight: 4, arbitrary: words.map(say) },
  { weight: 1, arbitrary: fc.webUrl({ validSchemes: ["https"] }).map((url): Content => ({ type: "image", url })) },
);
const squeeze = (text: string) => text.replaceAll(/\s+/g, "");
const wordsIn = (contents: readonly Content[]) =>
  squeeze(contents.map((one) => (one.type === "text" ? one.text : one.type === "image" ? one.url : "")).join(""));

test("everything is said or waits, in order, in no more messages than are left", () => {
  fc.assert(
    fc.property(fc.array(content, { minLength: 1, maxLength: 9 }), fc.integer({ min: 0, max: 9 }), (contents, left) => {
      const { calls, unsaid } = fitToWindow(contents, { left, limits });
      const messages = calls.flatMap((call) => call.messages);
      const carried = calls.reduce((sum, call) => sum + call.carries, 0);
      expect(messages.length).toBeLessThanOrEqual(left);
      expect(carried + unsaid).toBe(contents.length);
      for (const call of calls) expect(call.carries).toBeGreaterThan(0);
      const said = wordsIn(contents.slice(0, carried));
      // Where the words are cut in pieces a message may hold the beginning of what waits.
      expect(wordsIn(messages).startsWith(said)).toBe(true);
      for (const message of messages)
        if (message.type === "text" && !contents.includes(message))
          expect(textLength(message.text, "bytes")).toBeLessThanOrEqual(60);
    }),
  );
});

test("nothing waits whenever the words fit", () => {
  fc.assert(
    fc.property(fc.array(words.map(say), { minLength: 1, maxLength: 9 }), (contents) => {
      const joined = contents.map((one) => (one.type === "text" ? one.text.trim() : "")).join("\n\n");
      const needed = splitText(joined, 60, "bytes").length;
      expect(fitToWindow(contents, { left: needed, limits }).unsaid).toBe(0);
      expect(inWords(contents, limits).reduce((sum, call) => sum + call.messages.length, 0)).toBeLessThanOrEqual(
        needed,
      );
    }),
  );
});
