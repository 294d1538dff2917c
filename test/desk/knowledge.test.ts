/** What answers when: windows, versions on their way, and several processes that agree without a word. */
import { expect, it } from "vitest";
import { buildIndex, buildIndexInSteps, restoreIndex } from "../../knowledge/index.ts";
import type { ArticleDraft, Rollout } from "../../src/core/article.ts";
import type { Logger, PublishedChange, Store } from "../../src/core/ports.ts";
import type { Starters } from "../../src/core/starters.ts";
import { createIndexCopies } from "../../src/desk/index-copies.ts";
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

it("edits under way are put over a large index for who asks with them, and nobody else is answered from them", async () => {
  const words = ["雨伞", "台灯", "帐篷", "口红", "键盘"];
  const rows = Array.from({ length: 4000 }, (_, i) => {
    const question = `型号${1000 + i}的${words[i % words.length]}怎么清洗`;
    return { ...row(`a${i}`, anArticle({ question, phrasings: [], keywords: [] })), mark: i + 1 };
  });
  const store = {
    articlesChangedAfter: async (_: string, mark: number) => rows.filter((one) => one.mark > mark),
    synonyms: async () => ({ groups: [], stopWords: [], changedAt: 0 }),
  };
  let builds = 0;
  const engine = {
    build: buildIndex,
    buildInSteps: (...given: Parameters<typeof buildIndexInSteps>) => {
      builds += 1;
      return buildIndexInSteps(...given);
    },
  };
  const one = createKnowledge({ store, engine, settings: async () => ({}) });
  const ids = (answer: { readonly matches: readonly { readonly articleId: string }[] } | undefined) =>
    answer?.matches.map(({ articleId }) => articleId);
  const asked = { text: "鲸鱼抱枕会不会掉毛", at: 0 };
  const draft = anArticle({ question: asked.text, phrasings: [], keywords: [] });
  const edited = anArticle({ question: "鲸鱼抱枕会掉毛吗", phrasings: [], keywords: [] });
  const live = () => one.match({ shopId: "s", text: asked.text, now: 0 });
  const untouched = await live();
  expect(ids(untouched)).not.toContain("new");
  const own = await one.match({ shopId: "s", text: rows[7]?.published?.question ?? "", now: 0 });
  expect(ids(own)?.[0]).toBe("a7");

  const shadow = await one.shadow({ shopId: "s", now: 0, drafts: [{ id: "new", draft }] });
  const other = await one.shadow({ shopId: "s", now: 0, drafts: [{ id: "a7", draft: edited }] });
  const none = await one.shadow({ shopId: "s", now: 0, drafts: [{ id: "a7", draft: undefined }] });
  expect(builds).toBe(1);
  expect(ids(shadow.match(asked))?.[0]).toBe("new");
  expect(ids(other.match(asked))?.[0]).toBe("a7");
  expect(ids(other.match(asked))).not.toContain("new");
  expect(ids(await live())).not.toContain("new");
  expect(ids(await live())).not.toContain("a7");
  // As it is told, while somebody asks with an edit of it, and with it withdrawn.
  const again = { text: rows[7]?.published?.question ?? "", at: 0 };
  expect(await one.match({ shopId: "s", text: again.text, now: 0 })).toEqual(own);
  expect(ids(other.match(again))?.[0]).not.toBe("a7");
  expect(ids(none.match(again))).not.toContain("a7");
  expect(ids(shadow.match(again))?.[0]).toBe("a7");

  // The index is built anew meanwhile, and the edits are asked on.
  for (let i = 0; i < 300; i++)
    rows.push({
      ...row(`b${i}`, anArticle({ question: `第${i}号柜台在哪里`, phrasings: [], keywords: [] })),
      mark: 9000 + i,
    });
  expect(ids(await one.match({ shopId: "s", text: "第299号柜台在哪里", now: 5000 }))?.[0]).toBe("b299");
  expect(builds).toBe(2);
  expect(ids(shadow.match(asked))?.[0]).toBe("new");
  expect(ids(other.match(asked))?.[0]).toBe("a7");
  for (const side of [shadow, other, none]) side.close();
  expect(ids(await one.match({ shopId: "s", text: asked.text, now: 5000 }))).not.toContain("new");
  const tried = await one.match({ shopId: "s", text: asked.text, now: 5000, draft: { id: "new", draft } });
  expect(ids(tried)?.[0]).toBe("new");
  expect(ids(await one.match({ shopId: "s", text: asked.text, now: 5000 }))).not.toContain("new");
});

