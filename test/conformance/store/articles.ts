import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import type { ArticleSave } from "../../../src/core/ports.ts";
import { anArticle } from "../../support/builders.ts";
import { aTurn, at, type Bench, createScene, onEach, present, range, times } from "./bench.ts";

export function testArticles(bench: Bench): void {
  function shelf() {
    const scene = createScene(bench);
    const { shopId } = scene;
    const save = (id: string, fields: Partial<ArticleSave> = {}, store = bench.store) =>
      store.saveArticle({ shopId, id, draft: anArticle(), publish: false, now: scene.clock.now(), ...fields });
    return {
      ...scene,
      save,
      publish: (id: string) => bench.store.publishArticle({ shopId, id, by: "林", now: scene.clock.now() }),
      remove: (id: string) => bench.store.deleteArticle({ shopId, id, now: scene.clock.now() }),
      article: (id: string) => bench.store.article(shopId, id),
      versions: (id: string) => bench.store.articleVersions(shopId, id),
      changes: (mark = 0) => bench.store.articlesChangedAfter(shopId, mark),
      list: async (filter: object = {}) =>
        (await bench.store.articles(shopId, { limit: 99, ...filter })).items.map(({ id }) => id),
    };
  }

  describe("an article", () => {
    test("is a draft until it is published, and again after the next save", async () => {
      const { save, publish, article, shopId } = shelf();
      const first = anArticle({ category: "发货", locale: "zh-CN", validFrom: 1, skill: "order-status" });
      expect(await save("a1", { draft: first })).toMatchObject({
        ...first,
        id: "a1",
        shopId,
        version: 1,
        status: "draft",
      });
      expect(await article("a1")).not.toHaveProperty("published");
      expect(await publish("a1")).toMatchObject({
        status: "published",
        version: 1,
        publishedVersion: 1,
        published: first,
      });
      const second = anArticle({ answer: "次日发出。" });
      expect(await save("a1", { draft: second, seen: 1 })).toMatchObject({
        ...second,
        version: 2,
        publishedVersion: 1,
        status: "draft",
        published: first,
      });
      expect(await save("a1", { draft: first, seen: 2, publish: true })).toMatchObject({
        version: 3,
        publishedVersion: 3,
        status: "published",
      });
      expect(await publish("unknown")).toBeUndefined();
    });

    test("is saved by one of those who saw the same version, and the others leave no trace", async () => {
      const { save, versions, events } = shelf();
      await save("a1");
      const saves = await onEach(bench, 6, (store, i) =>
        save("a1", { seen: 1, publish: true, by: `u${i}`, draft: anArticle({ answer: `${i}` }) }, store),
      );
      const winner = saves.findIndex((saved) => saved !== undefined);
      expect(saves.filter((saved) => saved !== undefined)).toMatchObject([{ version: 2, answer: `${winner}` }]);
      expect(await versions("a1")).toMatchObject([
        { version: 2, published: true, by: `u${winner}`, draft: { answer: `${winner}` } },
        { version: 1, published: false },
      ]);
      expect(await events()).toHaveLength(2);
      expect(await save("a1", { seen: 1, publish: true })).toBeUndefined();
      expect(await save("a1", { seen: 9 })).toBeUndefined();
      expect(await save("none", { seen: 1 })).toBeUndefined();
      expect(await events()).toHaveLength(2);
    });

    test("is made once, however many make it at once", async () => {
      const { save, versions, events } = shelf();
      const saves = await onEach(bench, 6, (store, i) =>
        save("a1", { draft: anArticle({ answer: `${i}` }), publish: i % 2 === 0 }, store),
      );
      expect(saves.filter((saved) => saved !== undefined)).toHaveLength(1);
      expect(await versions("a1")).toHaveLength(1);
      expect(await events()).toHaveLength(1);
    });

    test("keeps its versions as they were written", async () => {
      const { save, publish, versions } = shelf();
      for (const i of range(4)) {
        await save("a1", { draft: anArticle({ answer: `${i}` }), by: `u${i}`, ...(i === 0 ? {} : { seen: i }) });
        if (i === 2) await publish("a1");
      }
      await publish("a1");
      const kept = await versions("a1");
      expect(kept.map(({ version, draft, published, by }) => [version, draft.answer, published, by])).toEqual([
        [4, "3", true, "u3"],
        [3, "2", true, "u2"],
        [2, "1", false, "u1"],
        [1, "0", false, "u0"],
      ]);
    });

    test("can be made again under the id of a deleted one, and counts on", async () => {
      const { save, remove, article, versions, list } = shelf();
      await save("a1", { publish: true });
      expect(await remove("a1")).toBe(true);
      expect(await remove("a1")).toBe(false);
      expect(await article("a1")).toBeUndefined();
      expect(await list()).toEqual([]);
      expect(await save("a1", { seen: 1 })).toBeUndefined();
      expect(await save("a1", { draft: anArticle({ answer: "新" }) })).toMatchObject({
        version: 2,
        status: "draft",
        answer: "新",
      });
      expect(await article("a1")).not.toHaveProperty("published");
      expect((await versions("a1")).map(({ version }) => version)).toEqual([2, 1]);
    });

    test("changes what shoppers are told in an order that can be followed", async () => {
      const { save, publish, remove, changes, clock } = shelf();
      await save("a1", { publish: true });
      await save("a2", { publish: true });
      const [first, second] = await changes();
      expect([first?.id, second?.id]).toEqual(["a1", "a2"]);
      const mark = present(second).mark;
      expect(await changes(mark)).toEqual([]);
      await save("a1", { seen: 1 });
      expect(await changes(mark)).toEqual([]);
      await publish("a1");
      await remove("a2");
      const later = await changes(mark);
      expect(later).toMatchObject([{ id: "a1", version: 2 }, { id: "a2" }]);
      expect(later[1]).not.toHaveProperty("published");
      clock.advance(-60_000);
      await save("a3", { publish: true });
      expect((await changes(later.at(-1)?.mark)).map(({ id }) => id)).toEqual(["a3"]);
    });

    test("that changes while others do is not missed by who follows the marks", async () => {
      const { save, changes } = shelf();
      let writing = true;
      const writers = onEach(bench, 6, async (store, i) => {
        for (const round of range(5)) await save(`a${i}_${round}`, { publish: true }, store);
      }).finally(() => {
        writing = false;
      });
      const seen: string[] = [];
      const follow = async () => {
        for (let mark = 0, last = false; ; last = !writing) {
          const found = await changes(mark);
          seen.push(...found.map(({ id }) => id));
          mark = found.at(-1)?.mark ?? mark;
          if (last && found.length === 0) return;
          await aTurn();
        }
      };
      await Promise.all([follow(), writers]);
      expect(new Set(seen).size).toBe(30);
      expect(seen).toHaveLength(30);
    });

    test("is found by its words, state, category and language", async () => {
      const { save, list } = shelf();
      await save("ship", { draft: anArticle({ question: "Versand nach ÖSTERREICH?", category: "c1", locale: "de" }) });
      await save("fee", { draft: anArticle({ question: "100% off_now \\ 'ok'?", keywords: ["运费"] }), publish: true });
      expect(await list({ q: "österreich" })).toEqual(["ship"]);
      expect(await list({ q: "Österreich" })).toEqual(["ship"]);
      expect(await list({ q: "运费" })).toEqual(["fee"]);
      for (const q of ["100%", "off_now", "\\", "'ok'"]) expect(await list({ q })).toEqual(["fee"]);
      for (const q of ["1%f", "off.now", "o__f", "x".repeat(200)]) expect(await list({ q })).toEqual([]);
      expect(await list({ status: "published" })).toEqual(["fee"]);
      expect(await list({ status: "draft" })).toEqual(["ship"]);
      expect(await list({ category: "c1" })).toEqual(["ship"]);
      expect(await list({ locale: "de", q: "" })).toEqual(["ship"]);
    });
  });

  describe("an import", () => {
    test("brings all articles, new and known", async () => {
      const { save, article, versions, shopId, remove, list } = shelf();
      await save("a1", { publish: true });
      await save("a2", { publish: true });
      await remove("a2");
      const articles = range(40).map((i) => ({ id: `a${i}`, draft: anArticle({ answer: `v${i}` }) }));
      await bench.store.saveArticles({ shopId, articles, publish: false, by: "csv", now: 5 });
      expect(await list()).toHaveLength(40);
      expect(await article("a1")).toMatchObject({ version: 2, publishedVersion: 1, status: "draft", answer: "v1" });
      expect(await article("a2")).toMatchObject({ version: 2, status: "draft" });
      expect(await article("a39")).toMatchObject({ version: 1 });
      expect(await versions("a1")).toMatchObject([{ version: 2, by: "csv" }, { version: 1 }]);
      await bench.store.saveArticles({ shopId, articles: articles.slice(0, 2), publish: true, now: 6 });
      expect(await article("a1")).toMatchObject({ version: 3, status: "published" });
    });

    test("is all or nothing", async () => {
      const { everything, save, shopId } = shelf();
      await save("a1", { publish: true });
      const before = await everything();
      const good = (id: string) => ({ id, draft: anArticle() });
      // A row no engine takes, among rows it does.
      const bad = { id: null as unknown as string, draft: anArticle() };
      const articles = [good("a1"), good("a2"), bad, good("a3")];
      await expect(bench.store.saveArticles({ shopId, articles, publish: true, now: 5 })).rejects.toThrow();
      expect(await everything()).toEqual(before);
    });
  });

  describe("a starter", () => {
    const pack = (id: string) => ({ id, draft: anArticle({ answer: `pack ${id}` }) });

    test("is known by the version the pack wrote, whatever is saved after it, until it is published here", async () => {
      const { save, publish, article, changes, shopId } = shelf();
      const articles = [pack("a1"), pack("a2")];
      await bench.store.saveArticles({ shopId, articles, publish: true, isStarter: true, by: "starter", now: 5 });
      await save("own", { publish: true });
      expect(await article("a1")).toMatchObject({ starterVersion: 1, publishedVersion: 1 });
      expect(await article("own")).not.toHaveProperty("starterVersion");
      await save("a1", { seen: 1 });
      expect(await article("a1")).toMatchObject({ starterVersion: 1, publishedVersion: 1, version: 2 });
      await save("a1", { seen: 2, publish: true });
      expect(await article("a1")).toMatchObject({ starterVersion: 1, publishedVersion: 3 });
      const before = (await changes()).at(-1)?.mark ?? 0;
      await publish("a2");
      expect(await article("a2")).toMatchObject({ starterVersion: 0, publishedVersion: 1 });
      expect(await changes(before)).toMatchObject([{ id: "a2", version: 1, starterVersion: 0 }]);
    });

    test("stays the pack's where a save says so, and its id brings nothing of it back once it is deleted", async () => {
      const { save, article, remove, shopId } = shelf();
      const articles = [pack("a1"), pack("a2"), pack("a3")];
      await bench.store.saveArticles({ shopId, articles, publish: true, isStarter: true, now: 5 });
      await save("a1", { seen: 1, publish: true, isStarter: true });
      expect(await article("a1")).toMatchObject({ starterVersion: 2, publishedVersion: 2 });
      await bench.store.saveArticles({ shopId, articles: [pack("a1")], publish: true, now: 6 });
      expect(await article("a1")).toMatchObject({ starterVersion: 2, publishedVersion: 3 });
      await remove("a2");
      await remove("a3");
      await save("a2", { publish: true });
      await bench.store.saveArticles({ shopId, articles: [pack("a3")], publish: true, now: 7 });
      for (const id of ["a2", "a3"]) expect(await article(id)).not.toHaveProperty("starterVersion");
      await remove("a3");
      await bench.store.saveArticles({ shopId, articles: [pack("a3")], publish: true, isStarter: true, now: 8 });
      expect(await article("a3")).toMatchObject({ starterVersion: 3, publishedVersion: 3 });
    });
  });

  test("what changed for shoppers comes page by page, in order, all of it once", async () => {
    const { changes, shopId } = shelf();
    const articles = range(7).map((i) => ({ id: `a${i}`, draft: anArticle() }));
    await bench.store.saveArticles({ shopId, articles, publish: true, now: 5 });
    const paged: unknown[] = [];
    for (let mark = 0; ; ) {
      const page = await bench.store.articlesChangedAfter(shopId, mark, 3);
      paged.push(...page);
      if (page.length < 3) break;
      mark = page.at(-1)?.mark ?? mark;
    }
    expect(paged).toEqual(await changes());
    expect(paged).toHaveLength(7);
  });

  describe("the copy of an index", () => {
    test("is the newest one saved, whole however large, and the one before is gone", async () => {
      const { shopId, clock } = createScene(bench);
      const { store } = bench;
      expect(await store.indexSnapshot(shopId, "a")).toBeUndefined();
      const save = (mark: number, body: string, kind = "a") =>
        store.saveIndexSnapshot({ shopId, mark, kind, size: 3, body, now: clock.now() });
      await save(10, "AAAA");
      // More than fits into one row.
      const large = "QUJD".repeat(500_000);
      await save(20, large);
      await save(15, "BBBB");
      await save(20, "BBBB");
      expect(await store.indexSnapshot(shopId, "a")).toEqual({ mark: 20, body: large });
      await Promise.all([save(30, "CCCC"), save(40, "DDDD"), save(35, "EEEE")]);
      expect(await store.indexSnapshot(shopId, "a")).toEqual({ mark: 40, body: "DDDD" });
      await save(40, "GGGG", "b");
      expect(await store.indexSnapshot(shopId, "a")).toBeUndefined();
      expect(await store.indexSnapshot(shopId, "b")).toEqual({ mark: 40, body: "GGGG" });
      await save(50, "FFFF");
      expect(await bench.sql(`select body from files where shop_id = '${shopId}'`)).toEqual([["FFFF"]]);
      expect(await bench.sql(`select part from file_parts where shop_id = '${shopId}'`)).toEqual([]);
    });
  });

  describe("synonyms and gaps", () => {
    test("synonyms are one set for a shop, the last one saved", async () => {
      const { shopId } = createScene(bench);
      expect(await bench.store.synonyms(shopId)).toEqual({ groups: [], stopWords: [], changedAt: 0 });
      await bench.store.saveSynonyms({ shopId, groups: [["快递", "物流"]], stopWords: ["的"], now: 5 });
      await bench.store.saveSynonyms({ shopId, groups: [["a", "b"], []], stopWords: [], now: 6 });
      expect(await bench.store.synonyms(shopId)).toMatchObject({
        groups: [["a", "b"], []],
        stopWords: [],
        changedAt: 6,
      });
      // What somebody else saved meanwhile is not written over.
      const save = (seen: number, now: number) =>
        bench.store.saveSynonyms({ shopId, groups: [["c", `${now}`]], stopWords: [], seen, now });
      expect(await save(5, 7)).toBe(false);
      expect(await save(6, 6)).toBe(true);
      expect(await bench.store.synonyms(shopId)).toMatchObject({ groups: [["c", "6"]], changedAt: 7 });
      const won = await onEach(bench, 8, (store, i) =>
        store.saveSynonyms({ shopId, groups: [["d", `${i}`]], stopWords: [], seen: 7, now: 20 }),
      );
      expect(won.filter((saved) => saved)).toHaveLength(1);
    });

    test("a gap counts its askers, however many ask at once, and stays settled", async () => {
      const { shopId } = createScene(bench);
      const gap = { shopId, id: "g1", text: "能开发票吗", normalized: "开 发票", now: 5 };
      await onEach(bench, 12, (store, i) => store.recordGap({ ...gap, transferred: i % 3 === 0 }));
      await bench.store.recordGap({ ...gap, id: "g2", transferred: false });
      const open = await bench.store.openGaps(shopId, 10);
      expect(open).toMatchObject([
        { id: "g1", count: 12, transfers: 4, text: gap.text },
        { id: "g2", count: 1, transfers: 0 },
      ]);
      expect(await bench.store.openGaps(shopId, 1)).toHaveLength(1);
      await bench.store.settleGaps({ shopId, ids: [], state: "ignored" });
      const ids = ["g1", ...(await times(120, async () => newId("gap")))];
      await bench.store.settleGaps({ shopId, ids, state: "accepted", articleId: "a1" });
      await bench.store.recordGap({ ...gap, transferred: false });
      expect((await bench.store.openGaps(shopId, 10)).map(({ id }) => id)).toEqual(["g2"]);
      expect(
        at(
          await bench.sql(
            `select count, state, article_id from gap_questions where shop_id = '${shopId}' and id = 'g1'`,
          ),
          0,
        ),
      ).toEqual([13, "accepted", "a1"]);
    });
  });
}
