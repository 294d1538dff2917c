import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { builtInChannels } from "../../adapters/index.ts";
import { type Capabilities, PLAIN_TEXT } from "../../src/core/adapter.ts";
import { type Action, type Content, contentSchema } from "../../src/core/content.ts";
import { formatMoney, lower, offeredChoices, resolveChoice } from "../../src/core/lower.ts";
import { textLength } from "../../src/core/text.ts";

const choices = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ label: `选项${index + 1}`, value: `v${index + 1}` }));
const plain = (content: Content, more: Partial<Capabilities> = {}) => lower(content, { ...PLAIN_TEXT, ...more });

describe("lower, by kind", () => {
  test("leaves everything as it is where the stored message is what is read", () => {
    const content: Content = { type: "system", code: "x", text: "y" };
    expect(plain(content, { storedIsSent: true })).toEqual([content]);
  });

  test("splits a long text and drops nothing but white space at the cuts", () => {
    const parts = plain({ type: "text", text: "第一行。\n\n\n第二行。" }, { maxTextLength: 6 });
    expect(parts).toEqual([
      { type: "text", text: "第一行。" },
      { type: "text", text: "第二行。" },
    ]);
  });

  test("numbers the choices a channel cannot show", () => {
    const content: Content = { type: "choices", text: "哪个订单？", choices: choices(2) };
    expect(plain(content)).toEqual([{ type: "text", text: "哪个订单？\n1. 选项1\n2. 选项2\n请回复数字选择" }]);
    expect(plain({ ...content, choices: choices(4) }, { maxChoices: 3 })[0]?.type).toBe("text");
    expect(plain(content, { maxChoices: 3 })).toEqual([content]);
  });

  test("shortens a long label on its button and says it in full", () => {
    const label = "Return the blue running shoes in size 42";
    const [part] = plain(
      { type: "choices", text: "Which?", choices: [{ label, value: "r" }] },
      { maxChoices: 3, maxLabelLength: 20 },
    );
    expect(part).toEqual({
      type: "choices",
      text: `Which?\n1. ${label}`,
      choices: [{ label: "1. Return the blue …", value: "r" }],
    });
  });

  test("turns a card into a picture and its words", () => {
    const card: Content = {
      type: "card",
      title: "Blue shoes",
      text: "Size 42",
      imageUrl: "https://shop.example/a.jpg",
      actions: [
        { label: "Buy", url: "https://shop.example/a" },
        { label: "Ask", value: "ask:a" },
      ],
    };
    const text = "Blue shoes\nSize 42\nBuy: https://shop.example/a\n1. Ask\nReply with a number to choose.";
    expect(plain(card, { image: true })).toEqual([
      { type: "image", url: "https://shop.example/a.jpg" },
      { type: "text", text },
    ]);
    expect(plain(card, { maxChoices: 3 })).toEqual([
      {
        type: "choices",
        text: "Blue shoes\nSize 42\nhttps://shop.example/a.jpg\nBuy: https://shop.example/a",
        choices: [{ label: "Ask", value: "ask:a" }],
      },
    ]);
  });

  test("says the actions that do not fit on a card in its text", () => {
    const actions = choices(5);
    const [card, ...rest] = plain({ type: "card", title: "标题", actions }, { card: true, maxActions: 3 });
    expect(rest).toEqual([]);
    expect(card).toMatchObject({ actions: actions.slice(0, 3), text: "4. 选项4\n5. 选项5\n请回复数字选择" });
  });

  test("says a card's text before it when it is too long for the card", () => {
    const text = "很长的说明。".repeat(10);
    const parts = plain({ type: "card", title: "标题", text, actions: [] }, { card: true, maxCardTextLength: 30 });
    expect(parts).toEqual([
      { type: "text", text: `标题\n${text}` },
      { type: "card", title: "标题", actions: [] },
    ]);
  });

  test("numbers the answers of a carousel through all its cards", () => {
    const card = (title: string) => ({
      type: "card" as const,
      title,
      actions: [{ label: "买", value: `buy:${title}` }],
    });
    const content: Content = { type: "carousel", cards: [card("甲"), card("乙")] };
    const texts = plain(content).map((part) => (part.type === "text" ? part.text : ""));
    expect(texts[1]).toContain("2. 买");
    expect(resolveChoice("2", offeredChoices(content))?.value).toBe("buy:乙");
    expect(plain(content, { card: true, maxActions: 3 }).map((part) => part.type)).toEqual(["card", "card"]);
    expect(plain(content, { card: true, carousel: true, maxActions: 3 })).toEqual([content]);
  });

  test("shows orders and products as cards, with money in its own minor units", () => {
    const order: Content = {
      type: "order",
      orderId: "A1001",
      status: "已发货",
      items: [{ title: "跑鞋", quantity: 2 }],
      total: { amount: 12900, currency: "CNY" },
      url: "https://shop.example/o/A1001",
    };
    expect(plain(order)).toEqual([
      { type: "text", text: "订单 A1001\n已发货\n跑鞋 × 2\n合计 ¥129.00\n查看订单: https://shop.example/o/A1001" },
    ]);
    expect(formatMoney({ amount: 1290, currency: "JPY" }, "en")).toBe("¥1,290");
    expect(formatMoney({ amount: 5, currency: "?!x" }, "en")).toBe("5 ?!x");
    const product: Content = { type: "product", productId: "p", title: "Shoes", price: "$5" };
    expect(plain(product, { card: true })).toEqual([{ type: "card", title: "Shoes", text: "$5", actions: [] }]);
  });

  test("gives files, places, links and stickers as words where they cannot be shown", () => {
    const said = (content: Content) => plain(content).map((part) => (part.type === "text" ? part.text : part.type));
    const file: Content = { type: "file", url: "https://shop.example/a.pdf", name: "发票.pdf" };
    expect(said(file)).toEqual(["发票.pdf\nhttps://shop.example/a.pdf"]);
    expect(said({ type: "image", fileId: "f1" })).toEqual(["[图片]"]);
    expect(said({ type: "location", lat: 31.2, lng: 121.5, title: "上海门店" })[0]).toContain(
      "amap.com/marker?position=121.5,31.2",
    );
    expect(said({ type: "link", url: "https://shop.example", title: "Shop" })).toEqual(["Shop\nhttps://shop.example"]);
    expect(said({ type: "sticker", emoji: "👍" })).toEqual(["👍"]);
    expect(said({ type: "sticker", stickerId: "1" })).toEqual(["[表情]"]);
    expect(said({ type: "system", code: "c", text: "已转人工" })).toEqual(["已转人工"]);
    expect(said({ type: "unsupported", kind: "poll" })[0]).toContain("poll");
  });

  test("says words sent with a file on their own when no caption could hold them", () => {
    const alt = "字".repeat(1500);
    const parts = plain({ type: "image", url: "https://shop.example/a.jpg", alt }, { image: true });
    expect(parts).toEqual([
      { type: "image", url: "https://shop.example/a.jpg" },
      { type: "text", text: alt },
    ]);
  });

  test("says words sent with a file after it where the channel has no captions for its kind", () => {
    const voice: Content = { type: "audio", url: "https://shop.example/a.ogg", alt: "先听这个" };
    const { alt, ...bare } = voice;
    const after = [bare, { type: "text", text: alt }];
    expect(plain(voice, { audio: true })).toEqual([voice]);
    expect(plain(voice, { audio: true, caption: false })).toEqual(after);
    expect(plain(voice, { audio: true, caption: ["image"] })).toEqual(after);
  });
});

