import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { answerContents } from "../../src/core/answer-parts.ts";
import { type Content, contentSchema } from "../../src/core/content.ts";

const order: Content = {
  type: "order",
  orderId: "20881234",
  status: "已发货",
  items: [{ title: "衬衫", quantity: 1 }],
};
const title = "怎么退货";

describe("an answer's messages", () => {
  const table: [string, Omit<Parameters<typeof answerContents>[0], "title">, readonly object[]][] = [
    ["words alone", { text: "寄回即可。" }, [{ type: "text", text: "寄回即可。" }]],
    [
      "picture, order, words",
      { text: "见图。", image: { url: "https://shop.example/a.png", alt: "图" }, order },
      [{ type: "image", url: "https://shop.example/a.png", alt: "图" }, order, { type: "text", text: "见图。" }],
    ],
    ["a picture that says it all", { text: " ", image: { fileId: "fil_1" } }, [{ type: "image", fileId: "fil_1" }]],
    [
      "buttons that are answers",
      {
        text: "选一个。",
        buttons: [{ label: "运费多少" }, { label: "看看", articleId: "a1" }, { label: "人工", person: true }],
      },
      [
        {
          type: "choices",
          text: "选一个。",
          choices: [
            { label: "运费多少", value: "运费多少" },
            { label: "看看", value: "xiaoer:article:a1" },
            { label: "人工", value: "xiaoer:person" },
          ],
        },
      ],
    ],
    [
      "a link among them",
      {
        text: "选一个。",
        buttons: [
          { label: "去看", url: "https://shop.example" },
          { label: "人工", person: true },
        ],
      },
      [
        {
          type: "card",
          title,
          text: "选一个。",
          actions: [
            { label: "去看", url: "https://shop.example" },
            { label: "人工", value: "xiaoer:person" },
          ],
        },
      ],
    ],
    [
      "buttons without words",
      { text: "", buttons: [{ label: "人工", person: true }] },
      [{ type: "choices", text: title, choices: [{ label: "人工", value: "xiaoer:person" }] }],
    ],
  ];
  it.each(table)("%s", (_, answer, contents) => expect(answerContents({ ...answer, title })).toEqual(contents));

  it("always pass the border, and end with the words", () => {
    const button = fc.oneof(
      fc.record({ label: fc.string({ minLength: 1, maxLength: 100 }).filter((label) => label.trim() !== "") }),
      fc.record({ label: fc.constant("去"), url: fc.webUrl() }),
      fc.record({ label: fc.constant("人工"), person: fc.constant(true as const) }),
    );
    const given = fc.record({
      text: fc.string({ minLength: 1, maxLength: 12_000 }),
      buttons: fc.array(button, { maxLength: 10 }),
    });
    fc.assert(
      fc.property(given, ({ text, buttons }) => {
        const contents = answerContents({ text, buttons, title, order });
        for (const content of contents) expect(contentSchema.safeParse(content).error).toBeUndefined();
        expect(contents[0]).toEqual(order);
      }),
      { numRuns: 200 },
    );
  });
});
