import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MalformedError } from "../../../src/core/errors.ts";
import type { DomainEvent } from "../../../src/core/event.ts";
import type { Page } from "../../../src/core/ports.ts";
import { aReply } from "../../support/builders.ts";
import { aTurn, at, type Bench, createScene, onEach, present, range } from "./bench.ts";

export function testCursors(bench: Bench): void {
  describe("a cursor", () => {
    test("over the events skips none, however many write while it is read", async () => {
      const scene = createScene(bench);
      const visits = await Promise.all(range(8).map(() => scene.visit()));
      const writers = onEach(bench, 8, async (store, i) => {
        const { party, session } = at(visits, i);
        for (const round of range(24)) {
          if (round % 3 === 0) await scene.hear(party, {}, store);
          else if (round % 3 === 1) await scene.change(session, { say: [aReply({ party, parts: 0 })] }, store);
          else await store.addEvent({ shopId: scene.shopId, type: "task", data: { round }, now: round });
        }
      });
      let writing = true;
      const done = writers.finally(() => {
        writing = false;
      });
      const tail = async (store = bench.store): Promise<DomainEvent[]> => {
        const seen: DomainEvent[] = [];
        for (let last = false; ; last = !writing) {
          const found = await store.eventsAfter({ shopId: scene.shopId, after: seen.at(-1)?.id ?? 0, limit: 7 });
          seen.push(...found);
          if (last && found.length === 0) return seen;
          await aTurn();
        }
      };
      const [one, other] = await Promise.all([tail(), tail(at(bench.processes, 3)), done]);
      const all = await scene.events();
      expect(all.length).toBeGreaterThanOrEqual(8 + 8 * 24);
      expect(one.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect(other.map(({ id }) => id)).toEqual(all.map(({ id }) => id));
      expect(await bench.store.lastEventId(scene.shopId)).toBe(all.at(-1)?.id);
    });

    test("over the events of a conversation sees only those", async () => {
      const scene = createScene(bench);
      const [mei, lan] = [await scene.visit(), await scene.visit()];
      await scene.hear(mei.party);
      const conversationId = mei.party.conversation.id;
      const events = await bench.store.eventsAfter({ shopId: scene.shopId, conversationId, after: 0, limit: 10 });
      expect(events).toHaveLength(2);
      expect(events.every((event) => event.conversationId === conversationId)).toBe(true);
      const rest = { shopId: scene.shopId, conversationId, after: at(events, 0).id, limit: 10 };
      expect(await bench.store.eventsAfter(rest)).toEqual(events.slice(1));
      expect(lan.party.conversation.id).not.toBe(conversationId);
      expect(await bench.store.lastEventId("shp_unknown")).toBe(0);
    });

    /** Everything, page by page. */
    async function walk<T>(
      page: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
      limit: number,
    ): Promise<T[]> {
      const items: T[] = [];
      let cursor: string | null = null;
      do {
        const found: Page<T> = await page({ limit, ...(cursor === null ? {} : { cursor }) });
        expect(found.items.length).toBeLessThanOrEqual(limit);
        items.push(...found.items);
        cursor = found.next;
      } while (cursor !== null);
      return items;
    }

    test("over lists gives each row once and in one order, also where many have the same time", async () => {
      const scene = createScene(bench);
      const visits = [];
      for (const i of range(23)) {
        visits.push(await scene.visit());
        if (i % 7 === 6) scene.clock.advance(1);
      }
      const { party } = at(visits, 0);
      for (const i of range(12)) await scene.hear(party, { text: `${i}`, at: scene.clock.now() - (i % 2) });
      for (const visit of visits.slice(0, 11)) await scene.handOff(visit);
      const lists = {
        sessions: (query: { limit: number; cursor?: string }) => bench.store.sessions(scene.shopId, query),
        tickets: (query: { limit: number; cursor?: string }) => bench.store.tickets(scene.shopId, query),
        messagesOf: (query: { limit: number; cursor?: string }) =>
          bench.store.messagesOf({ shopId: scene.shopId, ...query }),
      };
      for (const list of Object.values(lists)) {
        const whole = (await list({ limit: 500 })).items.map(({ id }) => id);
        expect(new Set(whole).size).toBe(whole.length);
        expect(whole.length).toBeGreaterThan(10);
        for (const limit of [1, 4, whole.length]) {
          expect((await walk<{ id: string }>(list, limit)).map(({ id }) => id)).toEqual(whole);
        }
      }
      // What arrives meanwhile is above the cursor and moves nothing below it.
      const first = await lists.sessions({ limit: 5 });
      const whole = (await lists.sessions({ limit: 500 })).items.map(({ id }) => id);
      scene.clock.advance(1);
      await scene.visit();
      const second = await lists.sessions({ limit: 500, cursor: present(first.next ?? undefined) });
      expect(second.items.map(({ id }) => id)).toEqual(whole.slice(5));
    });

    test("that this list did not give out is refused", async () => {
      const { shopId } = createScene(bench);
      const lists: readonly ((cursor: string) => Promise<unknown>)[] = [
        (cursor) => bench.store.sessions(shopId, { limit: 1, cursor }),
        (cursor) => bench.store.tickets(shopId, { limit: 1, cursor }),
        (cursor) => bench.store.messagesOf({ shopId, limit: 1, cursor }),
        (cursor) => bench.store.articles(shopId, { limit: 1, cursor }),
        (cursor) => bench.store.auditPage(shopId, { limit: 1, cursor }),
        (cursor) => bench.store.deadDeliveries(shopId, { limit: 1, cursor }),
      ];
      const wrong = [
        "",
        "x",
        "null",
        "{}",
        "[]",
        "[1]",
        "[1,2,3]",
        '["a","b"]',
        "[1.5,2]",
        '[1e300,"a"]',
        "[null,null]",
        "[[1],2]",
      ];
      for (const list of lists) {
        for (const cursor of wrong) await expect(list(cursor)).rejects.toThrow(MalformedError);
      }
      await fc.assert(
        fc.asyncProperty(fc.string(), async (cursor) => {
          await expect(bench.store.messagesOf({ shopId, limit: 1, cursor })).rejects.toMatchObject({
            code: "request.invalid_cursor",
          });
        }),
        { numRuns: 30 },
      );
    });
  });
}