describe("resolveChoice", () => {
  const offered = [
    { label: "查物流", value: "logistics" },
    { label: "Return Order", value: "return" },
    { label: "转人工", value: "human" },
  ];
  test.each([
    "2",
    "２",
    "2.",
    "2、",
    "(2)",
    "（２）",
    "②",
    "2️⃣",
    " 2 ",
    "第2个",
    "选2",
    "二",
    "第二个",
    "return order",
    "ＲＥＴＵＲＮ　ＯＲＤＥＲ",
    "return",
    "2. Return Or…",
    "Return Or…",
  ])("reads %j as the second", (reply) => expect(resolveChoice(reply, offered)?.value).toBe("return"));
  test.each(["", "0", "4", "99", "物流到哪了", "2 pairs please", "2026", "1…", "…"])("reads nothing in %j", (reply) => {
    expect(resolveChoice(reply, offered)).toBeUndefined();
  });
  test("prefers a label to a place, and refuses a label that two share", () => {
    const sizes = [
      { label: "2", value: "size:2" },
      { label: "1", value: "size:1" },
    ];
    expect(resolveChoice("2", sizes)?.value).toBe("size:2");
    expect(
      resolveChoice("买", [
        { label: "买", value: "a" },
        { label: "买", value: "b" },
      ]),
    ).toBeUndefined();
  });
  test("counts to twenty in Chinese", () => {
    expect(resolveChoice("十二", choices(20))?.value).toBe("v12");
    expect(resolveChoice("二十", choices(20))?.value).toBe("v20");
    expect(resolveChoice("十", choices(20))?.value).toBe("v10");
  });
});

