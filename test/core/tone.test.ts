import { describe, expect, it } from "vitest";
import { LOCALES } from "../../src/core/language.ts";
import { phrases } from "../../src/core/phrases.ts";
import { DEFAULT_TONE, TONE_PROFILES, toneFor, toneOf, toneSchema } from "../../src/core/tone.ts";
import { addressPhrasesFor } from "../../src/skills/phrases/address.ts";
import { couponPhrasesFor } from "../../src/skills/phrases/coupons.ts";
import { returnPhrasesFor } from "../../src/skills/phrases/returns.ts";
import { phrasesFor } from "../../src/skills/phrases.ts";

const TABLES = [phrases, phrasesFor, addressPhrasesFor, couponPhrasesFor, returnPhrasesFor] as const;
/** Stands for whatever a line is given: text, a number, a record of texts. */
const anything: unknown = new Proxy(() => "7", {
  get: (_, key) => (key === Symbol.toPrimitive ? () => "7" : key === "toString" ? () => "7" : "7"),
});

describe.each(TONE_PROFILES)("every line in %s", (profile) => {
  it.each(LOCALES)("reads well in %s", (locale) => {
    for (const table of TABLES) {
      const lines: Record<string, unknown> = { ...table(locale, toneOf(profile, locale)) };
      expect(Object.keys(lines).length).toBeGreaterThan(0);
      for (const [key, line] of Object.entries(lines)) {
        if (typeof line === "object") continue;
        const text = typeof line === "function" ? String(line(anything, 7)) : String(line);
        expect(text, key).not.toMatch(/\{hi\}|\{\{|undefined|NaN|\[object/);
        expect(text.trim(), key).not.toBe("");
      }
    }
  });
});

describe("a tone", () => {
  const shop = toneSchema.parse({ profile: "polite", channels: { telegram: "warm" }, inboxes: { vip: "neutral" } });
  it.each([
    [{ inboxId: "web", channel: "web" }, "您好，"],
    [{ inboxId: "tg", channel: "telegram" }, "亲，"],
    [{ inboxId: "vip", channel: "telegram" }, ""],
  ])("is the inbox's before the channel's before the shop's: %j", (place, greeting) => {
    expect(toneFor(shop, { ...place, locale: "zh-CN" }).greeting).toBe(greeting);
  });
  it("takes the shop's own word where its own profile speaks", () => {
    const own = toneSchema.parse({
      channels: { email: "polite" },
      address: { "zh-CN": { greeting: "宝子，", you: "宝" } },
    });
    expect(toneFor(own, { channel: "web", locale: "zh-CN" })).toEqual({
      profile: "warm",
      greeting: "宝子，",
      you: "宝",
    });
    expect(toneFor(own, { channel: "email", locale: "zh-CN" }).greeting).toBe("您好，");
    expect(toneFor(own, { channel: "web", locale: "en" }).greeting).toBe("Hi, ");
  });
  it("greets once, at the beginning of a line", () => {
    expect(phrases("zh-CN", toneOf("polite", "zh-CN")).miss).toMatch(/^您好，这个问题/);
    expect(phrases("zh-CN", toneOf("neutral", "zh-CN")).miss).toMatch(/^这个问题/);
    expect(phrases("en", toneOf("polite", "en")).greeting).toBe("Dear customer, I'm Xiaoer. How can I help?");
    expect(phrases("zh-CN").greeting).toBe(phrases("zh-CN", toneFor(DEFAULT_TONE, { locale: "zh-CN" })).greeting);
  });
});
