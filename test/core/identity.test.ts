import { describe, expect, test } from "vitest";
import type { Contact } from "../../src/core/contact.ts";
import {
  type JoinKind,
  joinOf,
  levelHere,
  linkCodeFrom,
  readLinkCode,
  readLinkPayload,
  spellCode,
  verifies,
} from "../../src/core/identity.ts";
import { addressesIn, callingCodeOf, phoneSpellings, toE164 } from "../../src/core/phone.ts";

const aContact = (fields: Partial<Contact> = {}): Contact => ({
  id: "con_a",
  shopId: "shp_tea",
  level: "anonymous",
  tags: [],
  vip: false,
  createdAt: 1000,
  ...fields,
});

describe("who stays when two contacts are one", () => {
  const member = { level: "verified", memberId: "M-1" } as const;
  test.each<[string, Partial<Contact>, Partial<Contact>, string]>([
    ["a member over whoever is only sure", { ...member, createdAt: 9 }, { level: "verified", createdAt: 1 }, "a"],
    ["the surer over the older", { level: "claimed", createdAt: 1 }, { level: "verified", createdAt: 9 }, "b"],
    ["a claim over nothing said", { level: "anonymous" }, { level: "claimed" }, "b"],
    ["the older of two alike", { createdAt: 2 }, { createdAt: 1 }, "b"],
    ["the first by id of two of one moment", {}, {}, "a"],
    ["either of one member, the older", { ...member, createdAt: 2 }, { ...member, createdAt: 1 }, "b"],
  ])("%s", (_, a, b, stays) => {
    const [one, other] = [aContact({ ...a, id: "a" }), aContact({ ...b, id: "b" })];
    const decided = { kind: "join", into: stays, from: stays === "a" ? "b" : "a" };
    expect(joinOf(one, other)).toEqual(decided);
    expect(joinOf(other, one)).toEqual(decided);
  });

  test.each<[string, Partial<Contact>, Partial<Contact>]>([
    ["two_members", { memberId: "M-1" }, { memberId: "M-2" }],
    ["other_shop", {}, { shopId: "shp_other" }],
    ["merged_already", {}, { mergedInto: "c" }],
    ["merged_already", { mergedInto: "c" }, {}],
  ])("never: %s", (reason, a, b) => {
    expect(joinOf(aContact({ ...a, id: "a" }), aContact({ ...b, id: "b" }))).toEqual({ kind: "refused", reason });
  });

  test("nobody, when they are the same", () => {
    expect(joinOf(aContact(), aContact())).toEqual({ kind: "same" });
  });
});

describe("how sure we are here", () => {
  test.each([
    ["verified", "verified", "verified"],
    ["verified", "claimed", "claimed"],
    ["verified", "anonymous", "anonymous"],
    ["claimed", "verified", "claimed"],
  ] as const)("a %s contact on a %s channel is %s", (contact, identity, here) => {
    expect(levelHere({ level: contact }, { level: identity })).toBe(here);
  });

  test("a forged number and a mistaken agent lend no orders", () => {
    const kinds: JoinKind[] = ["member", "unionid", "link-code", "line-link", "phone", "agent"];
    expect(kinds.filter(verifies)).toEqual(["member", "unionid", "link-code", "line-link"]);
  });
});

