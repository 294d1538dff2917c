import { describe, expect, test } from "vitest";
import { contentText } from "../../../src/core/content.ts";
import { newId } from "../../../src/core/ids.ts";
import { anArrival, aReply } from "../../support/builders.ts";
import { applied, type Bench, createScene, onEach, present, range } from "./bench.ts";

export function testHistory(bench: Bench): void {
  describe("the history of a contact", () => {
    const words = (messages: readonly { content: Parameters<typeof contentText>[0] }[]) =>
      messages.map(({ content }) => contentText(content));

    test("is one, across channels, by the time things were said and then by arrival", async () => {
      const scene = createScene(bench);
      const web = await scene.meet({ memberId: "M-1" });
      const line = await scene.meet({ inboxId: newId("inb"), channel: "line", memberId: "M-1" });
      const now = scene.clock.now();
      await scene.hear(web, { text: "c", at: now + 20 });
      await scene.hear(line, { text: "a", at: now });
      const last = present(await scene.hear(web, { text: "b1", at: now + 10 }));
      await scene.hear(line, { text: "b2", at: now + 10 });
      const session = await scene.session(last.sessionId);
      scene.clock.advance(10);
      applied(await scene.change(session, { say: [aReply({ party: line, text: "b3", parts: 0 })] }));
      const contactId = web.contact.id;
      expect(words(await scene.messages({ contactId }))).toEqual(["c", "b3", "b2", "b1", "a"]);
      expect(words(await scene.messages({ sessionId: session.id }))).toEqual(["c", "b3", "b2", "b1", "a"]);
      expect(words(await scene.messages({ conversationId: line.conversation.id }))).toEqual(["b3", "b2", "a"]);
      expect(words(await bench.store.recentMessages(contactId, 3))).toEqual(["b2", "b3", "c"]);
    });

    test("lists the contact's identities, the one they wrote with last first", async () => {
      const scene = createScene(bench);
      const silent = await scene.meet({ memberId: "M-1", inboxId: newId("inb") });
      const web = await scene.meet({ memberId: "M-1" });
      const line = await scene.meet({ memberId: "M-1", inboxId: newId("inb"), channel: "line" });
      await scene.hear(web, { now: scene.clock.advance(1) });
      await scene.hear(line, { now: scene.clock.advance(1) });
      const identities = await bench.store.identitiesOf(scene.shopId, web.contact.id);
      expect(identities.map(({ conversationId }) => conversationId)).toEqual(
        [line, web, silent].map(({ conversation }) => conversation.id),
      );
      expect(identities[0]).toMatchObject({ channel: "line", channelUserId: line.identity.channelUserId });
    });
  });

  describe("two contacts that are one person", () => {
    const merge = (shopId: string, into: string, from: string, store = bench.store) =>
      store.mergeContacts({ shopId, into, from, now: 9 });

    test("become one, with one history and at most one open session", async () => {
      const scene = createScene(bench);
      const [mei, lan] = [await scene.visit(), await scene.visit()];
      await scene.handOff(lan);
      expect(await merge(scene.shopId, mei.party.contact.id, lan.party.contact.id)).toBe(true);
      const contactId = mei.party.contact.id;
      expect(await scene.messages({ contactId })).toHaveLength(2);
      // Who waits for a person already goes on waiting.
      expect(await scene.session(lan.session.id)).toMatchObject({ state: "queued", contact: { id: contactId } });
      expect(await scene.session(mei.session.id)).toMatchObject({ state: "closed", closedBy: "merge" });
      expect((await bench.store.tickets(scene.shopId, { contactId, limit: 5 })).items).toHaveLength(1);
      expect(await bench.store.identitiesOf(scene.shopId, contactId)).toHaveLength(2);
      expect(await bench.store.contact(scene.shopId, lan.party.contact.id)).toMatchObject({ mergedInto: contactId });
      const again = present(await scene.hear(lan.party));
      expect(again).toMatchObject({ contactId, sessionId: lan.session.id });
    });

    test("keep the open session where only one is open", async () => {
      const scene = createScene(bench);
      const [mei, lan] = [await scene.meet(), await scene.visit()];
      await merge(scene.shopId, mei.contact.id, lan.party.contact.id);
      expect(await scene.session(lan.session.id)).toMatchObject({ state: "bot", contact: { id: mei.contact.id } });
    });

    test("keep what was proven", async () => {
      const scene = createScene(bench);
      const [mei, lan] = [await scene.meet(), await scene.meet({ memberId: "M-1", level: "verified" })];
      await merge(scene.shopId, mei.contact.id, lan.contact.id);
      expect(await bench.store.contact(scene.shopId, mei.contact.id)).toMatchObject({
        memberId: "M-1",
        level: "verified",
      });
      const other = await scene.meet({ memberId: "M-2", level: "verified" });
      await merge(scene.shopId, mei.contact.id, other.contact.id);
      expect(await bench.store.contact(scene.shopId, mei.contact.id)).toMatchObject({ memberId: "M-1" });
    });

    test("are joined once, never with themselves, a stranger, or one that was joined already", async () => {
      const scene = createScene(bench);
      const stranger = await createScene(bench).visit();
      const [mei, lan, zoe] = [await scene.visit(), await scene.visit(), await scene.visit()];
      const [a, b, c] = [mei.party.contact.id, lan.party.contact.id, zoe.party.contact.id];
      const before = await scene.everything();
      expect(await merge(scene.shopId, a, a)).toBe(false);
      expect(await merge(scene.shopId, a, "con_unknown")).toBe(false);
      expect(await merge(scene.shopId, "con_unknown", a)).toBe(false);
      expect(await merge(scene.shopId, a, stranger.party.contact.id)).toBe(false);
      expect(await merge(stranger.party.contact.shopId, a, b)).toBe(false);
      expect(await scene.everything()).toEqual(before);
      expect((await onEach(bench, 4, (store) => merge(scene.shopId, a, b, store))).filter(Boolean)).toHaveLength(1);
      expect(await merge(scene.shopId, c, b)).toBe(false);
      expect(await merge(scene.shopId, b, c)).toBe(false);
    });

    test("lose no message that arrives meanwhile", async () => {
      for (const _ of range(20)) {
        const scene = createScene(bench);
        const [mei, lan] = [await scene.visit(), await scene.visit()];
        const contactId = mei.party.contact.id;
        await onEach(bench, 4, async (store, i) => {
          const party = i === 1 ? mei.party : lan.party;
          if (i === 0) await merge(scene.shopId, contactId, lan.party.contact.id, store);
          else await store.recordInbound(anArrival({ party, opening: { kind: "join" } }));
        });
        expect(await scene.messages({ contactId })).toHaveLength(5);
        expect(await scene.count("sessions", "state <> 'closed'")).toBe(1);
      }
    });
  });

  describe("a contact", () => {
    test("is patched where something is said, and found only in its shop", async () => {
      const scene = createScene(bench);
      const { contact } = await scene.meet();
      await bench.store.patchContact(scene.shopId, contact.id, {
        name: "李梅",
        email: "mei@shop.example",
        level: "claimed",
      });
      expect(await bench.store.contact(scene.shopId, contact.id)).toEqual({
        ...contact,
        name: "李梅",
        email: "mei@shop.example",
        level: "claimed",
      });
    });
  });

  describe("a ticket", () => {
    test("is noted and patched, each with a line in its log, and only where it is", async () => {
      const scene = createScene(bench);
      const { ticketId } = await scene.handOff(await scene.visit());
      const by = { kind: "agent", id: "usr_1", name: "林" } as const;
      const note = {
        shopId: scene.shopId,
        ticketId,
        id: newId("log"),
        by,
        text: "已致电",
        now: scene.clock.advance(1),
      };
      expect(await bench.store.addTicketNote(note)).toBe(true);
      const patch = { priority: "urgent", tags: ["加急"] } as const;
      const change = { shopId: scene.shopId, ticketId, patch, by, kind: "changed", now: scene.clock.advance(1) };
      expect(await bench.store.patchTicket(change)).toBe(true);
      expect(await bench.store.ticketLog(scene.shopId, ticketId)).toMatchObject([
        { kind: "handoff" },
        { kind: "note", by: { id: "usr_1", name: "林" }, data: { text: "已致电" } },
        { kind: "changed", data: patch },
      ]);
      expect(await bench.store.ticket(scene.shopId, ticketId)).toMatchObject({ ...patch, version: 2 });
      const before = await scene.everything();
      expect(await bench.store.addTicketNote(note)).toBe(false);
      expect(await bench.store.addTicketNote({ ...note, id: newId("log"), ticketId: "tic_unknown" })).toBe(false);
      expect(await bench.store.patchTicket({ ...change, ticketId: "tic_unknown" })).toBe(false);
      expect(await scene.everything()).toEqual(before);
    });

    test("waits behind those that were queued before it", async () => {
      const scene = createScene(bench);
      const sessions = [];
      for (const _ of range(3)) {
        const visit = await scene.visit();
        await scene.handOff(visit);
        sessions.push(visit.session.id);
        scene.clock.advance(1);
      }
      const positions = sessions.map((id) => bench.store.queuePosition(scene.shopId, id));
      expect(await Promise.all(positions)).toEqual([0, 1, 2]);
      const { session } = await scene.visit();
      expect(await bench.store.queuePosition(scene.shopId, session.id)).toBe(3);
      expect(await bench.store.sessionCounts(scene.shopId, "usr_1")).toEqual({
        bot: 1,
        queued: 3,
        agent: 0,
        mine: 0,
        closed: 0,
      });
    });

    test("is listed by what it is, and found by its number, name and order", async () => {
      const scene = createScene(bench);
      const mei = await scene.visit({ sender: { id: "mei", name: "Émile Zola" } });
      const { ticketId } = await scene.handOff(mei, { priority: "high", group: "returns", orderIds: ["20260615001"] });
      await scene.handOff(await scene.visit());
      const find = async (filter: object) =>
        (await bench.store.tickets(scene.shopId, { limit: 9, ...filter })).items.map(({ id }) => id);
      for (const filter of [
        { priority: "high" },
        { group: "returns" },
        { contactId: mei.party.contact.id },
        { q: "T-260615-0001" },
        { q: "émile".replace("é", "É") },
        { q: "MILE ZOLA" },
        { q: "2026061500" },
        { q: ticketId },
      ])
        expect(await find(filter), JSON.stringify(filter)).toEqual([ticketId]);
      expect(await find({ status: "open" })).toHaveLength(2);
      expect(await find({ assignee: "usr_1" })).toEqual([]);
    });
  });
}