it("what was built to check an import answers once it is written, but for what changed meanwhile", async () => {
  const words = ["雨伞", "台灯", "帐篷", "口红", "键盘"];
  const imported = Array.from({ length: 2000 }, (_, i) => {
    const question = `型号${1000 + i}的${words[i % words.length]}怎么清洗`;
    return { id: `a${i}`, draft: anArticle({ question, phrasings: [], keywords: [] }) };
  });
  const rows: PublishedChange[] = [{ ...row("promo", promo), mark: 1 }];
  const store = {
    articlesChangedAfter: async (_: string, mark: number) => rows.filter((one) => one.mark > mark),
    synonyms: async () => ({ groups: [], stopWords: [], changedAt: 0 }),
  };
  let builds = 0;
  const engine = {
    build: buildIndex,
    buildInSteps: (...given: Parameters<typeof buildIndexInSteps>) => {
      builds += 1;
      return buildIndexInSteps(...given);
    },
  };
  const one = createKnowledge({ store, engine, settings: async () => ({}) });
  const first = async (text: string, now: number) =>
    (await one.match({ shopId: "s", text, now })).matches[0]?.articleId;
  expect(await first("满200减30怎么用", 0)).toBe("promo");
  const shadow = await one.shadow({ shopId: "s", now: 0, drafts: imported });
  expect(builds).toBe(2);
  expect(shadow.match({ text: "型号2999的键盘怎么清洗", at: 0 }).matches[0]?.articleId).toBe("a1999");
  shadow.close();
  // All but one are written, one is written otherwise, and one is withdrawn meanwhile.
  for (const [place, { id, draft }] of imported.slice(1).entries()) {
    const written = id === "a7" ? anArticle({ question: "鲸鱼抱枕会不会掉毛", phrasings: [], keywords: [] }) : draft;
    rows.push({ ...row(id, written), mark: 10 + place });
  }
  rows.push({ id: "promo", mark: 5000 });
  expect(await first("型号2999的键盘怎么清洗", 1000)).toBe("a1999");
  expect(builds).toBe(2);
  expect(await first("鲸鱼抱枕会不会掉毛", 1000)).toBe("a7");
  for (const gone of ["型号1000的雨伞怎么清洗", "型号1007的帐篷怎么清洗", "满200减30怎么用"])
    expect(["a0", "a7", "promo"], gone).not.toContain(await first(gone, 1000));

  // Kept for a while only, and of no use once much else has changed.
  await one.shadow({ shopId: "s", now: 2000, drafts: imported });
  expect(builds).toBe(3);
  for (let i = 0; i < 400; i++)
    rows.push({
      ...row(`b${i}`, anArticle({ question: `第${i}号柜台在哪里`, phrasings: [], keywords: [] })),
      mark: 6000 + i,
    });
  expect(await first("第399号柜台在哪里", 3000)).toBe("b399");
  expect(builds).toBe(4);
});

