import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import type { Store } from "../../../src/core/ports.ts";
import { aChange, aCorrection, anArticle, anAudit, anInbox, aReply, aUser } from "../../support/builders.ts";
import { at, type Bench, createScene } from "./bench.ts";

export function testIsolation(bench: Bench): void {
  describe("a shop", () => {
    test("gives nothing to another shop and takes nothing from it, by any method", async () => {
      const scene = createScene(bench);
      const { shopId } = scene;
      const other = createScene(bench).shopId;
      const { store } = bench;
      const now = scene.clock.now();

      // One of everything.
      const user = aUser({ shopId, role: "admin" });
      const inbox = anInbox({ shopId });
      await store.createShop({ id: shopId, name: "茶", locale: "zh-CN", timeZone: "UTC", settings: {}, now });
      await store.createUser(user);
      await store.createInbox(inbox);
      const visit = await scene.visit({ memberId: "M-1" });
      const second = await scene.visit();
      const { ticketId } = await scene.handOff(visit);
      const said = await scene.say(visit);
      const delivery = at(said.leased, 0);
      await store.settleDelivery(delivery, { state: "dead", code: "delivery.recipient_gone", detail: "" }, now);
      await store.saveArticle({ shopId, id: "a1", draft: anArticle(), publish: true, now });
      await store.saveSynonyms({ shopId, groups: [["a", "b"]], stopWords: [], now });
      await store.recordGap({ shopId, id: "g1", text: "?", normalized: "?", transferred: false, now });
      const correction = aCorrection({ shopId, articleId: "a1" });
      await store.addCorrection(correction);
      await store.saveArticles({
        shopId,
        batchId: "b1",
        articles: [{ id: "a2", draft: anArticle() }],
        publish: true,
        now,
      });
      await store.addAudit(anAudit({ shopId }));
      const taskId = newId("tsk");
      await store.createTask({ id: taskId, shopId, kind: "import", input: {}, total: 1, now });
      const sessionId = visit.session.id;
      const conversationId = visit.party.conversation.id;
      const contactId = visit.party.contact.id;
      const before = await scene.everything();
      const page = { limit: 50 };
      const by = { kind: "agent", id: "usr_x", name: "X" } as const;
      const empty = { items: [], next: null };

      const noShop = "takes no shop";
      const ownShop = "writes to the shop it names";
      /** Every method: how another shop would reach for it, and the nothing it gets. A new method does not compile without. */
      const methods: { readonly [Name in keyof Store]: readonly [() => Promise<unknown>, unknown] | string } = {
        findParty: noShop,
        ensureParty: ownShop,
        partyOfConversation: [() => store.partyOfConversation(other, conversationId), undefined],
        recordInbound: noShop,
        reviseInbound: noShop,
        recordStatus: noShop,
        recordUnsupported: ownShop,
        changeSession: [
          () =>
            store.changeSession(
              aChange({
                session: { ...visit.session, shopId: other },
                patch: { state: "closed" },
                ticket: { id: ticketId, patch: { status: "resolved" } },
                say: [aReply({ party: visit.party })],
                dropBot: true,
              }),
            ),
          { applied: false },
        ],
        claimUndecided: noShop,
        settleUndecided: noShop,
        message: [() => store.message(other, visit.message.id), undefined],
        messageByClientId: noShop,
        recentMessages: noShop,
        lastSaid: noShop,
        markRead: [() => store.markRead(other, sessionId, now), undefined],
        rateSession: [() => store.rateSession({ shopId: other, conversationId, sessionId, score: 1, now }), false],
        closeIdle: noShop,
        delivery: noShop,
        claimDeliveries: noShop,
        releaseLeases: noShop,
        settleDelivery: noShop,
        pendingDeliveries: noShop,
        resendDelivery: [() => store.resendDelivery(other, delivery.id, now), false],
        deadDeliveries: [() => store.deadDeliveries(other, page), empty],
        outboxStats: noShop,
        session: [() => store.session(other, sessionId), undefined],
        sessions: [() => store.sessions(other, { ...page, contactId }), empty],
        sessionCounts: [() => store.sessionCounts(other, user.id), { bot: 0, queued: 0, agent: 0, mine: 0, closed: 0 }],
        queuePosition: [() => store.queuePosition(other, sessionId), 0],
        messagesOf: [() => store.messagesOf({ shopId: other, sessionId, contactId, conversationId, ...page }), empty],
        ticket: [() => store.ticket(other, ticketId), undefined],
        tickets: [() => store.tickets(other, { ...page, contactId }), empty],
        ticketLog: [() => store.ticketLog(other, ticketId), []],
        addTicketNote: [
          () => store.addTicketNote({ shopId: other, ticketId, id: newId("log"), by, text: "", now }),
          false,
        ],
        patchTicket: [
          () => store.patchTicket({ shopId: other, ticketId, patch: { priority: "low" }, by, kind: "changed", now }),
          false,
        ],
        contact: [() => store.contact(other, contactId), undefined],
        patchContact: [() => store.patchContact(other, contactId, { name: "X" }), undefined],
        identitiesOf: [() => store.identitiesOf(other, contactId), []],
        mergeContacts: [
          () => store.mergeContacts({ shopId: other, into: contactId, from: second.party.contact.id, now }),
          false,
        ],
        eventsAfter: [() => store.eventsAfter({ shopId: other, conversationId, after: 0, limit: 50 }), []],
        lastEventId: [() => store.lastEventId(other), 0],
        addEvent: ownShop,
        article: [() => store.article(other, "a1"), undefined],
        articles: [() => store.articles(other, page), empty],
        saveArticle: [
          () => store.saveArticle({ shopId: other, id: "a1", draft: anArticle(), seen: 1, publish: true, now }),
          undefined,
        ],
        publishArticle: [() => store.publishArticle({ shopId: other, id: "a1", now }), undefined],
        endRollout: [() => store.endRollout({ shopId: other, id: "a1", outcome: "everyone", now }), undefined],
        deleteArticle: [() => store.deleteArticle({ shopId: other, id: "a1", now }), false],
        articleVersions: [() => store.articleVersions(other, "a1"), []],
        saveArticles: ownShop,
        articlesChangedAfter: [() => store.articlesChangedAfter(other, 0), []],
        synonyms: [() => store.synonyms(other), { groups: [], stopWords: [], changedAt: 0 }],
        saveSynonyms: ownShop,
        recordGap: ownShop,
        openGaps: [() => store.openGaps(other, 50), []],
        settleGaps: [() => store.settleGaps({ shopId: other, ids: ["g1"], state: "ignored" }), undefined],
        questionsSince: [() => store.questionsSince({ shopId: other, since: 0, limit: 50 }), []],
        articleFigures: [() => store.articleFigures({ shopId: other, articleIds: ["a1"], since: 0 }), []],
        gapAsksSince: [() => store.gapAsksSince({ shopId: other, since: 0, limit: 50 }), []],
        learnedGaps: [() => store.learnedGaps(other, 50), []],
        saveFeedback: [
          () =>
            store.saveFeedback({
              shopId: other,
              conversationId,
              messageId: at(said.messages, 0).id,
              helpful: true,
              now,
            }),
          false,
        ],
        addCorrection: ownShop,
        corrections: [() => store.corrections(other, page), empty],
        closeCorrection: [
          () => store.closeCorrection({ shopId: other, id: correction.id, state: "fixed", by: "X", now }),
          undefined,
        ],
        draftsOf: [() => store.draftsOf(other, ["a1"]), new Map()],
        importItems: [() => store.importItems(other, "b1"), []],
        shop: [() => store.shop(other), undefined],
        shops: noShop,
        createShop: ownShop,
        userByEmail: noShop,
        user: noShop,
        users: [() => store.users(other), []],
        createUser: [() => store.createUser({ ...user, shopId: other }), false],
        patchUser: [() => store.patchUser(other, user.id, { name: "X" }, anAudit({ shopId: other })), false],
        createLogin: ownShop,
        login: noShop,
        touchLogin: noShop,
        endLogins: noShop,
        countTry: noShop,
        clearTries: noShop,
        inbox: noShop,
        inboxes: [() => store.inboxes(other), []],
        createInbox: [() => store.createInbox({ ...inbox, shopId: other }), false],
        patchInbox: [() => store.patchInbox(other, inbox.id, { name: "X", now }, anAudit({ shopId: other })), false],
        deleteInbox: [() => store.deleteInbox(other, inbox.id, now, anAudit({ shopId: other })), false],
        createVisitorToken: ownShop,
        visitorToken: noShop,
        touchVisitorToken: noShop,
        adapterState: noShop,
        setAdapterState: noShop,
        addAudit: ownShop,
        auditPage: [() => store.auditPage(other, page), empty],
        unsealedAudit: [() => store.unsealedAudit(other, 50), { rows: [] }],
        sealAudit: ownShop,
        createTask: ownShop,
        claimTask: noShop,
        updateTask: noShop,
        task: [() => store.task(other, taskId), undefined],
        saveFile: ownShop,
        file: noShop,
        bytesSince: noShop,
        ping: noShop,
        appliedMigrations: noShop,
        close: noShop,
      };
      expect(Object.keys(methods).sort()).toEqual(Object.keys(store).sort());
      for (const [name, method] of Object.entries(methods)) {
        if (typeof method === "string") continue;
        const [reach, nothing] = method;
        expect(await reach(), name).toEqual(nothing);
      }
      expect(await scene.everything()).toEqual(before);
      const theirs = Object.values(await createScene(bench).everything()).flat();
      expect(theirs).toEqual([]);
      const left = await Promise.all(
        Object.keys(before).map((table) => bench.sql(`select count(*) from ${table} where shop_id = '${other}'`)),
      );
      expect(left.flat(2).map(Number)).toEqual(left.map(() => 0));
    });
  });
}
