import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  AWAITING,
  AWAITING_TTL_MS,
  awaitContact,
  DELIVERY_TTL_MS,
  type Delivery,
  LEASE_MS,
  type Verdict,
} from "../../../src/core/delivery.ts";
import { newId } from "../../../src/core/ids.ts";
import { aReply } from "../../support/builders.ts";
import { applied, at, type Bench, createScene, onEach, partsOf, present, range, type Visit } from "./bench.ts";

export function testOutbox(bench: Bench): void {
  const sent = (channelMessageId = newId("wamid")): Verdict => ({ state: "sent", channelMessageId });
  const later = (nextAt: number, mayRepeat = false): Verdict => ({
    state: "pending",
    nextAt,
    mayRepeat,
    code: mayRepeat ? "delivery.outcome_unknown" : "delivery.rate_limited",
    detail: "slow down",
  });
  const dead: Verdict = { state: "dead", code: "delivery.recipient_gone", detail: "blocked" };

  /** A conversation with so many messages waiting, the first one leased to nobody any more. */
  async function waiting(count: number, parts = 1) {
    const scene = createScene(bench);
    const visit = await scene.visit();
    const drafts = range(count).map(() => aReply({ party: visit.party, parts }));
    for (const draft of drafts) applied(await scene.change(visit.session, { say: [draft] }));
    const ids = drafts.flatMap(partsOf);
    scene.clock.advance(LEASE_MS + 1);
    const claim = (store = bench.store, limit = 100) =>
      store.claimDeliveries({ now: scene.clock.now(), limit, inboxId: scene.inboxId });
    const settle = (delivery: Delivery, verdict: Verdict = sent()) =>
      bench.store.settleDelivery(delivery, verdict, scene.clock.now());
    return { scene, visit, drafts, ids, claim, settle, first: () => claim().then((found) => at(found, 0)) };
  }
  const delivery = async (id: string | undefined) => present(await bench.store.delivery(present(id)));

  describe("the outbox", () => {
    test("leases the first delivery to whoever writes it, and no other of the conversation", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const first = await scene.say(visit, { parts: 3 });
      const second = await scene.say(visit);
      expect(first.leased).toHaveLength(1);
      expect(second.leased).toEqual([]);
      const leased = at(first.leased, 0);
      expect(await delivery(leased.id)).toMatchObject(leased);
      expect(leased).toMatchObject({
        attempts: 1,
        repeats: 0,
        state: "pending",
        address: visit.party.conversation.address,
      });
      expect(leased.expiresAt).toBe(scene.clock.now() + DELIVERY_TTL_MS);
      expect(await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 10, inboxId: scene.inboxId })).toEqual(
        [],
      );
    });

    test("keeps what can only be said in answer, due to nobody, until one webhook takes it all", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const drafts = ["您好", "明天到"].map((text) => aReply({ party: visit.party, text }));
      for (const draft of drafts) {
        const parts = draft.parts.map((part) => ({ ...part, awaitsContact: true }));
        const { leased } = applied(await scene.change(visit.session, { say: [{ ...draft, parts }] }));
        for (const one of leased)
          await bench.store.settleDelivery(one, awaitContact(one, scene.clock.now()), scene.clock.now());
      }
      const ids = drafts.flatMap(partsOf);
      for (const id of ids) expect(await delivery(id)).toMatchObject({ state: "pending", ...AWAITING });
      scene.clock.advance(LEASE_MS + 1);
      const now = scene.clock.now();
      expect(await bench.store.claimDeliveries({ now, limit: 10, inboxId: scene.inboxId })).toEqual([]);
      const taken = await onEach(bench, 3, (store) => store.takeWaiting(visit.party.conversation.id, now, 10));
      expect(taken.map((list) => list.length).toSorted()).toEqual([0, 0, 2]);
      expect(taken.flat().map(({ id }) => id)).toEqual(ids);
      for (const one of taken.flat()) await bench.store.settleDelivery(one, sent(), now);
      expect(await bench.store.takeWaiting(visit.party.conversation.id, now, 10)).toEqual([]);

      const forgotten = await scene.change(visit.session, {
        say: [
          {
            ...aReply({ party: visit.party }),
            parts: [{ id: newId("dlv"), content: at(drafts, 0).content, awaitsContact: true }],
          },
        ],
      });
      const [left] = applied(forgotten).leased;
      await bench.store.settleDelivery(present(left), awaitContact(present(left), now), now);
      scene.clock.advance(AWAITING_TTL_MS + LEASE_MS);
      const [late] = await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 10, inboxId: scene.inboxId });
      expect(awaitContact(present(late), scene.clock.now())).toMatchObject({
        state: "dead",
        code: "delivery.window_closed",
      });
    });

    test("sends nothing where the stored message is what the contact reads", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const said = await scene.say(visit, { parts: 0 });
      expect(said).toMatchObject({ leased: [], messages: [{ delivery: "sent" }] });
      expect(await scene.count("deliveries")).toBe(0);
      expect(at(await scene.messages(), 0)).toMatchObject({ delivery: "sent" });
    });

    test("keeps the order within a conversation: each is taken when the one before is settled", async () => {
      const { ids, settle, first, claim } = await waiting(3, 2);
      const order: string[] = [];
      let next: Delivery | undefined = await first();
      while (next !== undefined) {
        expect(await claim()).toEqual([]);
        order.push(next.id);
        next = await settle(next);
      }
      expect(order).toEqual(ids);
    });

    test("goes on in many conversations at once, only with each one's head", async () => {
      const scene = createScene(bench);
      const visits = await Promise.all(range(10).map(() => scene.visit()));
      const heads: string[] = [];
      for (const visit of visits) {
        heads.push(...(await scene.say(visit)).leased.map(({ id }) => id));
        await scene.say(visit);
      }
      scene.clock.advance(LEASE_MS + 1);
      const claims = await onEach(bench, 12, (store) =>
        store.claimDeliveries({ now: scene.clock.now(), limit: 2, inboxId: scene.inboxId }),
      );
      const ids = claims.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 100, inboxId: scene.inboxId });
      expect([...ids, ...rest.map(({ id }) => id)].sort()).toEqual(heads.sort());
    });

    test("never gives a delivery to two processes", async () => {
      const scene = createScene(bench);
      const visits = await Promise.all(range(8).map(() => scene.visit()));
      for (const visit of visits) await scene.say(visit);
      for (const _ of range(20)) {
        scene.clock.advance(LEASE_MS + 1);
        const claims = await onEach(bench, 4, (store) =>
          store.claimDeliveries({ now: scene.clock.now(), limit: 8, inboxId: scene.inboxId }),
        );
        expect(new Set(claims.flat().map(({ id }) => id)).size).toBe(8);
        expect(claims.flat()).toHaveLength(8);
      }
    });

    test("honours the time to try again, and waits with the rest of the conversation", async () => {
      const { scene, ids, settle, first, claim } = await waiting(2);
      const at5 = scene.clock.now() + 5000;
      expect(await settle(await first(), later(at5))).toBeUndefined();
      expect(await claim()).toEqual([]);
      scene.clock.advance(4999);
      expect(await claim()).toEqual([]);
      scene.clock.advance(1);
      const again = await first();
      expect(again).toMatchObject({
        id: ids[0],
        attempts: 3,
        repeats: 1,
        code: "delivery.rate_limited",
        detail: "slow down",
      });
    });

    test("counts a repeat when an attempt was under way as its lease ran out, or its outcome is unknown", async () => {
      const { scene, settle, first, claim } = await waiting(1);
      expect(await first()).toMatchObject({ attempts: 2, repeats: 1 });
      scene.clock.advance(LEASE_MS);
      expect(await claim()).toEqual([]);
      scene.clock.advance(1);
      const third = await first();
      expect(third).toMatchObject({ attempts: 3, repeats: 2 });
      expect(await settle(third, later(scene.clock.now() + 1))).toBeUndefined();
      scene.clock.advance(1);
      const fourth = await first();
      expect(fourth).toMatchObject({ attempts: 4, repeats: 2 });
      await settle(fourth, later(scene.clock.now() + 1, true));
      const [message] = await scene.messages();
      expect(message).toMatchObject({ delivery: "uncertain" });
      scene.clock.advance(1);
      expect(await first()).toMatchObject({ attempts: 5, repeats: 3 });
    });

    test("lets who lost the lease report a sending, and nothing else", async () => {
      const { scene, settle, first } = await waiting(1);
      const slow = await first();
      scene.clock.advance(LEASE_MS + 1);
      const quick = await first();
      await settle(slow, later(scene.clock.now()));
      await settle(slow, dead);
      expect(await delivery(quick.id)).toMatchObject({ state: "pending", attempts: 3 });
      expect(await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 9, inboxId: scene.inboxId })).toEqual(
        [],
      );
      await settle(slow, sent("m1"));
      await settle(quick, later(scene.clock.now()));
      expect(await delivery(quick.id)).toMatchObject({ state: "sent" });
      expect((await scene.events()).filter(({ type }) => type === "receipt")).toHaveLength(1);
    });

    test("lets a dead one go by, and takes it up again by an agent's wish", async () => {
      const { scene, ids, settle, first } = await waiting(2);
      expect((await settle(await first(), dead))?.id).toBe(ids[1]);
      const page = await bench.store.deadDeliveries(scene.shopId, { limit: 5 });
      expect(page).toMatchObject({
        items: [{ id: ids[0], code: "delivery.recipient_gone", detail: "blocked" }],
        next: null,
      });
      const views = await scene.messages();
      expect(views.at(-2)).toMatchObject({ delivery: "failed", deliveryId: ids[0], deliveryDetail: "blocked" });
      const wishes = await onEach(bench, 4, (store) =>
        store.resendDelivery(scene.shopId, at(ids, 0), scene.clock.now()),
      );
      expect(wishes.filter(Boolean)).toHaveLength(1);
      expect(await delivery(ids[0])).toMatchObject({ state: "pending", attempts: 0, repeats: 0 });
      expect(await bench.store.deadDeliveries(scene.shopId, { limit: 5 })).toEqual({ items: [], next: null });
      // The conversation's other delivery is under way: one at a time.
      expect(await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 9, inboxId: scene.inboxId })).toEqual(
        [],
      );
      expect((await settle(await delivery(ids[1])))?.id).toBe(ids[0]);
      await settle(await delivery(ids[0]), sent("resent"));
      expect(await delivery(ids[0])).toMatchObject({ state: "sent", attempts: 1 });
    });

    test("shows what became of a whole page of messages", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const drafts = range(120).map(() => aReply({ party: visit.party }));
      applied(await scene.change(visit.session, { say: drafts }));
      const views = await scene.messages({ sessionId: visit.session.id });
      expect(views.filter(({ delivery }) => delivery === "pending")).toHaveLength(120);
    });

    test("tells of every settled attempt", async () => {
      const { scene, settle, first } = await waiting(1);
      await settle(present(await settle(await first(), later(scene.clock.now()))));
      expect((await scene.events()).filter(({ type }) => type === "receipt")).toMatchObject([
        { data: { delivery: "pending", code: "delivery.rate_limited", detail: "slow down" } },
        { data: { delivery: "sent" } },
      ]);
    });

    test("counts what is due and what is dead", async () => {
      const { scene, settle, first } = await waiting(1);
      const now = scene.clock.now();
      const before = await bench.store.outboxStats(now);
      await settle(await first(), dead);
      const after = await bench.store.outboxStats(now);
      expect(after.pending).toBe(before.pending - 1);
      expect(after.dead).toBe(before.dead + 1);
      expect(before.oldestDueAt).toBeLessThanOrEqual(now);
    });

    test("keeps its promises whatever happens in whatever order", async () => {
      const step = fc.record({
        what: fc.constantFrom("say", "claim", "claim", "settle", "settle", "settle", "wait", "expire", "resend"),
        which: fc.nat(5),
        verdict: fc.constantFrom("sent", "sent", "later", "unknown", "dead"),
      });
      const run = async (steps: readonly { what: string; which: number; verdict: string }[]) => {
        const scene = createScene(bench);
        const visits = [await scene.visit(), await scene.visit()];
        /** What is under way, until when. */
        const held = new Map<string, { delivery: Delivery; until: number }>();
        const hold = (delivery: Delivery | undefined) => {
          if (delivery === undefined) return;
          const now = scene.clock.now();
          const others = [...held.values()].filter((one) => one.until >= now);
          expect(others.map((one) => one.delivery.conversationId)).not.toContain(delivery.conversationId);
          held.set(delivery.id, { delivery, until: now + LEASE_MS });
        };
        for (const { what, which, verdict } of steps) {
          const visit = at(visits, which % 2);
          const now = scene.clock.now();
          if (what === "say") {
            const { leased } = await scene.say(visit, { parts: 1 + (which % 3) });
            for (const one of leased) hold(one);
          } else if (what === "claim") {
            const limit = 1 + which;
            for (const one of await bench.store.claimDeliveries({ now, limit, inboxId: scene.inboxId })) hold(one);
          } else if (what === "settle") {
            const one = [...held.values()].at(which % Math.max(1, held.size));
            if (one === undefined) continue;
            held.delete(one.delivery.id);
            const { delivery } = one;
            const stale = one.until < now;
            const verdicts = { sent: sent(), later: later(now + 500), unknown: later(now + 500, true), dead };
            const next = await bench.store.settleDelivery(delivery, verdicts[verdict as keyof typeof verdicts], now);
            hold(next);
            if (verdict !== "sent" || stale) continue;
            const where = `conversation_id = '${delivery.conversationId}' and state = 'pending' and attempts = 0 and seq < ${delivery.seq}`;
            expect(
              await scene.count("deliveries", `${where} and repeats = 0 and expires_at = ${delivery.expiresAt}`),
            ).toBe(0);
          } else if (what === "resend") {
            const { items } = await bench.store.deadDeliveries(scene.shopId, { limit: 1 });
            for (const one of items) await bench.store.resendDelivery(scene.shopId, one.id, now);
          } else scene.clock.advance(what === "wait" ? 500 : LEASE_MS + 1);
        }
        // Whatever happened, all of it is sent in the end, or dead.
        for (let left = 1; left > 0; ) {
          scene.clock.advance(LEASE_MS + 1);
          const due = await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 50, inboxId: scene.inboxId });
          for (let one of due as (Delivery | undefined)[])
            while (one !== undefined) one = await bench.store.settleDelivery(one, sent(), scene.clock.now());
          left = due.length;
        }
        expect(await scene.count("deliveries", "state not in ('sent', 'dead')")).toBe(0);
      };
      await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), run), { numRuns: 16 });
    });

    describe("a status", () => {
      const status = (
        visit: { inboxId: string },
        id: string,
        state: "sent" | "delivered" | "read" | "failed",
        detail?: string,
      ) => bench.store.recordStatus(visit.inboxId, id, state, 5, detail);

      test("moves a delivery forward and never back", async () => {
        const { scene, ids, settle, first } = await waiting(1);
        const id = newId("wamid");
        await settle(await first(), sent(id));
        const states = [];
        for (const state of ["delivered", "sent", "read", "delivered", "failed"] as const) {
          await status(scene, id, state);
          states.push((await delivery(ids[0])).state);
        }
        expect(states).toEqual(["delivered", "delivered", "read", "read", "read"]);
        expect(
          (await scene.events()).filter(({ type }) => type === "receipt").map(({ data }) => data?.delivery),
        ).toEqual(["sent", "delivered", "read"]);
      });

      test("of another inbox or message changes nothing", async () => {
        const { scene, ids, settle, first } = await waiting(1);
        await settle(await first(), sent("m7"));
        await status(createScene(bench), "m7", "read");
        await status(scene, "m8", "read");
        expect(await delivery(ids[0])).toMatchObject({ state: "sent" });
      });

      test.each([
        { early: ["delivered"], state: "delivered" },
        { early: ["read", "delivered"], state: "read" },
        { early: ["sent"], state: "sent" },
        { early: ["failed"], state: "dead" },
      ] as const)("$early that comes before the send's own answer is not lost", async ({ early, state }) => {
        const { scene, ids, settle, first } = await waiting(1);
        const id = newId("wamid");
        const attempt = await first();
        for (const one of early) await status(scene, id, one, one === "failed" ? "blocked" : undefined);
        await settle(attempt, sent(id));
        expect(await delivery(ids[0])).toMatchObject({ state, ...(state === "dead" ? { detail: "blocked" } : {}) });
      });

      test("that races with the send's own answer is not lost", async () => {
        for (const _ of range(20)) {
          const { scene, ids, settle, first } = await waiting(1);
          const id = newId("wamid");
          const attempt = await first();
          await Promise.all([
            settle(attempt, sent(id)),
            at(bench.processes, 2).recordStatus(scene.inboxId, id, "read", 5),
          ]);
          expect(await delivery(ids[0])).toMatchObject({ state: "read" });
        }
      });

      test("of a sending that failed says nothing about the next one", async () => {
        const { scene, ids, settle, first } = await waiting(1);
        await settle(await first(), sent("m1"));
        await status(scene, "m1", "failed", "gone");
        expect(await delivery(ids[0])).toMatchObject({ state: "dead", detail: "gone" });
        await bench.store.resendDelivery(scene.shopId, at(ids, 0), scene.clock.now());
        await status(scene, "m1", "failed", "gone");
        expect(await delivery(ids[0])).toMatchObject({ state: "pending" });
      });

      test("of a message in parts shows the worst", async () => {
        const { scene, visit, ids, settle } = await waiting(1, 2);
        await settleBoth(visit, ids, settle);
        await status(scene, "p0", "read");
        expect(at(await scene.messages(), 0)).toMatchObject({ delivery: "sent" });
        await status(scene, "p1", "delivered");
        expect(at(await scene.messages(), 0)).toMatchObject({ delivery: "delivered" });
      });
      async function settleBoth(
        _visit: Visit,
        ids: readonly string[],
        settle: (d: Delivery, v: Verdict) => Promise<unknown>,
      ) {
        for (const i of range(2)) await settle(await delivery(ids[i]), sent(`p${i}`));
      }
    });
  });
}