const word = fc.oneof(
  fc.string({ minLength: 1, maxLength: 60 }),
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }),
  fc.constantFrom("订单已经发货", "Where is my order?", "👨‍👩‍👧‍👦 家庭装", "返品したい", "退貨說明"),
);
const words = fc.array(word, { minLength: 1, maxLength: 30 }).map((all) => all.join("\n"));
const url = fc.nat(1e6).map((n) => `https://shop.example/p/${n}`);
const action: fc.Arbitrary<Action> = fc.oneof(fc.record({ label: word, url }), fc.record({ label: word, value: word }));
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const card = fc.record({
  type: fc.constant("card" as const),
  title: word,
  text: optional(words),
  imageUrl: optional(url),
  actions: fc.array(action, { maxLength: 10 }),
});
const money = fc.record({ amount: fc.nat(1e7), currency: fc.constantFrom("CNY", "JPY", "USD", "KWD", "XX1") });
const anyContent: fc.Arbitrary<Content> = fc
  .oneof(
    fc.record({ type: fc.constant("text" as const), text: words }),
    fc.record({
      type: fc.constantFrom("image" as const, "audio" as const, "video" as const, "file" as const),
      url,
      name: optional(word),
      alt: optional(words),
    }),
    fc.record({
      type: fc.constant("location" as const),
      lat: fc.integer({ min: -90, max: 90 }),
      lng: fc.constant(121.5),
      title: optional(word),
    }),
    fc.record({
      type: fc.constant("link" as const),
      url,
      title: word,
      description: optional(words),
      imageUrl: optional(url),
    }),
    card,
    fc.record({ type: fc.constant("carousel" as const), cards: fc.array(card, { minLength: 1, maxLength: 4 }) }),
    fc.record({
      type: fc.constant("product" as const),
      productId: word,
      title: word,
      price: optional(money),
      imageUrl: optional(url),
      url: optional(url),
    }),
    fc.record({
      type: fc.constant("order" as const),
      orderId: word,
      status: word,
      items: fc.array(fc.record({ title: word, quantity: fc.integer({ min: 1, max: 9 }) }), { maxLength: 5 }),
      total: optional(money),
      url: optional(url),
    }),
    fc.record({
      type: fc.constant("choices" as const),
      text: words,
      choices: fc.array(fc.record({ label: word, value: word }), { minLength: 1, maxLength: 20 }),
    }),
    fc.record({ type: fc.constant("sticker" as const), emoji: optional(fc.constant("😀")), url: optional(url) }),
    fc.record({ type: fc.constant("system" as const), code: word, text: words }),
    fc.record({ type: fc.constant("unsupported" as const), kind: word }),
  )
  .map((content) => contentSchema.safeParse(content))
  .filter((parsed) => parsed.success)
  .map((parsed) => parsed.data);

const anyCapabilities: fc.Arbitrary<Capabilities> = fc
  .record({
    image: fc.boolean(),
    audio: fc.boolean(),
    video: fc.boolean(),
    file: fc.boolean(),
    location: fc.boolean(),
    link: fc.boolean(),
    card: fc.boolean(),
    carousel: fc.boolean(),
    product: fc.boolean(),
    order: fc.boolean(),
    maxChoices: fc.constantFrom(0, 1, 3, 13, 20),
    maxActions: fc.constantFrom(0, 1, 3, 10),
    maxLabelLength: fc.constantFrom(8, 20, 40),
    maxTextLength: fc.constantFrom(60, 300, 4096),
    maxCardTextLength: fc.constantFrom(undefined, 40, 200),
    textUnit: fc.constantFrom("utf16" as const, "bytes" as const, "graphemes" as const),
    caption: fc.constantFrom(undefined, true, false, ["image"] as const),
  })
  .map((some) => ({ ...PLAIN_TEXT, ...some, carousel: some.card && some.carousel }));

/** Every text a person can see, without white space, since a cut may take that away. */
function visible(parts: readonly Content[]): string {
  const texts: string[] = [];
  JSON.stringify(parts, (key, value) => {
    if (typeof value === "string" && key !== "type") texts.push(value);
    return value;
  });
  return squeeze(texts.join(""));
}
const squeeze = (text: string) => text.replaceAll(/\s+/gu, "");

