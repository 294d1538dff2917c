import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import type { ArticleSave } from "../../../src/core/ports.ts";
import { anArticle, anAudit } from "../../support/builders.ts";
import { type Bench, createScene, onEach, range } from "./bench.ts";

/** Articles that wait to be looked at before shoppers are told. */
export function testReview(bench: Bench): void {
  function shelf() {
    const { shopId, clock } = createScene(bench);
    const save = (id: string, fields: Partial<ArticleSave> = {}) =>
      bench.store.saveArticle({ shopId, id, draft: anArticle(), publish: false, now: clock.now(), ...fields });
    const audit = () => anAudit({ shopId, requestId: newId("req") });
    return {
      shopId,
      clock,
      save,
      ask: (id: string, seen = 1, note?: string, store = bench.store) =>
        store.askReview(
          { shopId, id, seen, by: "林", byId: "u1", now: clock.now(), ...(note === undefined ? {} : { note }) },
          audit(),
        ),
      sendBack: (id: string, reason = "缺少退货地址") =>
        bench.store.sendBack({ shopId, id, by: "周", byId: "u2", version: 1, reason, now: clock.now() }, audit()),
      article: (id: string) => bench.store.article(shopId, id),
      waiting: () => bench.store.reviewsWaiting(shopId),
      audited: async () => (await bench.store.auditPage(shopId, { limit: 50 })).items.length,
    };
  }

  describe("a review", () => {
    test("is asked for of the version that was seen, and of nothing shoppers are told", async () => {
      const { shopId, clock, save, ask, article, waiting, audited } = shelf();
      await save("a1");
      expect(await ask("a1", 2)).toBeUndefined();
      expect(await ask("nobody")).toBeUndefined();
      expect(await audited()).toBe(0);
      const asked = await ask("a1", 1, "请看第二段");
      expect(asked?.review).toEqual({ by: "林", byId: "u1", at: clock.now(), version: 1, note: "请看第二段" });
      expect(await waiting()).toBe(1);
      expect(await audited()).toBe(1);

      await save("a1", { seen: 1, draft: anArticle({ answer: "改过。" }) });
      expect(await article("a1")).toMatchObject({ version: 2, review: { version: 1 } });

      await save("told", { publish: true });
      expect(await ask("told")).toBeUndefined();
      await save("later");
      const rollout = { percent: 10, from: clock.now() };
      await bench.store.publishArticle({ shopId, id: "later", rollout, now: clock.now() });
      expect(await ask("later")).toBeUndefined();
      expect(await waiting()).toBe(1);
      expect(await audited()).toBe(1);
    });

    test("sent back says why until it is asked for again", async () => {
      const { clock, save, ask, sendBack, article, waiting, audited } = shelf();
      await save("a1");
      expect(await sendBack("a1")).toBeUndefined();
      expect(await audited()).toBe(0);
      await ask("a1");
      const back = await sendBack("a1");
      expect(back).not.toHaveProperty("review");
      expect(back?.sentBack).toEqual({ by: "周", byId: "u2", at: clock.now(), version: 1, reason: "缺少退货地址" });
      expect(await waiting()).toBe(0);
      expect(await sendBack("a1")).toBeUndefined();
      await save("a1", { seen: 1 });
      expect(await article("a1")).toHaveProperty("sentBack");
      expect(await ask("a1", 2)).not.toHaveProperty("sentBack");
      expect(await audited()).toBe(3);
    });

    test("is settled by every publish, by an import that publishes and by the article's end", async () => {
      const { shopId, clock, save, ask, sendBack, article, waiting } = shelf();
      const now = clock.now();
      for (const id of ["publish", "save", "import", "draft", "delete", "back"]) {
        await save(id);
        await ask(id);
      }
      await sendBack("back");
      const articles = (id: string) => [{ id, draft: anArticle({ answer: "新" }) }];
      await bench.store.publishArticle({ shopId, id: "publish", now });
      await bench.store.publishArticle({ shopId, id: "back", now });
      await save("save", { seen: 1, publish: true });
      await bench.store.saveArticles({ shopId, articles: articles("import"), publish: true, now });
      await bench.store.saveArticles({ shopId, articles: articles("draft"), publish: false, now });
      await bench.store.deleteArticle({ shopId, id: "delete", now });
      for (const id of ["publish", "save", "import", "back"]) {
        expect(await article(id)).not.toHaveProperty("review");
        expect(await article(id)).not.toHaveProperty("sentBack");
      }
      expect(await article("draft")).toMatchObject({ version: 2, review: { version: 1 } });
      expect(await waiting()).toBe(1);
      await save("delete");
      expect(await article("delete")).not.toHaveProperty("review");
      await save("draft", { seen: 2, publish: true, keepsReview: true });
      expect(await waiting()).toBe(1);
    });

    test("is listed by how long it waits, page by page", async () => {
      const { shopId, clock, save, ask } = shelf();
      const ids = range(5).map((i) => `a${i}`);
      for (const id of ids) await save(id);
      await save("other");
      for (const id of [...ids].reverse()) {
        clock.advance(10);
        await ask(id);
      }
      const listed: string[] = [];
      for (let cursor: string | undefined; ; ) {
        const page = await bench.store.articles(shopId, {
          attention: "review",
          limit: 2,
          ...(cursor === undefined ? {} : { cursor }),
        });
        listed.push(...page.items.map(({ id }) => id));
        if (page.next === null) break;
        cursor = page.next;
      }
      expect(listed).toEqual([...ids].reverse());
    });

    test("and a publish at once leave no told version waiting", async () => {
      const { shopId, clock, save, ask, article } = shelf();
      for (const id of range(8).map((i) => `a${i}`)) {
        await save(id);
        await onEach(bench, 2, (store, i) =>
          i === 0 ? ask(id, 1, undefined, store) : store.publishArticle({ shopId, id, now: clock.now() }),
        );
        expect(await article(id)).toMatchObject({ status: "published" });
        expect(await article(id)).not.toHaveProperty("review");
      }
    });

    test("leaves an article alone that was to be deleted only untold", async () => {
      const { shopId, clock, save } = shelf();
      const now = clock.now();
      await save("draft");
      await save("told", { publish: true });
      await save("later");
      await bench.store.publishArticle({ shopId, id: "later", rollout: { percent: 10, from: now }, now });
      const remove = (id: string) => bench.store.deleteArticle({ shopId, id, untold: true, now });
      expect([await remove("draft"), await remove("told"), await remove("later")]).toEqual([true, false, false]);
    });
  });
}