it("however often edits are tried, the index is built anew in steps and answers all the while", async () => {
  const words = ["雨伞", "台灯", "帐篷", "口红", "键盘"];
  const rows = Array.from({ length: 4000 }, (_, i) => {
    const question = `型号${1000 + i}的${words[i % words.length]}怎么清洗`;
    return { ...row(`a${i}`, anArticle({ question, phrasings: [], keywords: [] })), mark: i + 1 };
  });
  const store = {
    articlesChangedAfter: async (_: string, mark: number) => rows.filter((one) => one.mark > mark),
    synonyms: async () => ({ groups: [], stopWords: [], changedAt: 0 }),
  };
  let inSteps = 0;
  const engine = {
    build: buildIndex,
    buildInSteps: (...given: Parameters<typeof buildIndexInSteps>) => {
      inSteps += 1;
      return buildIndexInSteps(...given);
    },
  };
  const one = createKnowledge({ store, engine, settings: async () => ({}) });
  const first = async (text: string, draft?: ArticleDraft) => {
    const asked = { shopId: "s", text, now: 0 };
    const answer = await one.match(draft === undefined ? asked : { ...asked, draft: { id: "new", draft } });
    return answer.matches[0]?.articleId;
  };
  for (let i = 0; i < 400; i++) {
    const draft = anArticle({ question: `鲸鱼抱枕第${i}次会不会掉毛`, phrasings: [], keywords: [] });
    expect(await first(draft.question, draft)).toBe("new");
    if (i % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(await first("型号3999的键盘怎么清洗")).toBe("a2999");
  expect(inSteps).toBeGreaterThan(1);
  expect(inSteps).toBeLessThan(8);
});

it("starters make way as the setting says and the shop's own articles grow", async () => {
  const starter = (id: string, question: string, fields: object = {}) => ({
    ...row(id, anArticle({ question, phrasings: [], keywords: [], locale: "zh-CN" })),
    starterVersion: 1,
    ...fields,
  });
  const own = (i: number, fields: object = {}) => ({
    ...row(`own${i}`, anArticle({ question: `第${i}家门店的钥匙放在哪里`, phrasings: [], keywords: [] })),
    ...fields,
  });
  const packs = [
    starter("untouched", "下单后多久发货"),
    starter("edited", "发货后几天能到", { version: 2 }),
    starter("again", "怎么开公司抬头", { starterVersion: 0 }),
  ];
  const many = (count: number, fields: object = {}) => Array.from({ length: count }, (_, i) => own(i, fields));
  const later = { published: undefined, version: undefined };
  const arriving = (from: number, percent = 100) => ({
    ...later,
    next: { draft: own(0).published ?? anArticle(), version: 1, percent, from },
  });
  const table: readonly (readonly [Starters | undefined, readonly PublishedChange[], steps: boolean])[] = [
    [undefined, many(9), false],
    [undefined, many(10), true],
    ["auto", many(9), false],
    ["auto", many(10), true],
    // Edited starters answer, and are not what a shop wrote itself.
    ["auto", [...many(9), starter("more", "可以货到付款吗", { version: 3 })], false],
    ["auto", [...many(9), own(9, arriving(4000))], true],
    ["auto", [...many(9), own(9, arriving(6000))], false],
    ["auto", [...many(9), own(9, arriving(4000, 50))], false],
    ["always", many(50), false],
    ["never", [], true],
  ];
  for (const [starters, rows, steps] of table) {
    const store = {
      articlesChangedAfter: async (_: string, mark: number) => (mark > 0 ? [] : [...packs, ...rows]),
      synonyms: async () => ({ groups: [], stopWords: [], changedAt: 0 }),
    };
    const settings = async () => (starters === undefined ? {} : { starters });
    const one = createKnowledge({ store, engine: { build: buildIndex }, settings });
    const first = async (text: string) =>
      (await one.match({ shopId: "s", text, locale: "zh-CN", now: 5000 })).matches[0]?.articleId;
    const note = JSON.stringify([starters, rows.length, rows.at(-1)?.next?.from]);
    expect(await first("发货后几天能到"), note).toBe("edited");
    expect(await first("怎么开公司抬头"), note).toBe("again");
    expect((await first("下单后多久发货")) === "untouched", note).toBe(!steps);
    const told = await one.told({ shopId: "s", articleId: "untouched", now: 5000 });
    expect(told === undefined, note).toBe(steps);
    expect(await one.starters({ shopId: "s", now: 5000 }), note).toEqual({
      stepBack: steps,
      steppedBack: steps ? 1 : 0,
    });
    const shadow = await one.shadow({ shopId: "s", now: 5000, drafts: [] });
    expect(
      [...shadow.articles()].some(({ articleId }) => articleId === "untouched"),
      note,
    ).toBe(!steps);
    // As if it were edited now.
    const draft = anArticle({ question: "下单后多久发货", phrasings: [], keywords: [] });
    const edits = await one.shadow({ shopId: "s", now: 5000, drafts: [{ id: "untouched", draft }] });
    expect(edits.match({ text: "下单后多久发货", at: 5000 }).matches[0]?.articleId, note).toBe("untouched");
  }
});

it("an article of one's own too many sends the starters away, and its end brings them back, within a second", async () => {
  const rows: PublishedChange[] = [
    { ...row("pack", anArticle({ question: "下单后多久发货", phrasings: [], keywords: [] })), starterVersion: 1 },
  ];
  const store = {
    articlesChangedAfter: async (_: string, mark: number) => rows.filter((one) => one.mark > mark),
    synonyms: async () => ({ groups: [], stopWords: [], changedAt: 0 }),
  };
  let starters: Starters = "auto";
  const one = createKnowledge({
    store,
    engine: { build: buildIndex, buildInSteps: buildIndexInSteps },
    settings: async () => ({ starters }),
  });
  const answers = async (now: number) =>
    (await one.match({ shopId: "s", text: "下单后多久发货", now })).matches.some(
      ({ articleId }) => articleId === "pack",
    );
  expect(await answers(0)).toBe(true);
  for (let i = 0; i < 10; i++)
    rows.push({
      ...row(`own${i}`, anArticle({ question: `第${i}家门店在哪`, phrasings: [], keywords: [] })),
      mark: 10 + i,
    });
  expect(await answers(1500)).toBe(false);
  rows.push({ id: "own3", mark: 40 });
  expect(await answers(3000)).toBe(true);
  rows.push({
    ...row("own3", anArticle({ question: "停车场在哪", phrasings: [], keywords: [] })),
    version: 2,
    mark: 50,
  });
  expect(await answers(4500)).toBe(false);
  starters = "always";
  expect(await answers(4600)).toBe(true);
  starters = "never";
  expect(await answers(4700)).toBe(false);
});

it("a large index is read from the copy another process left, with what changed since", async () => {
  const words = ["雨伞", "台灯", "帐篷", "口红", "键盘"];
  const rows: PublishedChange[] = Array.from({ length: 3200 }, (_, i) => ({
    ...row(`a${i}`, anArticle({ question: `型号${1000 + i}的${words[i % 5]}怎么清洗`, phrasings: [], keywords: [] })),
    mark: i + 1,
  }));
  let groups: readonly (readonly string[])[] = [];
  let kept: (Parameters<Store["saveIndexSnapshot"]>[0] & { body: string }) | undefined;
  let built = 0;
  const start = () => {
    const warned: unknown[] = [];
    const one = createKnowledge({
      store: {
        articlesChangedAfter: async (_, mark, limit) => rows.filter((change) => change.mark > mark).slice(0, limit),
        synonyms: async () => ({ groups, stopWords: [], changedAt: groups.length }),
      },
      engine: {
        build: buildIndex,
        buildInSteps(...given) {
          built += 1;
          return buildIndexInSteps(...given);
        },
      },
      settings: async () => ({}),
      copies: createIndexCopies({
        restore: restoreIndex,
        store: {
          indexSnapshot: async (_, kind) => (kept?.kind === kind ? kept : undefined),
          saveIndexSnapshot: async (copy) => {
            kept = { ...copy };
          },
        },
        largest: 10_000_000,
        log: { warn: (given: unknown) => warned.push(given) } as unknown as Logger,
      }),
    });
    const first = async (text: string, now = 0) => (await one.match({ shopId: "s", text, now })).matches[0]?.articleId;
    return { first, warned };
  };
  expect(await start().first("型号1042的帐篷怎么清洗")).toBe("a42");
  expect([built, kept?.mark]).toEqual([1, 3200]);

  // Changed, withdrawn and new since the copy was made.
  rows.push({ ...row("new", anArticle({ question: "鲸鱼抱枕会不会掉毛", phrasings: [], keywords: [] })), mark: 4000 });
  rows.push({ id: "a42", mark: 4001 });
  const second = start();
  expect(await second.first("型号1043的口红怎么清洗")).toBe("a43");
  expect(await second.first("鲸鱼抱枕会不会掉毛")).toBe("new");
  expect(await second.first("型号1042的帐篷怎么清洗")).not.toBe("a42");
  expect([built, second.warned]).toEqual([1, []]);

  // Other words make another index; what is no copy is none.
  groups = [["抱枕", "靠垫"]];
  expect(await start().first("鲸鱼靠垫会不会掉毛")).toBe("new");
  expect([built, kept?.mark]).toEqual([2, 4001]);
  if (kept !== undefined) kept.body = "%%%";
  const broken = start();
  expect(await broken.first("鲸鱼靠垫会不会掉毛")).toBe("new");
  expect([built, broken.warned.length]).toEqual([3, 1]);

  // Too much has changed since for it to be worth it.
  for (let i = 0; i < 200; i += 1)
    rows.push({
      ...row(`b${i}`, anArticle({ question: `灯罩${i}号多大`, phrasings: [], keywords: [] })),
      mark: 5000 + i,
    });
  expect(await start().first("灯罩77号多大")).toBe("b77");
  expect(built).toBe(4);
});