/** Everything a content asks to be said; codes and ids of stickers are not words. */
function asked(content: Content): string[] {
  if (content.type === "carousel") return content.cards.flatMap(asked);
  const texts: string[] = [];
  const add = (...values: readonly (string | undefined)[]) =>
    texts.push(...values.filter((value) => value !== undefined));
  switch (content.type) {
    case "choices":
      add(content.text, ...content.choices.map((choice) => choice.label));
      break;
    case "card":
      add(
        content.title,
        content.text,
        content.imageUrl,
        ...content.actions.flatMap((each) => ("url" in each ? [each.label, each.url] : [each.label])),
      );
      break;
    case "order":
      add(content.orderId, content.status, content.url, ...content.items.map((item) => item.title));
      break;
    case "product":
      add(content.title, content.url, content.imageUrl);
      break;
    case "link":
      add(content.title, content.description, content.url, content.imageUrl);
      break;
    case "text":
    case "system":
      add(content.text);
      break;
    case "image":
    case "audio":
    case "video":
    case "file":
      add(content.url, content.alt);
      break;
    case "location":
      add(content.title);
      break;
  }
  return texts;
}

describe("lower, for every content and channel", () => {
  const check = (property: (content: Content, capabilities: Capabilities) => void) =>
    fc.assert(fc.property(anyContent, anyCapabilities, property), { numRuns: 500 });

  test("says everything that was asked to be said", () => {
    check((content, capabilities) => {
      const seen = visible(lower(content, capabilities));
      for (const text of asked(content)) expect(seen).toContain(squeeze(text));
    });
  });

  test.each(builtInChannels.map(({ channel, capabilities }) => [channel, capabilities] as const))(
    "says everything that was asked to be said on %s",
    (_, capabilities) => {
      fc.assert(
        fc.property(anyContent, (content) => {
          const parts = lower(content, capabilities);
          const seen = visible(parts);
          for (const text of capabilities.storedIsSent ? [] : asked(content)) expect(seen).toContain(squeeze(text));
          for (const part of capabilities.storedIsSent ? [] : parts) expectObeys(part, capabilities);
        }),
        { numRuns: 100 },
      );
    },
  );

  test("keeps every answer answerable, by its button or by its number", () => {
    check((content, capabilities) => {
      const parts = lower(content, capabilities);
      const buttons = parts.flatMap(offeredChoices).map((choice) => choice.value);
      const seen = visible(parts);
      offeredChoices(content).forEach((choice, index) => {
        const spoken = seen.includes(squeeze(`${index + 1}. ${choice.label}`));
        expect(buttons.includes(choice.value) || spoken).toBe(true);
      });
    });
  });

  test("never gives nothing, a blank text or an invalid content", () => {
    check((content, capabilities) => {
      const parts = lower(content, capabilities);
      expect(parts.length).toBeGreaterThan(0);
      for (const part of parts) {
        expect(contentSchema.safeParse(part).success).toBe(true);
        if (part.type === "text" && content.type !== "text") expect(part.text.trim()).not.toBe("");
      }
    });
  });

  test("obeys the channel's limits in every part", () => {
    check((content, capabilities) => {
      for (const part of lower(content, capabilities)) expectObeys(part, capabilities);
    });
  });

  test("changes nothing the second time", () => {
    check((content, capabilities) => {
      const once = lower(content, capabilities);
      expect(once.flatMap((part) => lower(part, capabilities))).toEqual(once);
    });
  });
});

function expectObeys(part: Content, capabilities: Capabilities): void {
  const { maxTextLength, maxLabelLength, maxActions, maxChoices, textUnit } = capabilities;
  const labels: string[] = [];
  if (part.type === "image" || part.type === "audio" || part.type === "video" || part.type === "file") {
    const { caption = true } = capabilities;
    if (!(typeof caption === "boolean" ? caption : caption.includes(part.type))) expect(part.alt).toBeUndefined();
  }
  if (part.type === "text" || part.type === "choices") {
    expect(textLength(part.text, textUnit)).toBeLessThanOrEqual(maxTextLength);
  } else {
    expect(["system", "unsupported", "sticker"]).not.toContain(part.type);
    expect(capabilities[part.type as "card"]).toBe(true);
  }
  if (part.type === "choices") {
    expect(part.choices.length).toBeLessThanOrEqual(maxChoices);
    labels.push(...part.choices.map((choice) => choice.label));
  }
  for (const one of part.type === "carousel" ? part.cards : part.type === "card" ? [part] : []) {
    expect(one.actions.length).toBeLessThanOrEqual(maxActions);
    const text = [one.title, one.text].filter(Boolean).join("\n");
    expect(textLength(text, textUnit)).toBeLessThanOrEqual(capabilities.maxCardTextLength ?? maxTextLength);
    labels.push(...one.actions.map((each) => each.label));
  }
  for (const label of labels) expect(textLength(label, "graphemes")).toBeLessThanOrEqual(maxLabelLength);
}
