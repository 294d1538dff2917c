import { describe, expect, test } from "vitest";
import { LEASE_MS } from "../../../src/core/delivery.ts";
import { newId } from "../../../src/core/ids.ts";
import type { Store } from "../../../src/core/ports.ts";
import { aReply } from "../../support/builders.ts";
import { applied, at, type Bench, createScene, onEach, present, range } from "./bench.ts";

export function testCrashes(bench: Bench): void {
  /** Each step by another process, since the one before died right after its last write. */
  const nextProcess = (() => {
    let i = 0;
    return (): Store => {
      i += 1;
      return at(bench.processes, i % bench.processes.length);
    };
  })();

  describe("after a crash", () => {
    test("what was not decided is found again, and what was not sent; nothing is done twice", async () => {
      const scene = createScene(bench);
      const mine = async (store: Store) =>
        (await store.claimUndecided(scene.clock.now(), 10_000)).filter(
          ({ message }) => message.shopId === scene.shopId,
        );
      const due = (store: Store) => store.claimDeliveries({ now: scene.clock.now(), limit: 9, inboxId: scene.inboxId });

      // Stored, acknowledged, then the process is gone.
      const party = await scene.meet({}, nextProcess());
      const heard = present(await scene.hear(party, { text: "在吗" }, nextProcess()));
      expect(await mine(nextProcess())).toEqual([]);
      scene.clock.advance(LEASE_MS + 1);

      // Taken up, and gone again before the decision.
      expect(await mine(nextProcess())).toMatchObject([{ message: heard, attempts: 2 }]);
      expect(await mine(nextProcess())).toEqual([]);
      scene.clock.advance(LEASE_MS + 1);
      expect(await mine(nextProcess())).toMatchObject([{ message: heard, attempts: 3 }]);

      // Decided and recorded, gone before the send.
      const session = await scene.session(heard.sessionId);
      const draft = aReply({ party });
      const decide = (store: Store) =>
        scene.change(session, { fence: { epoch: 1, decides: heard.id }, say: [draft] }, store);
      applied(await decide(nextProcess()));
      expect(await decide(nextProcess())).toEqual({ applied: false });
      scene.clock.advance(LEASE_MS + 1);
      expect(await mine(nextProcess())).toEqual([]);

      // Taken up, perhaps sent, gone before the receipt: the next one knows it may be a repeat.
      expect(await due(nextProcess())).toMatchObject([{ messageId: draft.id, attempts: 2, repeats: 1 }]);
      scene.clock.advance(LEASE_MS + 1);
      const [last] = await due(nextProcess());
      expect(last).toMatchObject({ messageId: draft.id, attempts: 3, repeats: 2 });
      await nextProcess().settleDelivery(present(last), { state: "sent", channelMessageId: "m1" }, scene.clock.now());

      scene.clock.advance(LEASE_MS + 1);
      expect(await mine(nextProcess())).toEqual([]);
      expect(await due(nextProcess())).toEqual([]);
      expect(await scene.messages()).toHaveLength(2);
      expect(await scene.count("deliveries")).toBe(1);
    });

    test("all leases end at once where nobody else can hold one", async () => {
      const scene = createScene(bench);
      const { party, session, message } = await scene.visit();
      const draft = aReply({ party });
      applied(await scene.change(session, { say: [draft] }));
      const taskId = newId("tsk");
      const now = scene.clock.now();
      await bench.store.createTask({ id: taskId, shopId: scene.shopId, kind: "import", input: {}, total: 1, now });
      await bench.store.claimTask({ id: taskId, now });
      await bench.store.releaseLeases();
      const undecided = await bench.store.claimUndecided(now, 10_000);
      expect(undecided.map((found) => found.message.id)).toContain(message.id);
      expect(await bench.store.claimDeliveries({ now, limit: 9, inboxId: scene.inboxId })).toMatchObject([
        { messageId: draft.id, attempts: 2, repeats: 1 },
      ]);
      expect(await bench.store.claimTask({ id: taskId, now })).toMatchObject({ id: taskId });
    });

    test("an undecided message goes to one process, and comes back when asked", async () => {
      const scene = createScene(bench);
      const party = await scene.meet();
      for (const i of range(5)) await scene.hear(party, { text: `${i}` });
      await scene.hear(party, { answerable: false, text: "echo" });
      scene.clock.advance(LEASE_MS + 1);
      const claim = async (store: Store) =>
        (await store.claimUndecided(scene.clock.now(), 10_000)).filter(
          ({ message }) => message.shopId === scene.shopId,
        );
      const claims = await onEach(bench, 4, claim);
      const ids = claims.flat().map(({ message }) => message.id);
      expect(new Set(ids).size).toBe(5);
      expect(ids).toHaveLength(5);
      for (const found of claims) {
        const order = found.map(({ message }) => message.seq);
        expect(order).toEqual([...order].sort((a, b) => a - b));
      }
      await bench.store.settleUndecided(at(ids, 0), { retryAt: scene.clock.now() + 100 });
      await bench.store.settleUndecided(at(ids, 1), { decidedAt: scene.clock.now() });
      expect(await claim(bench.store)).toEqual([]);
      scene.clock.advance(101);
      expect((await claim(bench.store)).map(({ message }) => message.id)).toEqual([ids[0]]);
      scene.clock.advance(LEASE_MS + 1);
      expect((await claim(bench.store)).map(({ message }) => message.id)).not.toContain(ids[1]);
    });
  });
}
