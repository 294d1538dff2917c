/** What answers when: windows, versions on their way, and several processes that agree without a word. */
import { expect, it } from "vitest";
import { buildIndex, buildIndexInSteps } from "../../knowledge/index.ts";
import type { ArticleDraft, Rollout } from "../../src/core/article.ts";
import type { PublishedChange } from "../../src/core/ports.ts";
import { createKnowledge } from "../../src/desk/knowledge.ts";
import { anArticle } from "../support/builders.ts";

const END = Date.parse("2026-11-11T23:59:59+08:00");

/** Several processes on the same rows. */
function processes(rows: readonly PublishedChange[], count = 3) {
  const store = {
    articlesChangedAfter: async (_: string, mark: number) => rows.filter((row) => row.mark > mark),
    synonyms: async () => ({ groups: [], stopWords: [], changedAt: 0 }),
  };
  return Array.from({ length: count }, () =>
    createKnowledge({ store, engine: { build: buildIndex }, settings: async () => ({}) }),
  );
}

const row = (id: string, published: ArticleDraft | undefined, next?: Rollout): PublishedChange => ({
  id,
  mark: 1,
  ...(published === undefined ? {} : { published, version: 1 }),
  ...(next === undefined ? {} : { next }),
});
const promo = anArticle({ question: "满200减30怎么用", phrasings: [], keywords: [], answer: "旧" });

it("a promotion ends between two milliseconds, on processes that have long had it in memory", async () => {
  const all = processes([row("promo", { ...promo, validUntil: END })]);
  for (const now of [END - 500, END, END + 1, END + 1000]) {
    const found = await Promise.all(all.map((one) => one.match({ shopId: "s", text: "满200减30怎么用", now })));
    expect(found.map(({ matches }) => matches.length > 0)).toEqual(all.map(() => now <= END));
    const told = await Promise.all(all.map((one) => one.told({ shopId: "s", articleId: "promo", now })));
    expect(told.map((one) => one !== undefined)).toEqual(all.map(() => now <= END));
  }
});

it("a version to some of the contacts is the same contacts' on every process, and a larger share keeps them", async () => {
  const contacts = Array.from({ length: 3000 }, (_, i) => `con_${i.toString(16)}`);
  const reached = async (percent: number) => {
    const next = { draft: { ...promo, answer: "新" }, version: 2, percent, from: 0 };
    const all = processes([row("promo", promo, next)]);
    const versions = await Promise.all(
      all.map((one) =>
        Promise.all(
          contacts.map(
            async (contactId) =>
              (await one.match({ shopId: "s", text: "满200减30怎么用", contactId, now: 5 })).matches.map(
                ({ version }) => version,
              )[0],
          ),
        ),
      ),
    );
    for (const other of versions) expect(other).toEqual(versions[0]);
    return contacts.filter((_, i) => versions[0]?.[i] === 2);
  };
  const [tenth, half] = [await reached(10), await reached(50)];
  expect(tenth.length / contacts.length).toBeGreaterThan(0.08);
  expect(tenth.length / contacts.length).toBeLessThan(0.12);
  expect(half.length / contacts.length).toBeGreaterThan(0.47);
  expect(half.length / contacts.length).toBeLessThan(0.53);
  expect(tenth.filter((contact) => !half.includes(contact))).toEqual([]);
});

it("a version from a time on answers everyone from that millisecond, by the rows alone", async () => {
  const next = { draft: { ...promo, answer: "新" }, version: 2, percent: 100, from: 10_000 };
  for (const one of processes([row("promo", promo, next)])) {
    const answer = async (now: number, at?: number) =>
      (await one.match({ shopId: "s", text: "满200减30怎么用", now, ...(at === undefined ? {} : { at }) })).matches[0]
        ?.article.answer;
    expect(await answer(9_999)).toBe("旧");
    expect(await answer(9_999, 10_000)).toBe("新");
    expect(await answer(10_000)).toBe("新");
    expect(await answer(10_000, 9_999)).toBe("旧");
  }
});

it("an article nobody was told before answers only those it reaches", async () => {
  const [one] = processes([row("promo", undefined, { draft: promo, version: 1, percent: 50, from: 0 })], 1);
  const found = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      one?.match({ shopId: "s", text: "满200减30怎么用", contactId: `c${i}`, now: 1 }),
    ),
  );
  const answered = found.filter((answer) => (answer?.matches.length ?? 0) > 0).length;
  expect(answered).toBeGreaterThan(60);
  expect(answered).toBeLessThan(140);
  expect((await one?.match({ shopId: "s", text: "满200减30怎么用", now: 1 }))?.matches).toEqual([]);
});

it("a large import answers as a whole, and whoever asks meanwhile is answered by what there was", async () => {
  const rows: PublishedChange[] = [{ ...row("promo", promo), mark: 1 }];
  const store = {
    articlesChangedAfter: async (_: string, mark: number) => rows.filter((one) => one.mark > mark),
    synonyms: async () => ({ groups: [], stopWords: [], changedAt: 0 }),
  };
  let pauses = 0;
  const buildInSteps: typeof buildIndexInSteps = function* (...given) {
    const steps = buildIndexInSteps(...given);
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      pauses++;
      yield;
    }
  };
  const one = createKnowledge({ store, engine: { build: buildIndex, buildInSteps }, settings: async () => ({}) });
  const first = async (text: string, now: number) =>
    (await one.match({ shopId: "s", text, now })).matches[0]?.articleId;
  expect(await first("满200减30怎么用", 0)).toBe("promo");
  const words = ["雨伞", "台灯", "帐篷", "口红", "键盘"];
  for (let i = 0; i < 3000; i++) {
    const question = `型号${1000 + i}的${words[i % words.length]}怎么清洗`;
    rows.push({ ...row(`a${i}`, anArticle({ question, phrasings: [], keywords: [] })), mark: 20_000 });
  }
  pauses = 0;
  const imported = first("型号3999的键盘怎么清洗", 20_000);
  await new Promise((resolve) => setTimeout(resolve, 0));
  // Asked while the index is being built.
  expect(await first("满200减30怎么用", 20_001)).toBe("promo");
  expect(pauses).toBeLessThan(15);
  // Changed while the index is being built.
  rows.push({
    ...row("late", anArticle({ question: "鲸鱼抱枕会不会掉毛", phrasings: [], keywords: [] })),
    mark: 21_100,
  });
  expect(await first("鲸鱼抱枕会不会掉毛", 21_100)).toBe("late");
  expect(await imported).toBe("a2999");
  expect(pauses).toBeGreaterThan(14);
  expect(await first("鲸鱼抱枕会不会掉毛", 21_200)).toBe("late");
  expect(await first("满200减30怎么用", 21_200)).toBe("promo");
});
