import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import type { Store } from "../../../src/core/ports.ts";
import {
  aChange,
  aCorrection,
  aFlow,
  anArticle,
  anAudit,
  anInbox,
  aReply,
  aTemplate,
  aUser,
} from "../../support/builders.ts";
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
      const third = await scene.visit({ phone: "+8613812346721" });
      await store.mergeContacts({
        shopId,
        id: "mrg_1",
        into: second.party.contact.id,
        from: third.party.contact.id,
        kind: "agent",
        now,
      });
      const code = { contactId: visit.party.contact.id, conversationId: visit.party.conversation.id };
      await store.addProof({ shopId, kind: "unionid", value: "h1", contactId: code.contactId, now });
      await store.createLinkCode({ shopId, hash: "c1", kind: "link-code", ...code, now, expiresAt: now + 1 });
      const said = await scene.say(visit);
      const delivery = at(said.leased, 0);
      await store.settleDelivery(delivery, { state: "dead", code: "delivery.recipient_gone", detail: "" }, now);
      const template = aTemplate({ shopId, inboxId: inbox.id });
      await store.createTemplate(template, anAudit({ shopId }));
      await store.saveArticle({ shopId, id: "a1", draft: anArticle(), publish: true, now });
      await store.saveShopFlow({ shopId, definition: aFlow(), by: "X", now }, anAudit({ shopId }));
      await store.saveSynonyms({ shopId, groups: [["a", "b"]], stopWords: [], now });
      await store.recordGap({ shopId, id: "g1", text: "?", normalized: "?", transferred: false, now });
      const correction = aCorrection({ shopId, articleId: "a1", messageId: at(said.messages, 0).id });
      await store.addCorrection(correction);
      await store.saveArticles({
        shopId,
        batchId: "b1",
        articles: [{ id: "a2", draft: anArticle() }],
        publish: true,
        now,
      });
      await store.saveArticle({ shopId, id: "a3", draft: anArticle(), publish: false, now });
      const asked = { shopId, id: "a3", seen: 1, by: "X", byId: "x", now };
      if ((await store.askReview(asked, anAudit({ shopId }))) === undefined) throw new Error("It was asked.");
      await store.addAudit(anAudit({ shopId }));
      const taskId = newId("tsk");
      await store.createTask({ id: taskId, shopId, kind: "import", input: {}, total: 1, now });
      // A file whose name at the platform is known, and which is due now.
      const sent = await scene.hear(visit.party, { content: { type: "image", fileId: "P1" }, mediaRef: "P1" });
      if (sent === undefined) throw new Error("It was known.");
      const sessionId = visit.session.id;
      const conversationId = visit.party.conversation.id;
      const contactId = visit.party.contact.id;
      const fileId = newId("fil");
      await store.saveFile({
        id: fileId,
        shopId,
        ownerId: user.id,
        name: "a",
        mime: "text/plain",
        size: 3,
        body: "AAAA",
        now,
      });
      await store.saveIndexSnapshot({ shopId, mark: 1, kind: "a", size: 3, body: "AAAA", now });
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
        joinDeliveries: noShop,
        windowFacts: noShop,
        usage: [() => store.usage(other, delivery.inboxId, "000000"), []],
        templates: [() => store.templates(other, inbox.id), []],
        template: [() => store.template(other, template.id), undefined],
        createTemplate: ownShop,
        deleteTemplate: [() => store.deleteTemplate(other, inbox.id, template.id, anAudit({ shopId: other })), false],
        pendingDeliveries: noShop,
        takeWaiting: noShop,
        resendDelivery: [() => store.resendDelivery(other, delivery.id, now), false],
        deadDeliveries: [() => store.deadDeliveries(other, page), empty],
        outboxStats: noShop,
        mediaInboxes: noShop,
        claimMedia: noShop,
        leasedMedia: [() => store.leasedMedia({ shopId: other, messageId: sent.id, leaseUntil: now }), undefined],
        settleMedia: noShop,
        retryMedia: [() => store.retryMedia({ shopId: other, messageId: sent.id, now }), false],
        contactBytesSince: noShop,
        session: [() => store.session(other, sessionId), undefined],
        sessions: [() => store.sessions(other, { ...page, contactId }), empty],
        sessionCounts: [() => store.sessionCounts(other, user.id), { bot: 0, queued: 0, agent: 0, mine: 0, closed: 0 }],
        queuePosition: [() => store.queuePosition(other, sessionId), 0],
        beat: [() => store.beat({ shopId: other, userId: user.id, now }), undefined],
        markDuty: [() => store.markDuty({ shopId: other, userId: user.id, mark: "away" }), undefined],
        presence: [() => store.presence(other), []],
        calledSince: [() => store.calledSince(other, 0), []],
        leftChats: noShop,
        handledMs: [() => store.handledMs(other, 9), []],
        takeTicketNumber: ownShop,
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
        unmergeContacts: [
          () =>
            store.unmergeContacts({
              shopId: other,
              mergeId: "mrg_1",
              since: 0,
              by: { id: "usr_x", name: "X" },
              reason: "?",
              audit: anAudit({ shopId: other }),
              now,
            }),
          false,
        ],
        merge: [() => store.merge(other, "mrg_1"), undefined],
        mergesOf: [() => store.mergesOf(other, contactId), []],
        wereParted: [() => store.wereParted(other, contactId, second.party.contact.id), false],
        addProof: [() => store.addProof({ shopId: other, kind: "phone", value: "h1", contactId, now }), undefined],
        contactsByProof: [() => store.contactsByProof(other, "unionid", "h1"), []],
        verifyIdentity: [() => store.verifyIdentity(other, second.party.identity.id, "agent"), undefined],
        markIdentified: [() => store.markIdentified(other, second.party.identity.id, now), undefined],
        createLinkCode: ownShop,
        takeLinkCode: [() => store.takeLinkCode({ shopId: other, hash: "c1", usedBy: "msg_x", now }), undefined],
        findContacts: [() => store.findContacts(other, { q: "梅", limit: 5 }), []],
        contactsLike: [() => store.contactsLike(other, { not: "", phones: ["+8613812346721"], limit: 5 }), []],
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
        askReview: [
          () =>
            store.askReview({ shopId: other, id: "a3", seen: 1, by: "X", byId: "x", now }, anAudit({ shopId: other })),
          undefined,
        ],
        sendBack: [
          () =>
            store.sendBack(
              { shopId: other, id: "a3", by: "X", byId: "x", version: 1, reason: "?", now },
              anAudit({ shopId: other }),
            ),
          undefined,
        ],
        reviewsWaiting: [() => store.reviewsWaiting(other), 0],
        articleVersions: [() => store.articleVersions(other, "a1"), []],
        articleCategories: [() => store.articleCategories(other), []],
        setArticleOwner: [() => store.setArticleOwner({ shopId: other, ids: ["a1"], ownerId: "x", now }), 0],
        saveArticles: ownShop,
        articlesChangedAfter: [() => store.articlesChangedAfter(other, 0), []],
        synonyms: [() => store.synonyms(other), { groups: [], stopWords: [], changedAt: 0 }],
        saveSynonyms: ownShop,
        recordGap: ownShop,
        openGaps: [() => store.openGaps(other, 50), []],
        markGaps: [() => store.markGaps({ shopId: other, ids: ["g1"], mark: { cluster: "x" } }), undefined],
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
        addCorrection: [
          () => store.addCorrection({ ...correction, id: newId("cor"), shopId: other, state: "open" }),
          false,
        ],
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
        patchShop: [
          () =>
            store.patchShop(
              other,
              { name: "X", locale: "en", timeZone: "UTC", settings: {} },
              0,
              anAudit({ shopId: other }),
            ),
          false,
        ],
        shopFlows: [() => store.shopFlows(other), []],
        saveShopFlow: [
          () =>
            store.saveShopFlow(
              { shopId: other, definition: aFlow(), seen: 1, by: "X", now },
              anAudit({ shopId: other }),
            ),
          undefined,
        ],
        deleteShopFlow: [() => store.deleteShopFlow(other, "aid", anAudit({ shopId: other })), false],
        flowFigures: [() => store.flowFigures({ shopId: other, flowId: "aid", since: 0, silentSince: now }), []],
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
        dropExpiredState: noShop,
        personalRows: [
          async () => (await store.personalRows(other, contactId)[Symbol.asyncIterator]().next()).value,
          undefined,
        ],
        eraseContact: [() => store.eraseContact({ shopId: other, contactId, now }, anAudit({ shopId: other })), false],
        holdContact: [() => store.holdContact({ shopId: other, contactId, reason: "?" }), false],
        deleteFile: [() => store.deleteFile(other, fileId), undefined],
        dropExports: noShop,
        addAudit: ownShop,
        auditPage: [() => store.auditPage(other, page), empty],
        unsealedAudit: [() => store.unsealedAudit(other, 50), { rows: [] }],
        sealAudit: ownShop,
        createTask: ownShop,
        claimTask: noShop,
        updateTask: noShop,
        task: [() => store.task(other, taskId), undefined],
        saveFile: ownShop,
        saveIndexSnapshot: ownShop,
        indexSnapshot: [() => store.indexSnapshot(other, "a"), undefined],
        file: noShop,
        fileInfo: noShop,
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