describe("a link code", () => {
  test("has forty bits, a letter and a digit", () => {
    const seen = new Set<string>();
    for (let i = 0; i < 2000; i += 1) {
      const code = linkCodeFrom(crypto.getRandomValues(new Uint8Array(512)));
      expect(code).toMatch(/^(?=.*\d)(?=.*[A-Z])[0-9A-HJKMNP-TV-Z]{8}$/);
      seen.add(code);
    }
    expect(seen.size).toBe(2000);
    expect(() => linkCodeFrom(new Uint8Array(64))).toThrow(RangeError);
  });

  test.each([
    ["绑定 7K4M-2Q9D", "7K4M2Q9D", true],
    ["绑定7k4m2q9d", "7K4M2Q9D", true],
    ["綁定：7K4M-2Q9D", "7K4M2Q9D", true],
    ["Link 7K4M 2Q9D", "7K4M2Q9D", true],
    ["link code 7K4M-2Q9D.", "7K4M2Q9D", true],
    ["連携　７Ｋ４Ｍ－２Ｑ９Ｄ", "7K4M2Q9D", true],
    ["绑定 OI4M-2L9D", "014M219D", true],
    [" 7K4M-2Q9D ", "7K4M2Q9D", false],
    ["7k4m—2q9d", "7K4M2Q9D", false],
  ])("is read from %j", (text, code, meant) => {
    expect(readLinkCode(text)).toEqual({ code, meant });
  });

  test.each([
    "20881234",
    "2088-1234",
    "绑定 20881234",
    "订单 20881234 到哪了",
    "7K4M2Q9D",
    "link this page",
    "good-news",
    "绑定手机怎么弄",
    "我要绑定 7K4M-2Q9D 可以吗",
    "",
  ])("is not %j", (text) => {
    expect(readLinkCode(text)).toBeUndefined();
  });

  test("comes with a deep link, as a code or as a long nonce", () => {
    expect(readLinkPayload("link_7k4m2q9d")).toBe("7K4M2Q9D");
    const nonce = "a".repeat(20) + "Bc-_".repeat(5);
    expect(readLinkPayload(`link_${nonce}`)).toBe(nonce);
    for (const payload of ["promo", "link_", "link_short", "link_a b c d e f", `link_${"x".repeat(65)}`])
      expect(readLinkPayload(payload)).toBeUndefined();
    expect(spellCode("7K4M2Q9D")).toBe("7K4M-2Q9D");
  });
});

describe("a phone number", () => {
  test.each([
    ["13812346721", "86", "+8613812346721"],
    ["138 1234 6721", "86", "+8613812346721"],
    ["86-138-1234-6721", "86", "+8613812346721"],
    ["+86 138 1234 6721", "86", "+8613812346721"],
    ["0086 13812346721", "86", "+8613812346721"],
    ["１３８１２３４６７２１", "86", "+8613812346721"],
    ["0571-88886666", "86", "+8657188886666"],
    ["(010) 8888 6666", "86", "+861088886666"],
    ["+1 (202) 555-0147", "86", "+12025550147"],
    ["202-555-0147", "1", "+12025550147"],
    ["1-202-555-0147", "1", "+12025550147"],
    ["0912345678", "886", "+886912345678"],
    ["+886 0912345678", "86", "+886912345678"],
    ["090-0000-1284", "81", "+819000001284"],
    ["+447911123456", "86", "+447911123456"],
  ])("%j at +%s is %s", (text, code, number) => {
    expect(toE164(text, code)).toBe(number);
    expect(toE164(number, code)).toBe(number);
  });

  test.each([
    ["138****6721", "86"],
    ["8001", "86"],
    ["20881234", "86"],
    ["202606151200", "86"],
    ["12812346721", "86"],
    ["+86 12812346721", "1"],
    ["0912345678", "86"],
    ["anonymous", "86"],
    ["", "86"],
    ["+0123456789", "86"],
  ])("%j at +%s is none", (text, code) => {
    expect(toE164(text, code)).toBeUndefined();
  });

  test("is one of the spellings people leave it in", () => {
    for (const spelling of phoneSpellings("+8613812346721")) expect(toE164(spelling, "86")).toBe("+8613812346721");
    for (const spelling of phoneSpellings("+12025550147")) expect(toE164(spelling, "1")).toBe("+12025550147");
    expect(phoneSpellings("+447911123456")).toEqual(["+447911123456", "447911123456"]);
  });

  test("is read by the shop's country", () => {
    expect(callingCodeOf({ locale: "zh-CN" })).toBe("86");
    expect(callingCodeOf({ locale: "zh-TW" })).toBe("886");
    expect(callingCodeOf({ locale: "en" })).toBe("1");
    expect(callingCodeOf({ locale: "en", callingCode: "44" })).toBe("44");
  });

  test("and an address are found in what somebody writes", () => {
    expect(addressesIn("我是 13812346721，邮箱 Mei.Lin@Shop.example", "86")).toEqual({
      phones: ["+8613812346721"],
      emails: ["mei.lin@shop.example"],
    });
    expect(addressesIn("订单 20881234，2026-06-15 下的单，¥199.00", "86")).toEqual({ phones: [], emails: [] });
  });
});
