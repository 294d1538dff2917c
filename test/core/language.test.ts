import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { detectLocale, LOCALES, nearestLocale } from "../../src/core/language.ts";

describe("detectLocale", () => {
  test.each([
    ["我的订单到哪了", "zh-CN"],
    ["你好", "zh-CN"],
    ["iPhone 15 有货吗", "zh-CN"],
    ["請問訂單什麼時候會到", "zh-TW"],
    ["點解仲未到嘅", "zh-TW"],
    ["收到的東西壞了怎麼辦", "zh-TW"],
    ["注文はいつ届きますか", "ja"],
    ["ｷｬﾝｾﾙ", "ja"],
    ["返品したい。order 12345", "ja"],
    ["Where is my order?", "en"],
    ["ok", "en"],
    ["请问這个什么时候发货", "zh-CN"],
  ])("of %j is %s", (text, locale) => {
    expect(detectLocale(text)).toBe(locale);
  });

  test("by characters that one script writes and the other does not", () => {
    const shared = "家寄券理系里面后台只几体干志范斗板卷表才云出了准制我你他不的是有在人大小上下中年月日天地";
    for (const character of shared) expect([character, detectLocale(character)]).toEqual([character, "zh-CN"]);
    for (const character of shared) expect([character, detectLocale(`${character}貨`)]).toEqual([character, "zh-TW"]);
  });

  test.each(["", "20260615001", "👍🏽", "?!", "  ", "#A-1", "¥99.00"])("of %j does not show", (text) => {
    expect(detectLocale(text)).toBeUndefined();
  });

  test("is one we speak or none, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const locale = detectLocale(text);
        if (locale !== undefined) expect(LOCALES).toContain(locale);
      }),
    );
  });
});

describe("nearestLocale", () => {
  test.each([
    ["zh-CN", "zh-CN"],
    ["zh", "zh-CN"],
    ["zh_Hans_SG", "zh-CN"],
    ["zh-Hant-HK", "zh-TW"],
    ["zh_TW", "zh-TW"],
    ["ZH-hk", "zh-TW"],
    ["zh-MO", "zh-TW"],
    ["en-GB", "en"],
    ["ja-JP", "ja"],
    ["de", "zh-CN"],
    ["", "zh-CN"],
    [undefined, "zh-CN"],
  ])("to %j is %s", (tag, locale) => {
    expect(nearestLocale(tag)).toBe(locale);
  });

  test("to a language we do not speak is the shop's own", () => {
    expect(nearestLocale("de-AT", "en")).toBe("en");
    expect(nearestLocale(undefined, "ja")).toBe("ja");
  });

  test("keeps every locale we speak", () => {
    for (const locale of LOCALES) expect(nearestLocale(locale)).toBe(locale);
  });
});
