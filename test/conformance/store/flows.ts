import { describe, expect, test } from "vitest";
import type { FlowMark } from "../../../src/core/flow.ts";
import { newId } from "../../../src/core/ids.ts";
import { aFlow, anAudit } from "../../support/builders.ts";
import { at, type Bench, createScene, present } from "./bench.ts";

export function testFlows(bench: Bench): void {
  describe("a shop's settings", () => {
    test("are changed by whoever saw them last, with their audit row or not at all", async () => {
      const { shopId, clock } = createScene(bench);
      const { store } = bench;
      const shop = { name: "茶", locale: "zh-CN", timeZone: "UTC", settings: {} };
      await store.createShop({ id: shopId, ...shop, now: clock.now() });
      const patch = (name: string, seen: number) =>
        store.patchShop(shopId, { ...shop, name, settings: { hours: "9–18" } }, seen, anAudit({ shopId }));
      expect((await Promise.all([patch("甲", 0), patch("乙", 0)])).sort()).toEqual([false, true]);
      expect(await patch("丙", 1)).toBe(true);
      expect(await store.shop(shopId)).toMatchObject({ name: "丙", version: 2, settings: { hours: "9–18" } });
      expect((await store.auditPage(shopId, { limit: 9 })).items).toHaveLength(2);
    });
  });

  describe("a shop's flows", () => {
    test("are saved by whoever saw the last version", async () => {
      const { shopId, clock } = createScene(bench);
      const { store } = bench;
      const save = (zh: string, seen?: number) =>
        store.saveShopFlow(
          {
            shopId,
            definition: aFlow({ title: { zh, en: "x" } }),
            by: "林",
            now: clock.now(),
            ...(seen === undefined ? {} : { seen }),
          },
          anAudit({ shopId }),
        );
      // Of two at once one is first, on a server either of them.
      const winner = async (...tries: ReturnType<typeof save>[]) => {
        const saved = (await Promise.all(tries)).filter((one) => one !== undefined);
        expect(saved).toHaveLength(1);
        return at(saved, 0);
      };
      expect((await winner(save("甲"), save("乙"))).version).toBe(1);
      const second = await winner(save("丙", 1), save("丁", 1));
      expect(second.version).toBe(2);
      const [flow, ...others] = await store.shopFlows(shopId);
      expect(others).toEqual([]);
      expect(flow).toEqual({
        id: "aid",
        definition: second.definition,
        version: 2,
        by: "林",
        updatedAt: clock.now(),
      });
      expect(await store.deleteShopFlow(shopId, "aid", anAudit({ shopId }))).toBe(true);
      expect(await store.deleteShopFlow(shopId, "aid", anAudit({ shopId }))).toBe(false);
      expect(await store.shopFlows(shopId)).toEqual([]);
      expect((await store.auditPage(shopId, { limit: 9 })).items).toHaveLength(3);
    });

    test("count each step once for each message, and those who fell silent where they did", async () => {
      const scene = createScene(bench);
      const { shopId, clock } = scene;
      const mark = (run: string, step: string, outcome: FlowMark["outcome"]): FlowMark => ({
        flowId: "aid",
        run,
        step,
        outcome,
      });
      const decide = async (visit: Awaited<ReturnType<typeof scene.visit>>, marks: readonly FlowMark[]) => {
        const message = present(await scene.hear(visit.party));
        const change = () => scene.change(visit.session, { fence: { decides: message.id }, marks });
        const [first, again] = [await change(), await change()];
        expect([first.applied, again.applied]).toEqual([true, false]);
        clock.advance(1000);
      };
      const [one, two, three] = [await scene.visit(), await scene.visit(), await scene.visit()];
      const [a, b, c] = [newId("run"), newId("run"), newId("run")];
      await decide(one, [mark(a, "model", "entered")]);
      await decide(one, [mark(a, "model", "passed"), mark(a, "order", "entered")]);
      await decide(one, [mark(a, "order", "failed")]);
      await decide(two, [mark(b, "model", "entered")]);
      await decide(two, [mark(b, "model", "person")]);
      const before = clock.now();
      await decide(three, [mark(c, "model", "entered")]);
      const figures = async (since: number, silentSince: number) =>
        Object.fromEntries(
          (await bench.store.flowFigures({ shopId, flowId: "aid", since, silentSince })).map(({ step, ...rest }) => [
            step,
            rest,
          ]),
        );
      const none = { entered: 0, passed: 0, failed: 0, person: 0, cancelled: 0, abandoned: 0 };
      expect(await figures(0, before)).toEqual({
        model: { ...none, entered: 3, passed: 1, person: 1 },
        order: { ...none, entered: 1, failed: 1, abandoned: 1 },
      });
      expect(await figures(0, clock.now() + 1)).toMatchObject({ model: { abandoned: 1 }, order: { abandoned: 1 } });
      expect(await figures(before, clock.now() + 1)).toEqual({ model: { ...none, entered: 1, abandoned: 1 } });
      expect(await bench.store.flowFigures({ shopId, flowId: "other", since: 0, silentSince: 0 })).toEqual([]);
    });
  });
}
