import { describe, expect, test } from "vitest";
import { DUTY_MS } from "../../../src/core/duty.ts";
import type { Priority } from "../../../src/core/ticket.ts";
import { aUser } from "../../support/builders.ts";
import { at, type Bench, createScene } from "./bench.ts";

export function testDuty(bench: Bench): void {
  describe("an agent's presence", () => {
    test("is their last sign of life and their own word, each without the other, never backwards", async () => {
      const { shopId, clock } = createScene(bench);
      const { store } = bench;
      const { id: userId } = await newUser(bench, shopId);
      await store.markDuty({ shopId, userId, mark: "busy" });
      expect(await store.presence(shopId)).toEqual([{ userId, mark: "busy", seenAt: 0 }]);
      const now = clock.now();
      await Promise.all(bench.processes.map((process, i) => process.beat({ shopId, userId, now: now - i })));
      expect(await store.presence(shopId)).toEqual([{ userId, mark: "busy", seenAt: now }]);
      await store.markDuty({ shopId, userId, mark: "away" });
      expect(await store.presence(shopId)).toEqual([{ userId, mark: "away", seenAt: now }]);
      await store.beat({ shopId, userId: "usr_unknown", now });
      expect(await store.presence(shopId)).toHaveLength(1);
    });
  });

  describe("the queue", () => {
    test("goes by priority, then by time, and tells a newcomer their place by theirs", async () => {
      const scene = createScene(bench);
      const { store } = bench;
      const priorities: readonly Priority[] = ["normal", "low", "urgent", "normal", "high"];
      const sessions: string[] = [];
      for (const priority of priorities) {
        const visit = await scene.visit();
        await scene.handOff(visit, { priority });
        sessions.push(visit.session.id);
        scene.clock.advance(1);
      }
      const places = sessions.map((id) => store.queuePosition(scene.shopId, id));
      expect(await Promise.all(places)).toEqual([2, 4, 0, 3, 1]);
      const { session } = await scene.visit();
      const as = (priority: Priority) => store.queuePosition(scene.shopId, session.id, priority);
      expect(await Promise.all([as("low"), as("normal"), as("high"), as("urgent")])).toEqual([5, 4, 2, 1]);
    });

    test("hands out ticket numbers beforehand, one each, in one line with those of tickets opened without", async () => {
      const scene = createScene(bench);
      const take = () => Promise.all(bench.processes.map((store) => store.takeTicketNumber(scene.shopId, "260615")));
      const taken = await take();
      expect([...taken].sort()).toEqual(["T-260615-0001", "T-260615-0002", "T-260615-0003", "T-260615-0004"]);
      const own = await scene.handOff(await scene.visit(), { number: at(taken, 0) });
      const next = await scene.handOff(await scene.visit());
      expect((await bench.store.ticket(scene.shopId, own.ticketId))?.number).toBe(taken[0]);
      expect((await bench.store.ticket(scene.shopId, next.ticketId))?.number).toBe("T-260615-0005");
      expect(await bench.store.takeTicketNumber(scene.shopId, "260616")).toBe("T-260616-0001");
    });

    test("knows how long the tickets resolved last took", async () => {
      const scene = createScene(bench);
      for (const minutes of [5, 7, 9]) {
        const visit = await scene.visit();
        const { ticketId } = await scene.handOff(visit);
        const claimedAt = scene.clock.now();
        const patch = { status: "resolved", claimedAt, resolvedAt: scene.clock.advance(minutes * 60_000) } as const;
        await bench.store.patchTicket({
          shopId: scene.shopId,
          ticketId,
          patch,
          by: { kind: "agent", id: "u", name: "林" },
          kind: "resolved",
          now: scene.clock.now(),
        });
      }
      await scene.handOff(await scene.visit());
      expect(await bench.store.handledMs(scene.shopId, 2)).toEqual([9 * 60_000, 7 * 60_000]);
    });
  });

  describe("a chat whose agent is gone", () => {
    async function serving(seen: boolean) {
      const scene = createScene(bench);
      const { shopId, clock } = scene;
      const { id: userId } = await newUser(bench, shopId);
      const visit = await scene.visit();
      const { ticketId } = await scene.handOff(visit);
      if (seen) await bench.store.beat({ shopId, userId, now: clock.now() });
      const claim = () =>
        scene.change(visit.session, {
          patch: { state: "agent", owner: userId, queuedAt: null },
          ticket: { id: ticketId, patch: { status: "claimed", assignee: userId, claimedAt: clock.now() } },
          log: { kind: "claimed", by: { kind: "agent", id: userId, name: "林" } },
        });
      const left = async () =>
        (await bench.store.leftChats(clock.now() - DUTY_MS, 500)).filter((chat) => chat.shopId === shopId);
      return { scene, visit, ticketId, userId, claim, left };
    }

    test("is found a minute after they were last seen", async () => {
      const { scene, visit, ticketId, userId, claim, left } = await serving(true);
      await claim();
      scene.clock.advance(DUTY_MS);
      expect(await left()).toEqual([]);
      scene.clock.advance(1);
      expect(await left()).toEqual([{ shopId: scene.shopId, sessionId: visit.session.id, ticketId, agentId: userId }]);
      await bench.store.beat({ shopId: scene.shopId, userId, now: scene.clock.now() });
      expect(await left()).toEqual([]);
    });

    test("is left with whoever never had a stream, claimed long after it, or wrote since", async () => {
      const never = await serving(false);
      await never.claim();
      never.scene.clock.advance(DUTY_MS * 9);
      expect(await never.left()).toEqual([]);

      const late = await serving(true);
      late.scene.clock.advance(DUTY_MS * 2);
      await late.claim();
      late.scene.clock.advance(DUTY_MS * 2);
      expect(await late.left()).toEqual([]);

      const writing = await serving(true);
      await writing.claim();
      const { scene, visit, userId } = writing;
      scene.clock.advance(DUTY_MS * 2);
      expect(await writing.left()).toHaveLength(1);
      const author = { kind: "agent", id: userId, name: "林" } as const;
      await scene.say(visit, { author });
      expect(await writing.left()).toEqual([]);
    });
  });
}

async function newUser(bench: Bench, shopId: string) {
  const user = aUser({ shopId });
  await bench.store.createUser(user);
  return user;
}
