import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import type { PersonalRows } from "../../../src/core/ports.ts";
import { AGENT, aCorrection, anAudit } from "../../support/builders.ts";
import { at, type Bench, createScene, present, type Visit } from "./bench.ts";

/** Words that stand nowhere else: what an erasure must not leave behind. */
const secretsOf = (person: string) => ({
  name: `Mei-${person}`,
  email: `mei-${person}@post.test`,
  phone: `+86139${person}`,
  user: `user-${person}`,
  asked: `where is my parcel ${person}`,
  answered: `dear Mei ${person} it is on its way`,
  note: `she called twice ${person}`,
  file: `file-of-${person}.png`,
});

export function testPrivacy(bench: Bench): void {
  /** A person of whom a trace stands in every table that takes one. */
  async function aLife(scene: ReturnType<typeof createScene>, person: string) {
    const secret = secretsOf(person);
    const { store } = bench;
    const { shopId, inboxId } = scene;
    const now = scene.clock.now();
    const sender = { id: secret.user, name: secret.name };
    const fields = { sender, email: secret.email, phone: secret.phone, address: { chatId: secret.user } };
    const visit = await scene.visit({ ...fields, memberId: `member-${person}` });
    const asked = present(await scene.hear(visit.party, { content: { type: "text", text: secret.asked } }));
    const said = await scene.say(visit, { content: { type: "text", text: secret.answered } });
    await store.settleDelivery(
      at(said.leased, 0),
      { state: "dead", code: "delivery.recipient_gone", detail: secret.user },
      now,
    );
    const { ticketId } = await scene.handOff(visit, { orderIds: [`order-${person}`], tags: [`tag-${person}`] });
    await store.addTicketNote({ shopId, ticketId, id: newId("log"), by: AGENT, text: secret.note, now });
    const contactId = visit.party.contact.id;
    const messageId = at(said.messages, 0).id;
    await store.addCorrection(aCorrection({ shopId, messageId, question: secret.asked, answer: secret.answered }));
    const ask = { messageId: asked.id, contactId, sessionId: visit.session.id, channel: "test" };
    await store.recordGap({
      shopId,
      id: `own-${person}`,
      text: secret.asked,
      normalized: secret.asked,
      transferred: false,
      ask,
      now,
    });
    await store.recordUnsupported({ shopId, inboxId, kind: "odd", raw: { from: secret.user }, at: now });
    await store.addProof({ shopId, kind: "unionid", value: `hash-${person}`, contactId, now });
    const sent = { id: newId("fil"), name: secret.file, mime: "image/png", size: 3, body: "AAAA" };
    await store.saveFile({ ...sent, shopId, ownerId: visit.party.conversation.id, now });
    const agents = { ...sent, id: newId("fil"), ownerId: "usr_agent", shopId, now };
    await store.saveFile(agents);
    await scene.change(await scene.session(visit.session.id), {
      say: [{ ...sayBy(visit), content: { type: "image", fileId: agents.id, name: secret.file } }],
    });
    await store.createVisitorToken({
      tokenHash: `${scene.shopId}-token-${person}`,
      shopId,
      inboxId,
      conversationId: visit.party.conversation.id,
      identityId: visit.party.identity.id,
      now,
    });
    return { visit, contactId, secret, sessionId: visit.session.id, ticketId, sender };
  }
  const sayBy = (visit: Visit) => ({
    id: newId("msg"),
    conversation: visit.party.conversation,
    author: AGENT,
    parts: [],
  });
  const everythingSaid = async (scene: ReturnType<typeof createScene>) =>
    Object.entries(await scene.everything())
      .filter(([table]) => table !== "audit")
      .map(([, rows]) => rows.join("\n"))
      .join("\n");
  const collect = async (rows: AsyncIterable<PersonalRows>) => {
    const found: Record<string, Record<string, unknown>[]> = {};
    for await (const { table, rows: more } of rows) found[table] = [...(found[table] ?? []), ...more];
    return found;
  };

  describe("a person's data", () => {
    test("is handed out whole, and nothing of another's", async () => {
      const scene = createScene(bench);
      const mei = await aLife(scene, "1001");
      const lee = await aLife(scene, "2002");
      const rows = await collect(bench.store.personalRows(scene.shopId, mei.contactId));
      expect(rows.contacts).toMatchObject([{ id: mei.contactId, email: mei.secret.email }]);
      expect(rows.messages).toHaveLength(await scene.count("messages", `contact_id = '${mei.contactId}'`));
      expect(rows.files?.map(({ name }) => name)).toEqual([mei.secret.file]);
      const text = JSON.stringify(rows);
      for (const [what, word] of Object.entries(mei.secret)) expect(text, what).toContain(word);
      for (const [what, word] of Object.entries(lee.secret)) expect(text, what).not.toContain(word);
      expect(text).not.toContain("AAAA");
    });

    test("is gone after an erasure from every table, counts stay, and another's is untouched", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const mei = await aLife(scene, "1001");
      const lee = await aLife(scene, "2002");
      const counted = ["messages", "sessions", "tickets", "deliveries", "ticket_log", "gap_asks"];
      const before = await Promise.all(counted.map((table) => scene.count(table)));
      const kept = await collect(bench.store.personalRows(shopId, lee.contactId));

      const audit = anAudit({ shopId, action: "contact.erase", target: mei.contactId });
      expect(await bench.store.eraseContact({ shopId, contactId: mei.contactId, now: scene.clock.now() }, audit)).toBe(
        true,
      );

      const left = await everythingSaid(scene);
      for (const [what, word] of Object.entries(mei.secret)) expect(left, what).not.toContain(word);
      for (const word of ["member-1001", "order-1001", "tag-1001", "hash-1001", "-token-1001"])
        expect(left).not.toContain(word);
      expect(await Promise.all(counted.map((table) => scene.count(table)))).toEqual(before);
      expect(await collect(bench.store.personalRows(shopId, lee.contactId))).toEqual(kept);
      expect(await scene.count("audit", "action = 'contact.erase'")).toBe(1);
      expect(await scene.session(mei.sessionId)).toMatchObject({ state: "closed", closedBy: "erasure" });
      expect(await bench.store.ticket(shopId, mei.ticketId)).toMatchObject({ status: "resolved", orderIds: [] });
      // What the platform sends later begins anew, with somebody nobody knows.
      const party = await scene.meet({ sender: mei.sender });
      expect(party.contact.id).not.toBe(mei.contactId);
      expect(party).not.toHaveProperty("lastSession");
    });

    test("is not the picture of an answer they were told, which stays for the others", async () => {
      const scene = createScene(bench);
      const { store } = bench;
      const { shopId } = scene;
      const now = scene.clock.now();
      const visit = await scene.visit({ memberId: "m-1001" });
      const picture = { id: newId("fil"), name: "尺码.png", mime: "image/png", size: 3, body: "AAAA" };
      await store.saveFile({ ...picture, shopId, ownerId: `articles:${shopId}`, now });
      await scene.change(await scene.session(visit.session.id), {
        say: [{ ...sayBy(visit), content: { type: "image", fileId: picture.id } }],
      });
      await store.eraseContact({ shopId, contactId: visit.party.contact.id, now }, anAudit({ shopId }));
      expect((await store.file(picture.id))?.body).toBe("AAAA");
    });

    test("of one who was joined into another goes with theirs", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const mei = await aLife(scene, "1001");
      const phone = await scene.visit({ sender: { id: "phone-1001", name: "Mei-1001" } });
      await bench.store.mergeContacts({
        shopId,
        id: newId("mrg"),
        into: mei.contactId,
        from: phone.party.contact.id,
        kind: "agent",
        reason: "same voice as Mei-1001",
        now: scene.clock.now(),
      });
      const erase = () => bench.store.eraseContact({ shopId, contactId: mei.contactId, now: scene.clock.now() });
      await bench.store.holdContact({ shopId, contactId: phone.party.contact.id, reason: "a dispute" });
      expect(await erase()).toBe(false);
      await bench.store.holdContact({ shopId, contactId: phone.party.contact.id });
      expect(await erase()).toBe(true);
      const left = await everythingSaid(scene);
      for (const word of ["Mei-1001", "phone-1001", "member-1001"]) expect(left).not.toContain(word);
    });

    test("is kept while a legal hold is on it", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const { contactId, secret } = await aLife(scene, "1001");
      const audit = anAudit({ shopId, action: "contact.held" });
      expect(await bench.store.holdContact({ shopId, contactId, reason: "a dispute" }, audit)).toBe(true);
      expect((await bench.store.contact(shopId, contactId))?.legalHold).toBe("a dispute");
      const erase = () =>
        bench.store.eraseContact(
          { shopId, contactId, now: scene.clock.now() },
          anAudit({ shopId, action: "contact.erase" }),
        );
      expect(await erase()).toBe(false);
      expect(await everythingSaid(scene)).toContain(secret.asked);
      expect(await scene.count("audit", "action = 'contact.erase'")).toBe(0);
      expect(await bench.store.holdContact({ shopId, contactId })).toBe(true);
      expect(await erase()).toBe(true);
    });

    test("that was exported is dropped when its time is over", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const now = scene.clock.now();
      const file = {
        id: newId("fil"),
        shopId,
        ownerId: "export:con_1",
        name: "a.json",
        mime: "application/json",
        size: 3,
        body: "AAAA",
      };
      await bench.store.saveFile({ ...file, now });
      await bench.store.dropExports(now);
      expect(await bench.store.fileInfo(file.id)).toBeDefined();
      await bench.store.dropExports(now + 1);
      expect(await bench.store.fileInfo(file.id)).toBeUndefined();
    });
  });
}
