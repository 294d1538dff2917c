import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import type { Party } from "../../../src/core/ports.ts";
import { anArrival, aText } from "../../support/builders.ts";
import { at, type Bench, createScene, onEach, present, range } from "./bench.ts";

const DAY_MS = 24 * 3_600_000;

export function testInbound(bench: Bench): void {
  describe("what arrives", () => {
    test.each(["channelMessageId", "clientId"] as const)(
      "is kept once for the same %s, however often at once",
      async (key) => {
        const scene = createScene(bench);
        const party = await scene.meet();
        const id = newId("same");
        const keys = key === "clientId" ? { clientId: id, channelMessageId: newId("wamid") } : { channelMessageId: id };
        const heard = await onEach(bench, 3, (store) => scene.hear(party, keys, store));
        expect(heard.filter((message) => message !== undefined)).toHaveLength(1);
        expect(await scene.messages()).toHaveLength(1);
        expect(await scene.count("sessions")).toBe(1);
        expect((await scene.events()).map(({ type }) => type)).toEqual(["message"]);
        expect(at((await bench.store.sessions(scene.shopId, { limit: 5 })).items, 0).unread).toBe(1);
      },
    );

    test("changes nothing when it comes again after the session was closed", async () => {
      const scene = createScene(bench);
      const { party, session } = await scene.visit();
      await scene.hear(party, { channelMessageId: "again" });
      await scene.close(session);
      const before = await scene.everything();
      expect(await scene.hear(party, { channelMessageId: "again" })).toBeUndefined();
      expect(await scene.hear(party, { channelMessageId: "again", sameMatter: true })).toBeUndefined();
      expect(await scene.everything()).toEqual(before);
    });

    test("is the same message only within its own inbox", async () => {
      const scene = createScene(bench);
      const other = createScene(bench);
      const [here, there] = [await scene.meet(), await other.meet()];
      expect(await scene.hear(here, { channelMessageId: "7" })).toBeDefined();
      expect(await other.hear(there, { channelMessageId: "7" })).toBeDefined();
    });

    test("from a bot, or as our own echo, is kept, and nobody has written or waits by it", async () => {
      const scene = createScene(bench);
      const { party, session } = await scene.visit();
      await scene.handOff({ party, session, message: at(await scene.messages(), 0) });
      const before = await scene.session(session.id);
      const heardAt = present(await bench.store.findParty(scene.inboxId, party.identity.channelUserId)).conversation;
      scene.clock.advance(60_000);
      await scene.hear(party, { text: "由别的机器人回复", authorKind: "bot" });
      expect(await scene.messages()).toHaveLength(2);
      const seen = { lastMessageAt: scene.clock.now(), preview: "由别的机器人回复" };
      expect(await scene.session(session.id)).toEqual({ ...before, ...seen });
      const after = present(await bench.store.findParty(scene.inboxId, party.identity.channelUserId)).conversation;
      expect(after.lastInboundAt).toBe(heardAt.lastInboundAt);
    });

    test("tells of itself: session, conversation and event", async () => {
      const scene = createScene(bench);
      const party = await scene.meet();
      const address = { to: "new place", at: "https://a.example/?x=1" };
      const message = present(await scene.hear(party, { text: "在吗", language: "zh-CN", address }));
      const session = await scene.session(message.sessionId);
      expect(session).toMatchObject({
        state: "bot",
        owner: "bot",
        ownerEpoch: 1,
        openReason: "first",
        unread: 1,
        preview: "在吗",
        language: "zh-CN",
        lastInboundAt: scene.clock.now(),
        window: { heardAt: scene.clock.now(), saidSince: 0 },
      });
      const again = present(await bench.store.partyOfConversation(scene.shopId, party.conversation.id));
      expect(again.conversation.address).toEqual(address);
      expect(again.lastSession?.id).toBe(session.id);
      expect(await scene.events()).toMatchObject([
        { type: "message", messageId: message.id, sessionId: session.id, conversationId: party.conversation.id },
      ]);
      expect(await bench.store.message(scene.shopId, message.id)).toEqual(message);
    });

    test("is edited and recalled by the platform's id, and not after its recall", async () => {
      const scene = createScene(bench);
      const { party } = await scene.visit();
      const message = present(await scene.hear(party, { channelMessageId: "m1" }));
      const now = scene.clock.advance(1000);
      const revise = (change: { recalledAt?: number; content?: ReturnType<typeof aText> }, id = "m1") =>
        bench.store.reviseInbound(scene.inboxId, id, { ...change, now });
      expect(await revise({ content: aText("改了") })).toBe(true);
      expect(await revise({ recalledAt: now })).toBe(true);
      expect(await revise({ content: aText("又改") })).toBe(false);
      expect(await revise({ recalledAt: now }, "unknown")).toBe(false);
      const [view] = await scene.messages();
      expect(view).toMatchObject({ id: message.id, content: aText("改了"), editedAt: now, recalledAt: now });
      expect((await scene.events()).filter(({ messageId }) => messageId === message.id)).toHaveLength(3);
    });

    test("that is no message is counted", async () => {
      const scene = createScene(bench);
      const raw = { nested: ["\u0000", "\ud800", "😀".repeat(20_000)] };
      await bench.store.recordUnsupported({ ...scene, kind: `poll${"x".repeat(300)}`, raw, at: 1 });
      await bench.store.recordUnsupported({ ...scene, kind: "nothing", raw: undefined, at: 2 });
      expect(await scene.count("unsupported_events")).toBe(2);
    });
  });

  describe("who writes", () => {
    test("is one contact with one identity and one conversation, however many requests meet them first", async () => {
      for (const round of range(8)) {
        const scene = createScene(bench);
        const parties = await onEach(bench, 20, (store) => scene.meet({ user: `mei${round}` }, store));
        expect(new Set(parties.map(({ conversation }) => conversation.id)).size).toBe(1);
        const tables = ["contacts", "identities", "conversations"];
        expect(await Promise.all(tables.map((table) => scene.count(table)))).toEqual([1, 1, 1]);
      }
    });

    test("joins the contact that has proven the member id, even when all come at once", async () => {
      const scene = createScene(bench);
      const parties = await onEach(bench, 8, (store, i) =>
        scene.meet(
          { inboxId: `${scene.inboxId}_${i % 4}`, user: `u${i % 4}`, memberId: "M-1", level: "verified" },
          store,
        ),
      );
      expect(new Set(parties.map(({ contact }) => contact.id)).size).toBe(1);
      expect(await scene.count("contacts")).toBe(1);
      expect(await scene.count("conversations")).toBe(4);
      const stranger = await scene.meet({ memberId: "M-2" });
      expect(stranger.contact.id).not.toBe(at(parties, 0).contact.id);
    });

    test("joins the contact their own was merged into", async () => {
      const scene = createScene(bench);
      const [into, from] = [await scene.meet({ memberId: "M-1" }), await scene.meet({ memberId: "M-2" })];
      const pair = { shopId: scene.shopId, into: into.contact.id, from: from.contact.id, now: scene.clock.now() };
      expect(await bench.store.mergeContacts(pair)).toBe(true);
      expect((await scene.meet({ memberId: "M-2" })).contact.id).toBe(into.contact.id);
    });
  });

  describe("a session", () => {
    test("is joined while open, even by another of the contact's conversations", async () => {
      const scene = createScene(bench);
      const { session } = await scene.visit({ memberId: "M-1" });
      const phone = await scene.meet({ inboxId: newId("inb"), channel: "phone", memberId: "M-1" });
      scene.clock.advance(60_000);
      const message = present(await scene.hear(phone));
      expect(message.sessionId).toBe(session.id);
      expect(await scene.session(session.id)).toMatchObject({
        conversationId: phone.conversation.id,
        channel: "phone",
        unread: 2,
      });
    });

    test("is new after silence, and the same one again where the matter is the same", async () => {
      const scene = createScene(bench);
      const { party, session } = await scene.visit();
      await scene.close(session);
      scene.clock.advance(3_600_000);
      const reopened = present(await scene.hear(party, { sameMatter: true }));
      expect(reopened.sessionId).toBe(session.id);
      expect(await scene.session(session.id)).toMatchObject({
        state: "bot",
        owner: "bot",
        openReason: "reopened",
        reopenCount: 1,
        ownerEpoch: 3,
        misses: 0,
      });
      expect(await scene.session(session.id)).not.toHaveProperty("closedAt");
      await scene.close(session);
      scene.clock.advance(DAY_MS);
      const fresh = present(await scene.hear(party, { sameMatter: true }));
      expect(fresh.sessionId).not.toBe(session.id);
      expect(await scene.session(fresh.sessionId)).toMatchObject({ openReason: "after_silence", reopenCount: 0 });
    });

    test("is open at most once for a contact, however many messages come at once", async () => {
      const scene = createScene(bench);
      const parties = await Promise.all(
        range(4).map((i) => scene.meet({ inboxId: `${scene.inboxId}_${i}`, memberId: "M-1" })),
      );
      const heard = await onEach(bench, 20, (store, i) => scene.hear(at(parties, i % 4), {}, store));
      expect(heard.every((message) => message !== undefined)).toBe(true);
      expect(await scene.count("sessions")).toBe(1);
      expect((await bench.store.sessions(scene.shopId, { limit: 5 })).items).toMatchObject([
        { unread: 20, state: "bot" },
      ]);
    });

    test("is open at most once when one message reopens it and another begins anew", async () => {
      for (const _ of range(20)) {
        const scene = createScene(bench);
        const { party, session } = await scene.visit();
        await scene.close(session);
        const heard = await onEach(bench, 4, (store, i) => scene.hear(party, { sameMatter: i % 2 === 0 }, store));
        expect(heard.every((message) => message !== undefined)).toBe(true);
        expect(await scene.count("sessions", "state <> 'closed'")).toBe(1);
        expect(new Set(heard.map((message) => message?.sessionId)).size).toBe(1);
      }
    });

    test("takes every message, also those that come while it is being closed", async () => {
      for (const _ of range(40)) {
        const scene = createScene(bench);
        const { party, session } = await scene.visit();
        const [first, second] = [at(bench.processes, 1), at(bench.processes, 2)];
        const [, ...heard] = await Promise.all([
          scene.close(session, first),
          scene.hear(party, {}, second),
          scene.hear(party, {}, first),
        ]);
        expect(heard.every((message) => message !== undefined)).toBe(true);
        expect(await scene.count("messages")).toBe(3);
        expect(await scene.count("sessions", "state <> 'closed'")).toBeLessThanOrEqual(1);
      }
    });

    test("has a place for a message whose opening no longer fits", async () => {
      const scene = createScene(bench);
      const { party, session } = await scene.visit();
      await scene.close(session);
      const stale: Party = { ...party, lastSession: { ...session, id: "ses_gone" } };
      const record = anArrival({ party: stale, opening: { kind: "reopen" } });
      expect(await bench.store.recordInbound(record)).toMatchObject({ fresh: true });
      const join = anArrival({ party, opening: { kind: "join" } });
      await scene.close(await scene.session(present(await scene.hear(party)).sessionId));
      expect(await bench.store.recordInbound(join)).toMatchObject({ fresh: true });
    });

    test("ends when silent, unless something was said meanwhile", async () => {
      const scene = createScene(bench);
      const silent = await scene.visit();
      const queued = await scene.visit();
      await scene.handOff(queued);
      const since = scene.clock.advance(1000);
      const talking = await scene.visit();
      const closed = await bench.store.closeIdle(since, scene.clock.now());
      expect(closed).toBeGreaterThanOrEqual(1);
      expect(await scene.session(silent.session.id)).toMatchObject({ state: "closed", closedBy: "timer" });
      expect(await scene.session(queued.session.id)).toMatchObject({ state: "queued" });
      expect(await scene.session(talking.session.id)).toMatchObject({ state: "bot" });
      const { session } = talking;
      const fence = { states: ["bot"], silentSince: session.lastMessageAt } as const;
      expect(await scene.change(session, { fence, patch: { state: "closed" } })).toEqual({ applied: false });
    });

    test("is read and rated, once each time", async () => {
      const scene = createScene(bench);
      const { session, party } = await scene.visit();
      const seen = (await scene.events()).length;
      await bench.store.markRead(scene.shopId, session.id, 1);
      await bench.store.markRead(scene.shopId, session.id, 2);
      expect(await scene.session(session.id)).toMatchObject({ unread: 0 });
      const rating = { shopId: scene.shopId, conversationId: party.conversation.id, score: 5, comment: "好", now: 3 };
      expect(await bench.store.rateSession({ ...rating, sessionId: session.id })).toBe(true);
      expect(await bench.store.rateSession({ ...rating, sessionId: "ses_none" })).toBe(false);
      expect(await bench.store.rateSession({ ...rating, sessionId: session.id, conversationId: "cnv_none" })).toBe(
        false,
      );
      const conversationId = party.conversation.id;
      expect((await scene.events()).slice(seen)).toMatchObject([
        { type: "session", sessionId: session.id, conversationId, at: 1 },
        { type: "session", sessionId: session.id, conversationId, at: 3 },
      ]);
      expect(await bench.sql(`select rating, rating_comment from sessions where id = '${session.id}'`)).toEqual([
        [5, "好"],
      ]);
    });
  });
}
