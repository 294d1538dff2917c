import { describe, expect, test } from "vitest";
import { type Delivery, LEASE_MS, type Verdict } from "../../../src/core/delivery.ts";
import { newId } from "../../../src/core/ids.ts";
import type { Settled } from "../../../src/core/ports.ts";
import { anAudit, aReply, aTemplate } from "../../support/builders.ts";
import { applied, at, type Bench, createScene, onEach, present, range } from "./bench.ts";

export function testWindows(bench: Bench): void {
  const sent = (): Verdict => ({ state: "sent", channelMessageId: newId("wamid") });
  const spent = (fields: Partial<NonNullable<Settled["spent"]>> = {}) => ({
    spent: { route: "message", counted: 1, day: "260615", inWindow: true, ...fields },
  });

  async function talk(parts = 1) {
    const scene = createScene(bench);
    const visit = await scene.visit();
    const said = applied(
      await scene.change(visit.session, { say: range(parts).map(() => aReply({ party: visit.party })) }),
    );
    const first = at(said.leased, 0);
    const facts = async () => present(await bench.store.windowFacts(visit.party.conversation.id));
    const settle = (delivery: Delivery, verdict: Verdict, settled: Settled = {}) =>
      bench.store.settleDelivery(delivery, verdict, scene.clock.now(), settled);
    const waiting = () => bench.store.pendingDeliveries(visit.party.conversation.id, 50);
    const usage = () => bench.store.usage(scene.shopId, scene.inboxId, "000000");
    return { scene, visit, first, facts, settle, waiting, usage };
  }

  describe("the send window", () => {
    test("is opened by words and by coming in, each by itself, and never by what comes late", async () => {
      const { scene, visit, facts, first, settle } = await talk();
      const heardAt = scene.clock.now();
      expect(await facts()).toEqual({ heardAt, saidSince: 0 });
      await settle(first, sent(), spent({ counted: 2 }));
      expect(await facts()).toMatchObject({ heardAt, saidSince: 2 });
      scene.clock.advance(1000);
      const join = { content: { type: "system", code: "joined", text: "" } } as const;
      await scene.hear(visit.party, join);
      expect(await facts()).toMatchObject({ heardAt, saidSince: 2, joinedAt: heardAt + 1000, saidSinceJoined: 0 });
      await scene.hear(visit.party, { at: heardAt - 60_000 });
      expect(await facts()).toMatchObject({ heardAt, saidSince: 2 });
      await scene.hear(visit.party, { authorKind: "bot" });
      await scene.hear(visit.party, { opens: "joined" });
      expect(await facts()).toMatchObject({ heardAt, saidSince: 2 });
      scene.clock.advance(1000);
      await scene.hear(visit.party);
      expect(await facts()).toMatchObject({ heardAt: heardAt + 2000, saidSince: 0, saidSinceJoined: 0 });
      expect(await scene.session(visit.session.id)).toMatchObject({ window: await facts() });
    });

    test("counts a message once, however often it is heard", async () => {
      const { scene, visit, facts, first, settle } = await talk();
      const channelMessageId = newId("wamid");
      await scene.hear(visit.party, { channelMessageId });
      await settle(first, sent(), spent());
      scene.clock.advance(1000);
      expect(await scene.hear(visit.party, { channelMessageId })).toBeUndefined();
      expect(await facts()).toMatchObject({ saidSince: 1 });
    });

    test("is shut by the platform's word, until the contact does something", async () => {
      const { scene, visit, facts, first, settle } = await talk();
      const began = scene.clock.advance(10);
      const closed: Verdict = { state: "dead", code: "delivery.window_closed", detail: "45047" };
      await settle(first, closed, { shutAt: began });
      expect(await facts()).toMatchObject({ shutAt: began });
      scene.clock.advance(10);
      await scene.hear(visit.party);
      expect((await facts()).shutAt).toBeUndefined();
      // A refusal of what was sent before they wrote says nothing of the window they opened.
      await settle(first, closed, { shutAt: began });
      expect((await facts()).shutAt).toBeUndefined();
    });
  });

  describe("what was sent", () => {
    test("is counted by day and route, with the settled delivery and only once", async () => {
      const { scene, first, settle, usage, facts } = await talk(2);
      const second = present(await settle(first, sent(), spent()));
      await settle(first, sent(), spent());
      expect(await usage()).toEqual([{ day: "260615", route: "message", count: 1 }]);
      expect(await facts()).toMatchObject({ saidSince: 1 });
      await settle(second, { state: "dead", code: "delivery.bad_request", detail: "" }, spent());
      expect(await usage()).toHaveLength(1);
      expect(await bench.store.usage(scene.shopId, scene.inboxId, "260616")).toEqual([]);
    });

    test("adds up from many processes", async () => {
      const { scene, usage } = await talk();
      const visits = await Promise.all(range(8).map(() => scene.visit()));
      const leased = await Promise.all(visits.map(async (visit) => at((await scene.say(visit)).leased, 0)));
      await onEach(bench, 8, (store, i) =>
        store.settleDelivery(at(leased, i), sent(), scene.clock.now(), spent({ route: "push" })),
      );
      expect(await usage()).toEqual([{ day: "260615", route: "push", count: 8 }]);
    });

    test("does not count against a window it did not use", async () => {
      const { first, settle, usage, facts } = await talk();
      await settle(first, sent(), spent({ route: "template", inWindow: false }));
      expect(await usage()).toEqual([{ day: "260615", route: "template", count: 1 }]);
      expect(await facts()).toMatchObject({ saidSince: 0 });
    });
  });

  describe("deliveries sent together", () => {
    test("are leased as one and settled as one", async () => {
      const { scene, first, settle, waiting } = await talk(4);
      const [, second, third, fourth] = await waiting();
      const others = await bench.store.joinDeliveries(first, [present(second), present(third)], scene.clock.now());
      expect(others.map(({ id, batch }) => [id, batch])).toEqual([
        [second?.id, first.id],
        [third?.id, first.id],
      ]);
      const verdict = sent();
      const next = await settle(first, verdict, {
        others: others.map((delivery) => ({ delivery, verdict })),
        ...spent(),
      });
      expect(next?.id).toBe(fourth?.id);
      expect((await waiting()).map(({ id }) => id)).toEqual([fourth?.id]);
    });

    test("are found together again by whoever takes up a dead process's work", async () => {
      const { scene, first, waiting } = await talk(3);
      const [, ...rest] = await waiting();
      await bench.store.joinDeliveries(first, rest, scene.clock.now());
      expect(await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 9, inboxId: scene.inboxId })).toEqual(
        [],
      );
      scene.clock.advance(LEASE_MS + 1);
      const [again] = await bench.store.claimDeliveries({ now: scene.clock.now(), limit: 9, inboxId: scene.inboxId });
      expect(again).toMatchObject({ id: first.id, attempts: 2, repeats: 1 });
      const begun = (await waiting()).filter(({ batch }) => batch === first.id);
      expect(begun.map(({ id }) => id)).toEqual(rest.map(({ id }) => id));
      expect(await bench.store.joinDeliveries(present(again), begun, scene.clock.now())).toHaveLength(2);
      // The first process comes back to life, and has lost them.
      expect(await bench.store.joinDeliveries(first, begun, scene.clock.now())).toEqual([]);
    });

    test("join all or none", async () => {
      const { scene, first, waiting, settle } = await talk(3);
      const [, second, third] = await waiting();
      await bench.store.joinDeliveries(first, [present(third)], scene.clock.now());
      expect(await bench.store.joinDeliveries(first, [present(second), present(third)], scene.clock.now())).toEqual([]);
      expect((await waiting()).find(({ id }) => id === second?.id)?.batch).toBeUndefined();
      // One that comes back to the outbox by an agent's wish goes by itself.
      await settle(first, { state: "dead", code: "delivery.bad_request", detail: "" });
      expect(await bench.store.resendDelivery(scene.shopId, first.id, scene.clock.now())).toBe(true);
    });
  });

  describe("a template", () => {
    test("is kept once for each language, and leaves with its inbox's word only", async () => {
      const { shopId, inboxId } = createScene(bench);
      const template = aTemplate({ shopId, inboxId, category: "utility" });
      const audit = anAudit({ shopId });
      expect(await bench.store.createTemplate(template, audit)).toBe(true);
      expect(await bench.store.createTemplate({ ...template, id: newId("tpl") }, audit)).toBe(false);
      const english = aTemplate({ shopId, inboxId, locale: "en_US", params: [] });
      expect(await bench.store.createTemplate(english, audit)).toBe(true);
      expect(await bench.store.templates(shopId, inboxId)).toEqual([english, template]);
      expect(await bench.store.template(shopId, template.id)).toEqual(template);
      expect(await bench.store.deleteTemplate(shopId, "another", template.id, audit)).toBe(false);
      expect(await bench.store.deleteTemplate(shopId, inboxId, template.id, audit)).toBe(true);
      expect(await bench.store.template(shopId, template.id)).toBeUndefined();
    });

    test("goes out as itself", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const template = { vendorId: "order_update", locale: "zh_CN", params: [{ key: "1", value: "梅" }] };
      const draft = aReply({ party: visit.party });
      const parts = draft.parts.map((part) => ({ ...part, template }));
      const { leased } = applied(await scene.change(visit.session, { say: [{ ...draft, parts }] }));
      expect(at(leased, 0).template).toEqual(template);
      expect(await bench.store.delivery(at(leased, 0).id)).toMatchObject({ template });
    });
  });
}
