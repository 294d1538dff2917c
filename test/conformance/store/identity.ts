import { describe, expect, test } from "vitest";
import { contentText } from "../../../src/core/content.ts";
import { newId } from "../../../src/core/ids.ts";
import type { IdentityStore } from "../../../src/core/ports.ts";
import { anAudit, aReply } from "../../support/builders.ts";
import { applied, at, type Bench, createScene, onEach, present } from "./bench.ts";

export function testIdentity(bench: Bench): void {
  const by = { id: "usr_lin", name: "林小美" };
  type Scene = ReturnType<typeof createScene>;
  const join = async (
    { shopId, clock }: Scene,
    into: string,
    from: string,
    fields: Partial<Parameters<IdentityStore["mergeContacts"]>[0]> = {},
  ) => {
    const id = newId("mrg");
    expect(
      await bench.store.mergeContacts({ shopId, id, into, from, now: clock.now(), kind: "agent", ...fields }),
    ).toBe(true);
    return id;
  };
  const part = ({ shopId, clock }: Scene, mergeId: string, store = bench.store) =>
    store.unmergeContacts({
      shopId,
      mergeId,
      since: 0,
      by,
      reason: "不是同一个人",
      audit: anAudit({ shopId, action: "contact.unmerge" }),
      now: clock.now(),
    });
  /** All that tells one contact's things from another's; a session reopened has changed hands. */
  const told = async (scene: Scene) => {
    const columns = {
      contacts: "id, level, member_id, merged_into",
      identities: "id, contact_id, level, proven_by",
      conversations: "id, contact_id",
      messages: "id, contact_id, session_id, conversation_id",
      sessions: "id, contact_id, conversation_id, inbox_id, channel, state, owner, ticket_id, closed_by",
      tickets: "id, contact_id, session_id",
      proofs: "kind, value, contact_id",
    };
    return Object.fromEntries(
      await Promise.all(
        Object.entries(columns).map(async ([table, names]) => [
          table,
          (await bench.sql(`select ${names} from ${table} where shop_id = '${scene.shopId}'`))
            .map((row) => JSON.stringify(row))
            .sort(),
        ]),
      ),
    );
  };

  describe("a merge", () => {
    test("taken back leaves everything as it was, the session that ended for it included", async () => {
      const scene = createScene(bench);
      const [mei, lan] = [await scene.visit(), await scene.visit({ memberId: "M-1", level: "verified" })];
      await scene.handOff(mei);
      const { shopId, clock } = scene;
      const contactId = lan.party.contact.id;
      await bench.store.addProof({ shopId, kind: "phone", value: "h1", contactId, now: clock.now() });
      const before = await told(scene);
      const id = await join(scene, mei.party.contact.id, contactId);
      expect(await bench.store.contact(shopId, mei.party.contact.id)).toMatchObject({
        memberId: "M-1",
        level: "verified",
      });
      expect(await scene.session(lan.session.id)).toMatchObject({ state: "closed", closedBy: "merge" });
      expect(await told(scene)).not.toEqual(before);
      clock.advance(1000);
      expect((await onEach(bench, 4, (store) => part(scene, id, store))).filter(Boolean)).toHaveLength(1);
      expect(await told(scene)).toEqual(before);
      expect(await bench.store.wereParted(shopId, contactId, mei.party.contact.id)).toBe(true);
      expect(await bench.store.mergesOf(shopId, mei.party.contact.id)).toMatchObject([
        { id, kind: "agent", undoneByName: "林小美", undoneReason: "不是同一个人" },
      ]);
      expect(await scene.count("audit", "action = 'contact.unmerge'")).toBe(1);
    });

    test("taken back leaves what came since with whom it was said to", async () => {
      const scene = createScene(bench);
      const [mei, lan] = [await scene.visit(), await scene.visit()];
      const { ticketId } = await scene.handOff(lan);
      const [meiId, lanId] = [mei.party.contact.id, lan.party.contact.id];
      const id = await join(scene, meiId, lanId);
      const words: Record<string, string> = {};
      const hear = async (who: "mei" | "lan", text: string) => {
        scene.clock.advance(10);
        const message = present(await scene.hear(who === "mei" ? mei.party : lan.party, { text }));
        words[text] = message.sessionId;
      };
      await hear("lan", "l1");
      await hear("mei", "m1");
      expect(words).toEqual({ l1: lan.session.id, m1: lan.session.id });
      await scene.close(await scene.session(lan.session.id));
      await hear("mei", "m2");
      await hear("lan", "l2");
      const shared = present(words.l2);
      expect(words.m2).toBe(shared);
      scene.clock.advance(10);
      applied(
        await scene.change(await scene.session(shared), {
          say: [aReply({ party: mei.party, text: "to mei", parts: 0 })],
        }),
      );
      expect(await part(scene, id)).toBe(true);
      const said = async (contactId: string) =>
        (await scene.messages({ contactId })).map(({ content }) => contentText(content)).toReversed();
      expect((await said(meiId)).slice(1)).toEqual(["m1", "m2", "to mei"]);
      expect((await said(lanId)).slice(1)).toEqual(["l1", "l2"]);
      for (const [contactId, conversationId] of [
        [meiId, mei.party.conversation.id],
        [lanId, lan.party.conversation.id],
      ] as const) {
        const sessions = (await bench.store.sessions(scene.shopId, { contactId, limit: 20 })).items;
        expect(sessions.map((session) => session.conversationId)).toEqual(sessions.map(() => conversationId));
        const heard = await Promise.all(sessions.map(({ id: sessionId }) => scene.messages({ sessionId })));
        expect(heard.flat().every((message) => message.contactId === contactId)).toBe(true);
        expect(heard.flat()).toHaveLength((await said(contactId)).length);
      }
      expect(await bench.store.ticket(scene.shopId, ticketId)).toMatchObject({ contactId: lanId });
      // The one they shared is whose words were last; the one that ended for the merge is open again.
      expect(await scene.count("sessions", "state <> 'closed'")).toBe(2);
      expect(await scene.session(mei.session.id)).toMatchObject({ state: "bot" });
    });

    test("is taken back only while both are as it left them, and in its time", async () => {
      const scene = createScene(bench);
      const [a, b, c] = await Promise.all([scene.meet(), scene.meet(), scene.meet()]);
      const first = await join(scene, b.contact.id, a.contact.id);
      const second = await join(scene, c.contact.id, b.contact.id);
      expect(await part(scene, first)).toBe(false);
      expect(await part(scene, second)).toBe(true);
      expect(await part(scene, second)).toBe(false);
      const late = { ...scene, shopId: scene.shopId };
      expect(
        await bench.store.unmergeContacts({
          shopId: late.shopId,
          mergeId: first,
          since: scene.clock.now() + 1,
          by,
          reason: "",
          audit: anAudit({ shopId: late.shopId }),
          now: scene.clock.now(),
        }),
      ).toBe(false);
      expect(await part(scene, first)).toBe(true);
      expect(await scene.count("audit", "action = 'contact.unmerge'")).toBe(2);
    });

    test("writes its audit row with itself, or neither", async () => {
      const scene = createScene(bench);
      const [a, b] = [await scene.meet(), await scene.meet()];
      const audit = anAudit({ shopId: scene.shopId, action: "contact.merge" });
      const input = { shopId: scene.shopId, into: a.contact.id, from: b.contact.id, audit, now: scene.clock.now() };
      await onEach(bench, 4, (store) => store.mergeContacts(input));
      expect(await scene.count("audit", "action = 'contact.merge'")).toBe(1);
      expect(await scene.count("merges")).toBe(1);
    });

    test("lets the question nobody has answered be answered in the session that stays", async () => {
      const scene = createScene(bench);
      const [mei, lan] = [await scene.visit(), await scene.visit()];
      await scene.handOff(mei);
      await join(scene, mei.party.contact.id, lan.party.contact.id);
      expect((await scene.messages({ sessionId: mei.session.id })).map((message) => message.id)).toContain(
        lan.message.id,
      );
    });

    test("makes the identity that brought the proof as sure as the contact, and no other", async () => {
      const scene = createScene(bench);
      const member = await scene.meet({ memberId: "M-1", level: "verified" });
      const chat = await scene.meet({ inboxId: newId("inb"), channel: "telegram", level: "claimed" });
      const id = await join(scene, member.contact.id, chat.contact.id, {
        kind: "link-code",
        verifies: chat.identity.id,
      });
      const identities = () => bench.store.identitiesOf(scene.shopId, member.contact.id);
      expect((await identities()).find((one) => one.id === chat.identity.id)).toMatchObject({
        level: "verified",
        provenBy: "link-code",
      });
      await part(scene, id);
      expect(await bench.store.identitiesOf(scene.shopId, chat.contact.id)).toMatchObject([{ level: "claimed" }]);
      const again = await join(scene, member.contact.id, chat.contact.id);
      expect((await identities()).find((one) => one.id === chat.identity.id)).toMatchObject({
        level: "claimed",
        provenBy: "agent",
      });
      expect(again).not.toBe(id);
    });
  });

  describe("a proof", () => {
    test("of a platform is one contact's; a phone may be a family's, and a contact has one", async () => {
      const scene = createScene(bench);
      const { shopId, clock } = scene;
      const [a, b] = [await scene.meet(), await scene.meet()];
      const add = (kind: "unionid" | "phone", value: string, contactId: string) =>
        bench.store.addProof({ shopId, kind, value, contactId, now: clock.now() });
      const who = async (kind: "unionid" | "phone", value: string) =>
        (await bench.store.contactsByProof(shopId, kind, value)).map(({ id }) => id).sort();
      await add("unionid", "u1", a.contact.id);
      await add("unionid", "u1", b.contact.id);
      expect(await who("unionid", "u1")).toEqual([a.contact.id]);
      await add("phone", "p1", a.contact.id);
      await add("phone", "p1", b.contact.id);
      expect(await who("phone", "p1")).toEqual([a.contact.id, b.contact.id].sort());
      await add("phone", "p2", b.contact.id);
      expect(await who("phone", "p1")).toEqual([a.contact.id]);
      await join(scene, b.contact.id, a.contact.id);
      expect(await who("unionid", "u1")).toEqual([b.contact.id]);
    });
  });

  describe("a link code", () => {
    test("is used once, whoever is first, and what used it may do so again", async () => {
      const scene = createScene(bench);
      const { shopId, clock } = scene;
      const { contact, conversation } = await scene.meet();
      const code = { shopId, kind: "link-code" as const, contactId: contact.id, conversationId: conversation.id };
      const hash = newId("code");
      const now = clock.now();
      await bench.store.createLinkCode({ ...code, hash, now, expiresAt: now + 1000 });
      const take = (usedBy: string, store = bench.store) =>
        store.takeLinkCode({ shopId, hash, usedBy, now: clock.now() });
      const taken = await onEach(bench, 8, (store, i) => take(`msg_${i}`, store));
      expect(taken.filter((one) => one !== undefined)).toEqual([
        { kind: "link-code", contactId: contact.id, conversationId: conversation.id },
      ]);
      clock.advance(5000);
      const winner = taken.findIndex((one) => one !== undefined);
      expect(await take(`msg_${winner}`)).toEqual(at(taken, winner));
      expect(await take("msg_other")).toBeUndefined();
    });

    test("ends with its time, and with the next one", async () => {
      const scene = createScene(bench);
      const { shopId, clock } = scene;
      const { contact, conversation } = await scene.meet();
      const code = { shopId, kind: "link-code" as const, contactId: contact.id, conversationId: conversation.id };
      const [first, second] = [newId("code"), newId("code")];
      const make = (hash: string) =>
        bench.store.createLinkCode({ ...code, hash, now: clock.now(), expiresAt: clock.now() + 1000 });
      const take = (hash: string) => bench.store.takeLinkCode({ shopId, hash, usedBy: "msg_1", now: clock.now() });
      await make(first);
      await make(second);
      expect(await take(first)).toBeUndefined();
      clock.advance(1000);
      expect(await take(second)).toBeUndefined();
    });
  });
}
