import { describe, expect, test } from "vitest";
import { aCorrection, anArticle, BOT } from "../../support/builders.ts";
import { at, type Bench, createScene, onEach, present, range } from "./bench.ts";

const DAY_MS = 86_400_000;

export function testLearning(bench: Bench): void {
  function shelf() {
    const scene = createScene(bench);
    const { shopId, clock } = scene;
    return {
      ...scene,
      save: (id: string, fields: { answer?: string; seen?: number; publish?: boolean; validUntil?: number } = {}) => {
        const { seen, publish = false, ...draft } = fields;
        return bench.store.saveArticle({
          shopId,
          id,
          draft: anArticle(draft),
          publish,
          now: clock.now(),
          ...(seen === undefined ? {} : { seen }),
        });
      },
      rollOut: (id: string, percent: number, from = clock.now()) =>
        bench.store.publishArticle({ shopId, id, rollout: { percent, from }, now: clock.now() }),
      end: (id: string, outcome: "everyone" | "nobody") =>
        bench.store.endRollout({ shopId, id, outcome, now: clock.now() }),
      changes: () => bench.store.articlesChangedAfter(shopId, 0),
      list: async (filter: object) =>
        (await bench.store.articles(shopId, { limit: 99, now: clock.now(), ...filter })).items.map(({ id }) => id),
    };
  }

  describe("a version on its way", () => {
    test("stands beside the published one until everyone or nobody is told it", async () => {
      const { save, rollOut, end, changes, clock } = shelf();
      await save("a1", { answer: "旧", publish: true });
      await save("a1", { answer: "新", seen: 1 });
      const from = clock.now() + 60_000;
      expect(await rollOut("a1", 10, from)).toMatchObject({
        published: { answer: "旧" },
        publishedVersion: 1,
        status: "draft",
        next: { draft: { answer: "新" }, version: 2, percent: 10, from },
      });
      expect(await changes()).toMatchObject([{ version: 1, next: { version: 2, percent: 10, from } }]);
      expect(await end("a1", "everyone")).toMatchObject({ published: { answer: "新" }, publishedVersion: 2 });
      expect(at(await changes(), 0)).not.toHaveProperty("next");
      expect(await end("a1", "nobody")).toBeUndefined();
      await save("a1", { answer: "更新", seen: 2 });
      await rollOut("a1", 50);
      expect(await end("a1", "nobody")).toMatchObject({ published: { answer: "新" }, publishedVersion: 2 });
    });

    test("that has reached everyone is what the next one is compared with", async () => {
      const { save, rollOut, list, clock } = shelf();
      await save("a1", { answer: "一", publish: true });
      await save("a1", { answer: "二", seen: 1 });
      await rollOut("a1", 100, clock.now() + 1000);
      expect(await list({ status: "published" })).toEqual([]);
      clock.advance(1000);
      expect(await list({ status: "published" })).toEqual(["a1"]);
      expect(await list({ status: "draft" })).toEqual([]);
      await save("a1", { answer: "三", seen: 2 });
      expect(await rollOut("a1", 20)).toMatchObject({
        published: { answer: "二" },
        publishedVersion: 2,
        next: { draft: { answer: "三" }, version: 3 },
      });
    });

    test("ends with a publish, an import that publishes, and the article", async () => {
      const { save, rollOut, shopId, clock } = shelf();
      for (const id of ["a1", "a2", "a3"]) {
        await save(id, { publish: true });
        await rollOut(id, 10);
      }
      await bench.store.publishArticle({ shopId, id: "a1", now: clock.now() });
      const articles = [{ id: "a2", draft: anArticle() }];
      await bench.store.saveArticles({ shopId, articles, publish: true, now: clock.now() });
      await bench.store.deleteArticle({ shopId, id: "a3", now: clock.now() });
      for (const change of await bench.store.articlesChangedAfter(shopId, 0)) expect(change).not.toHaveProperty("next");
    });
  });

  describe("figures", () => {
    test("count answers by version, those that ended with a person, and what contacts thought of them", async () => {
      const scene = shelf();
      const { shopId, clock } = scene;
      const answerOf = async (articleVersion: number) => {
        const visit = await scene.visit();
        const said = await scene.say(visit, { author: BOT, articleId: "a1", articleVersion, score: 0.9 });
        return { visit, messageId: at(said.messages, 0).id };
      };
      const first = await answerOf(1);
      const second = await answerOf(2);
      const third = await answerOf(2);
      clock.advance(1000);
      await scene.handOff(third.visit);
      const vote = ({ visit, messageId }: typeof first, helpful: boolean) =>
        bench.store.saveFeedback({
          shopId,
          conversationId: visit.party.conversation.id,
          messageId,
          helpful,
          now: clock.now(),
        });
      expect(await vote(first, false)).toBe(true);
      expect(await vote(first, true)).toBe(true);
      expect(await vote(second, false)).toBe(true);
      expect(await vote({ ...second, visit: first.visit }, true)).toBe(false);
      expect(await vote({ ...second, messageId: second.visit.message.id }, true)).toBe(false);
      const figures = await bench.store.articleFigures({ shopId, articleIds: ["a1", "a2"], since: 0 });
      expect([...figures].sort((a, b) => a.version - b.version)).toEqual([
        { articleId: "a1", version: 1, hits: 1, handoffs: 0, helpful: 1, unhelpful: 0, falseHits: 0 },
        { articleId: "a1", version: 2, hits: 2, handoffs: 1, helpful: 0, unhelpful: 1, falseHits: 2 },
      ]);
      expect(await bench.store.articleFigures({ shopId, articleIds: ["a1"], since: clock.now() + DAY_MS })).toEqual([]);
      expect(await bench.store.questionsSince({ shopId, since: 0, limit: 2 })).toHaveLength(2);
    });

    test("find the articles that need attention", async () => {
      const scene = shelf();
      const { clock, save, list } = scene;
      await save("ending", { validUntil: clock.now() + 40 * DAY_MS, publish: true });
      await save("late", { validUntil: clock.now() + 300 * DAY_MS, publish: true });
      expect(await list({ attention: "expiring" })).toEqual([]);
      expect(await list({ attention: "unused" })).toEqual([]);
      clock.advance(31 * DAY_MS);
      const visit = await scene.visit();
      await scene.say(visit, { author: BOT, articleId: "late", articleVersion: 1 });
      expect(await list({ attention: "expiring" })).toEqual(["ending"]);
      expect(await list({ attention: "unused" })).toEqual(["ending"]);
      expect(await list({ attention: "handing-over" })).toEqual([]);
      clock.advance(1000);
      await scene.handOff(visit);
      expect(await list({ attention: "handing-over" })).toEqual(["late"]);
    });
  });

  describe("a gap", () => {
    test("counts an asking once, knows its askers, and what it became", async () => {
      const scene = shelf();
      const { shopId, clock } = scene;
      const visit = await scene.visit();
      const gap = {
        shopId,
        id: "g1",
        text: "券能叠加吗",
        normalized: "券能叠加吗",
        transferred: false,
        now: clock.now(),
      };
      const ask = {
        messageId: visit.message.id,
        contactId: visit.party.contact.id,
        sessionId: visit.session.id,
        channel: "web",
      };
      await onEach(bench, 6, (store) => store.recordGap({ ...gap, ask }));
      expect(await bench.store.openGaps(shopId, 10)).toMatchObject([{ id: "g1", count: 1 }]);
      await scene.handOff(visit);
      expect(await bench.store.gapAsksSince({ shopId, since: 0, limit: 10 })).toMatchObject([
        { gapId: "g1", text: "券能叠加吗", contactId: ask.contactId, channel: "web", handedOver: true },
      ]);
      expect(await bench.store.learnedGaps(shopId, 10)).toEqual([]);
      await bench.store.recordGap({ ...gap, id: "g2" });
      await bench.store.settleGaps({ shopId, ids: ["g1", "g2"], state: "accepted", articleId: "a1", now: clock.now() });
      expect(await bench.store.learnedGaps(shopId, 10)).toEqual([
        { articleId: "a1", settledAt: clock.now(), wordings: 2, askings: 2, transfers: 1 },
      ]);
    });
  });

  describe("a gap", () => {
    test("is put together with another, given to somebody, and set aside with a reason", async () => {
      const { shopId, clock } = shelf();
      const words = { text: "?", normalized: "?", transferred: false, now: clock.now() };
      for (const id of ["g1", "g2", "g3"]) await bench.store.recordGap({ shopId, id, ...words });
      await bench.store.markGaps({ shopId, ids: ["g1", "g2"], mark: { cluster: "g1" } });
      await bench.store.markGaps({ shopId, ids: ["g1"], mark: { assigneeId: "usr_lin" } });
      const settled = { shopId, ids: ["g3"], state: "ignored", by: "林", reason: "不是我们家的", now: 5 } as const;
      await bench.store.settleGaps(settled);
      await bench.store.markGaps({ shopId, ids: ["g3"], mark: { cluster: "g1" } });
      const open = await bench.store.openGaps(shopId, 10);
      expect(open.map(({ id, cluster, assigneeId }) => [id, cluster, assigneeId]).sort()).toEqual([
        ["g1", "g1", "usr_lin"],
        ["g2", "g1", null],
      ]);
    });
  });

  describe("the list", () => {
    test("finds a category with those below it, an owner's articles, and translations left behind", async () => {
      const { shopId, clock, list } = shelf();
      const save = (id: string, draft: object, ownerId?: string) =>
        bench.store.saveArticle({
          shopId,
          id,
          draft: anArticle(draft),
          publish: true,
          now: clock.now(),
          ...(ownerId === undefined ? {} : { ownerId }),
        });
      const answers = [{ locale: "en", text: "Soon.", sourceVersion: 1 }];
      await save("a1", { category: "退货" }, "usr_lin");
      await save("a2", { category: "退货/运费", answers, sourceVersion: 2 });
      await save("a3", { category: "退货卡", answers, sourceVersion: 1 });
      expect((await list({ category: "退货" })).sort()).toEqual(["a1", "a2"]);
      expect(await list({ category: "退货/运费" })).toEqual(["a2"]);
      expect(await list({ attention: "stale" })).toEqual(["a2"]);
      expect(await list({ ownerId: "usr_lin" })).toEqual(["a1"]);
      expect((await list({ ids: ["a1", "a3", "none"] })).sort()).toEqual(["a1", "a3"]);
      expect(
        await bench.store.setArticleOwner({ shopId, ids: ["a1", "a2", "none"], ownerId: "usr_bo", now: clock.now() }),
      ).toBe(2);
      expect((await list({ ownerId: "usr_bo" })).sort()).toEqual(["a1", "a2"]);
      expect(await bench.store.articleCategories(shopId)).toEqual([
        { category: "退货", count: 1 },
        { category: "退货/运费", count: 1 },
        { category: "退货卡", count: 1 },
      ]);
    });

    test("a version keeps what was said against it and why it went out", async () => {
      const { shopId, save, clock } = shelf();
      await save("a1", {});
      const review = { warnings: ["close"], reason: "两条都对" };
      const now = clock.now();
      expect(await bench.store.publishArticle({ shopId, id: "a1", seen: 9, review, now })).toBeUndefined();
      expect(at(await bench.store.articleVersions(shopId, "a1"), 0)).toMatchObject({ published: false });
      await bench.store.publishArticle({ shopId, id: "a1", seen: 1, review, now });
      expect(at(await bench.store.articleVersions(shopId, "a1"), 0)).toMatchObject({ published: true, ...review });
    });
  });

  describe("a correction", () => {
    test("is open once for an answer, and closed once", async () => {
      const scene = shelf();
      const { shopId } = scene;
      const said = await scene.say(await scene.visit(), { author: BOT, articleId: "ship", articleVersion: 1 });
      const correction = aCorrection({ shopId, messageId: at(said.messages, 0).id });
      const stranger = shelf();
      expect(await bench.store.addCorrection({ ...correction, id: `${shopId}_x`, shopId: stranger.shopId })).toBe(
        false,
      );
      const added = await onEach(bench, 4, (store, i) => store.addCorrection({ ...correction, id: `${shopId}_${i}` }));
      expect(added.filter(Boolean)).toHaveLength(1);
      const open = await bench.store.corrections(shopId, { limit: 10, state: "open", articleId: "ship" });
      expect(open.items).toMatchObject([{ kind: "wrong", articleVersion: 1, byName: "林小美" }]);
      const { id } = at(open.items, 0);
      const closed = await onEach(bench, 4, (store) =>
        store.closeCorrection({ shopId, id, state: "fixed", by: "周博", version: 2, now: 9 }),
      );
      expect(closed.filter((one) => one !== undefined)).toMatchObject([
        { state: "fixed", closedVersion: 2, closedAt: 9 },
      ]);
      expect((await bench.store.corrections(shopId, { limit: 10, state: "open" })).items).toEqual([]);
      expect((await bench.store.corrections(shopId, { limit: 10, state: "closed" })).items).toHaveLength(1);
      expect(await bench.store.addCorrection({ ...correction, id: `${shopId}_again` })).toBe(true);
    });
  });

  describe("an import", () => {
    test("remembers what it found", async () => {
      const { save, shopId } = shelf();
      await save("a1", { answer: "旧", publish: true });
      const articles = range(60).map((i) => ({ id: `a${i}`, draft: anArticle({ answer: "新" }) }));
      await bench.store.saveArticles({ shopId, batchId: "b1", articles, publish: true, now: 5 });
      const items = await bench.store.importItems(shopId, "b1");
      expect(items).toHaveLength(60);
      expect(present(items.find(({ articleId }) => articleId === "a1"))).toMatchObject({
        version: 2,
        draftBefore: { answer: "旧" },
        publishedBefore: { answer: "旧" },
        at: 5,
      });
      expect(present(items.find(({ articleId }) => articleId === "a2"))).toEqual({
        articleId: "a2",
        version: 1,
        at: 5,
      });
      const drafts = await bench.store.draftsOf(shopId, [...range(60).map((i) => `a${i}`), "none"]);
      expect(drafts.size).toBe(60);
      expect(await bench.store.importItems(shopId, "b2")).toEqual([]);
    });
  });
}
