/** Which answer is told, and which translations are behind. */
import { describe, expect, it } from "vitest";
import {
  type AnswerPlace,
  type AnswerVariant,
  type ArticleDraft,
  audienceOf,
  pickAnswer,
} from "../../src/core/article.ts";
import { isStale, staleVariants, trackTranslations } from "../../src/core/translation.ts";
import { anArticle } from "../support/builders.ts";

describe("the answer", () => {
  const variants: readonly AnswerVariant[] = [
    { channel: "sms", text: "sms" },
    { audience: "vip", text: "vip" },
    { audience: "vip", channel: "sms", text: "vip sms" },
    { locale: "en", text: "en" },
    { locale: "en", channel: "sms", text: "en sms" },
    { locale: "en", audience: "VIP", text: "en vip" },
    { audience: "wholesale", text: "wholesale" },
  ];
  const article = { answer: "default", answers: variants };
  const table: readonly (readonly [AnswerPlace, string])[] = [
    [{}, "default"],
    [{ locale: "zh-CN", channel: "web" }, "default"],
    [{ channel: "sms" }, "sms"],
    [{ audience: ["vip"] }, "vip"],
    [{ audience: ["Vip"] }, "vip"],
    [{ audience: ["vip"], channel: "sms" }, "vip sms"],
    [{ audience: ["gold"], channel: "sms" }, "sms"],
    [{ locale: "en" }, "en"],
    [{ locale: "en", channel: "sms" }, "en sms"],
    // Whom it is meant for counts more than where it is said, the language more than both.
    [{ locale: "en", channel: "sms", audience: ["vip"] }, "en vip"],
    [{ locale: "en", audience: ["wholesale"] }, "en"],
    [{ locale: "ja", audience: ["wholesale", "vip"] }, "vip"],
  ];
  it.each(table)("for %o is %s", (place, text) => expect(pickAnswer(article, place).text).toBe(text));

  it("of a translation that is behind is told or not, as the shop says", () => {
    const behind = { ...article, sourceVersion: 3, answers: [{ locale: "en", text: "old", sourceVersion: 2 }] };
    const told = (staleTranslations?: "answer" | "fallback", sourceVersion = 3) =>
      pickAnswer({ ...behind, sourceVersion }, { locale: "en", ...(staleTranslations && { staleTranslations }) }).text;
    expect(told()).toBe("old");
    expect(told("answer")).toBe("old");
    expect(told("fallback")).toBe("default");
    expect(told("fallback", 2)).toBe("old");
  });

  it("is for a contact by the tags on the card", () => {
    expect(audienceOf({ vip: false, tags: ["wholesale"] })).toEqual(["wholesale"]);
    expect(audienceOf({ vip: true, tags: ["wholesale"] })).toEqual(["vip", "wholesale"]);
  });
});

describe("translations", () => {
  const source = anArticle({ locale: "zh-CN", answer: "当天发出。" });
  const en = (text: string, sourceVersion?: number): AnswerVariant => ({
    locale: "en",
    text,
    ...(sourceVersion === undefined ? {} : { sourceVersion }),
  });
  /** Saves one after the other, as the versions 1, 2, 3 … */
  const saved = (...drafts: readonly ArticleDraft[]) =>
    drafts.reduce<{ draft: ArticleDraft; version: number } | undefined>((before, draft) => {
      const version = (before?.version ?? 0) + 1;
      return { version, draft: trackTranslations(draft, { before, version }) };
    }, undefined)?.draft ?? source;
  const stale = (draft: ArticleDraft) => staleVariants(draft).map(({ text }) => text);

  const table: readonly (readonly [string, readonly ArticleDraft[], readonly string[]])[] = [
    ["are current when they come with the article", [{ ...source, answers: [en("Today.")] }], []],
    [
      "are behind once the answer changes without them",
      [
        { ...source, answers: [en("Today.")] },
        { ...source, answer: "次日发出。", answers: [en("Today.")] },
      ],
      ["Today."],
    ],
    [
      "are behind once the question changes without them",
      [
        { ...source, answers: [en("Today.")] },
        { ...source, question: "几天发货", answers: [en("Today.")] },
      ],
      ["Today."],
    ],
    [
      "stay current when only phrasings change",
      [
        { ...source, answers: [en("Today.")] },
        { ...source, phrasings: ["发货要几天"], answers: [en("Today.")] },
      ],
      [],
    ],
    [
      "changed together with the source are current",
      [
        { ...source, answers: [en("Today.")] },
        { ...source, answer: "次日发出。", answers: [en("Tomorrow.")] },
      ],
      [],
    ],
    [
      "catch up by being changed later",
      [
        { ...source, answers: [en("Today.")] },
        { ...source, answer: "次日发出。", answers: [en("Today.")] },
        { ...source, answer: "次日发出。", answers: [en("Tomorrow.")] },
      ],
      [],
    ],
    [
      "catch up by being found right for the source as it is",
      [
        { ...source, answers: [en("Soon.")] },
        { ...source, answer: "次日发出。", answers: [en("Soon.")] },
        { ...source, answer: "次日发出。", answers: [en("Soon.", 2)] },
      ],
      [],
    ],
    [
      "are not found right for a source that changes in the same moment",
      [
        { ...source, answers: [en("Soon.")] },
        { ...source, answer: "次日发出。", answers: [en("Soon.", 2)] },
      ],
      ["Soon."],
    ],
    [
      "are each for themselves",
      [
        { ...source, answers: [en("Today."), { locale: "ja", text: "当日" }] },
        { ...source, answer: "次日发出。", answers: [en("Tomorrow."), { locale: "ja", text: "当日" }] },
      ],
      ["当日"],
    ],
    [
      "of an article from before they were followed are taken for current, until the source changes",
      [
        { ...source, answers: [] },
        { ...source, answers: [en("Today.")] },
        { ...source, answers: [en("Today.")] },
      ],
      [],
    ],
    [
      "are what another language says: a variant in the source's own is none",
      [
        { ...source, answers: [{ locale: "zh-CN", channel: "sms", text: "当天" }] },
        { ...source, answer: "次日发出。", answers: [{ locale: "zh-CN", channel: "sms", text: "当天" }] },
      ],
      [],
    ],
  ];
  it.each(table)("%s", (_, drafts, behind) => expect(stale(saved(...drafts))).toEqual(behind));

  it("know which version they were translated from", () => {
    const draft = saved(
      { ...source, answers: [en("Today.")] },
      { ...source, answer: "次日发出。", answers: [en("Today.")] },
      { ...source, answer: "后天发出。", answers: [en("Today.")] },
    );
    expect(draft).toMatchObject({ sourceVersion: 3, answers: [{ sourceVersion: 1 }] });
  });

  it("of a stored article without any numbers begin with the version they were found in", () => {
    const old = { draft: { ...source, answers: [en("Today.")] }, version: 7 };
    const kept = trackTranslations(old.draft, { before: old, version: 8 });
    expect(kept).toMatchObject({ sourceVersion: 7, answers: [{ sourceVersion: 7 }] });
    const moved = trackTranslations({ ...old.draft, answer: "次日发出。" }, { before: old, version: 8 });
    expect(moved).toMatchObject({ sourceVersion: 8, answers: [{ sourceVersion: 7 }] });
    expect(moved.answers.every((variant) => isStale(variant, moved))).toBe(true);
  });

  it("leave no number on an article without them", () => {
    expect(saved(source, source)).not.toHaveProperty("sourceVersion");
  });
});
