import { describe, expect, test } from "vitest";
import { type Delivery, LEASE_MS } from "../../../src/core/delivery.ts";
import { newId } from "../../../src/core/ids.ts";
import type { Message } from "../../../src/core/message.ts";
import type { Store } from "../../../src/core/ports.ts";
import { aReply } from "../../support/builders.ts";
import { applied, at, type Bench, createScene, onEach, present, range, storeOf } from "./bench.ts";

const CRASH = "The process is gone.";

/** The desk's path of one message, as short as it can be. */
function createDesk(scene: ReturnType<typeof createScene>) {
  const channelMessageId = newId("wamid");
  const user = newId("u");
  const sends: { readonly id: string; readonly repeats: number }[] = [];
  const send = async (store: Store, first: Delivery | undefined) => {
    for (let delivery = first; delivery !== undefined; ) {
      sends.push(delivery);
      const verdict = { state: "sent", channelMessageId: newId("wamid") } as const;
      delivery = await store.settleDelivery(delivery, verdict, scene.clock.now());
    }
  };
  const decide = async (store: Store, message: Message) => {
    const session = await store.session(scene.shopId, message.sessionId);
    const party = await store.partyOfConversation(scene.shopId, message.conversationId);
    if (session === undefined || party === undefined) throw new Error("A message has a session and a party.");
    const say = [aReply({ party, parts: 2, clientId: `answer:${message.id}` })];
    const changed = await scene.change(session, { fence: { epoch: 1, decides: message.id }, say }, store);
    if (changed.applied) for (const delivery of changed.leased) await send(store, delivery);
  };
  const receive = async (store: Store) => scene.hear(await scene.meet({ user }, store), { channelMessageId }, store);
  return {
    sends,
    receive,
    async serve(store: Store) {
      const message = await receive(store);
      if (message !== undefined) await decide(store, message);
    },
    /** How much there was to do. */
    async sweep(store: Store): Promise<number> {
      const now = scene.clock.now();
      const undecided = (await store.claimUndecided(now, 10_000)).filter(
        ({ message }) => message.shopId === scene.shopId,
      );
      for (const { message } of undecided) await decide(store, message);
      const due = await store.claimDeliveries({ now, limit: 9, inboxId: scene.inboxId });
      for (const delivery of due) await send(store, delivery);
      return undecided.length + due.length;
    },
  };
}

export function testCrashes(bench: Bench): void {
  /** Each step by another process, since the one before died right after its last write. */
  const nextProcess = (() => {
    let i = 0;
    return (): Store => {
      i += 1;
      return at(bench.processes, i % bench.processes.length);
    };
  })();

  /** A process that is gone before or after its nth write: a write that was committed and never heard of is the harder case. */
  const dying = (when: "before" | "after", nth: number): Store => {
    let writes = 0;
    return storeOf({
      ...bench.engine,
      async atomic(statements, locks) {
        writes += 1;
        if (writes > nth + 1 || (when === "before" && writes === nth + 1)) throw new Error(CRASH);
        const results = await bench.engine.atomic(statements, locks);
        if (writes === nth + 1) throw new Error(CRASH);
        return results;
      },
    });
  };

  describe("after a crash", () => {
    test.each(["before", "after"] as const)(
      "%s any of its writes a message is still answered, and once",
      async (when) => {
        for (const crashAt of range(5)) {
          const scene = createScene(bench);
          const desk = createDesk(scene);
          // The process that dies at this write, then the platform's own retry, then the sweep; the sweep may die as well.
          await expect(desk.serve(dying(when, crashAt))).rejects.toThrow(CRASH);
          scene.clock.advance(LEASE_MS + 1);
          await desk.receive(nextProcess());
          await desk.sweep(dying(when, crashAt % 2)).catch(() => undefined);
          scene.clock.advance(LEASE_MS + 1);
          await desk.sweep(nextProcess());
          scene.clock.advance(LEASE_MS + 1);
          expect(await desk.sweep(nextProcess())).toBe(0);
          const messages = await scene.messages();
          expect(messages.map(({ direction, delivery }) => [direction, delivery])).toEqual([
            ["outbound", "sent"],
            ["inbound", undefined],
          ]);
          expect(await scene.count("deliveries")).toBe(2);
          // Only what may have been sent before is sent again, and then it is known to be a possible repeat.
          expect(desk.sends.filter(({ repeats }) => repeats === 0).length).toBeLessThanOrEqual(2);
          for (const { id, repeats } of desk.sends) {
            const earlier = desk.sends.filter((other) => other.id === id && other.repeats < repeats).length;
            expect(earlier).toBeLessThanOrEqual(repeats);
          }
        }
      },
    );

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
