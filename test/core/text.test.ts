import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText, shorten, splitText, type TextUnit, textLength } from "../../src/core/text.ts";

const UNITS: readonly TextUnit[] = ["utf16", "bytes", "graphemes"];
const anyText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 400 }),
  fc.string({ unit: "binary", maxLength: 400 }),
  fc
    .array(
      fc.constantFrom(
        "订单",
        "已发货。",
        "Where is it? ",
        "👨‍👩‍👧‍👦",
        "👍🏽",
        "\r\n",
        " ",
        "https://a.example/b.c?d=1,2",
        "ｶﾞ",
        "1.",
      ),
      {
        maxLength: 80,
      },
    )
    .map((words) => words.join("")),
);

describe("textLength", () => {
  test.each([
    ["你好", 6, 2, 2],
    ["👨‍👩‍👧‍👦", 25, 11, 1],
    ["e\u0301", 3, 2, 1],
    ["🇯🇵", 8, 4, 1],
    ["a\r\nb", 4, 4, 3],
  ])("counts %j in each unit", (text, bytes, utf16, graphemes) => {
    expect(textLength(text, "bytes")).toBe(bytes);
    expect(textLength(text, "utf16")).toBe(utf16);
    expect(textLength(text, "graphemes")).toBe(graphemes);
  });
});

describe("splitText", () => {
  test("gives pieces that fit, are not empty and join to the text", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 12, max: 100 }), fc.constantFrom(...UNITS), (text, max, unit) => {
        const pieces = splitText(text, max, unit);
        expect(pieces.join("")).toBe(text);
        for (const piece of pieces) expect(textLength(piece, unit)).toBeLessThanOrEqual(max);
        if (text !== "") expect(pieces).not.toContain("");
      }),
    );
  });

  test("never cuts a grapheme cluster that fits", () => {
    for (const piece of splitText("👍🏽".repeat(50), 10, "utf16")) expect(piece.length % 4).toBe(0);
  });

  test("cuts a cluster larger than the limit between its code points, since whole it could not be sent", () => {
    const zalgo = `e${"\u0301".repeat(500)}`;
    const pieces = splitText(zalgo, 100, "utf16");
    expect(pieces.join("")).toBe(zalgo);
    expect(pieces.every((piece) => piece.length <= 100)).toBe(true);
  });

  test("prefers the end of a line, then of a sentence, then a space", () => {
    expect(splitText("一二三四五。\n六七八九十", 8, "graphemes")).toEqual(["一二三四五。\n", "六七八九十"]);
    expect(splitText("It ships today. It comes tomorrow.", 20, "utf16")).toEqual([
      "It ships today. ",
      "It comes tomorrow.",
    ]);
    expect(splitText("one two three four", 10, "utf16")).toEqual(["one two ", "three four"]);
  });

  test("keeps a url whole that fits, even when the only space before it is early", () => {
    const url = "https://shop.example/orders/1001.html?a=1,2;b=3";
    expect(splitText(`看 ${url}`, 50, "utf16").join("|")).toContain(url);
    expect(splitText(`请点击这里查看物流${url}谢谢`, 50, "utf16").some((piece) => piece.includes(url))).toBe(true);
    expect(splitText(`Order 3.14 at ${url} thanks`, 50, "utf16").some((piece) => piece.includes(url))).toBe(true);
  });
});

describe("shorten", () => {
  test("marks the cut and stays within the limit in every unit", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 3, max: 40 }), fc.constantFrom(...UNITS), (text, max, unit) => {
        const short = shorten(text, max, unit);
        expect(textLength(short, unit)).toBeLessThanOrEqual(max);
        if (short !== text) expect(short.endsWith("…")).toBe(true);
      }),
    );
  });
});

describe("cleanText", () => {
  test("removes NUL, mends lone surrogates, composes", () => {
    expect(cleanText("a\u0000b\ud800c e\u0301")).toBe("ab\ufffdc \u00e9");
  });
});
