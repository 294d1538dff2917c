import { describe, expect, test } from "vitest";
import { newId } from "../../../src/core/ids.ts";
import type { SessionChange } from "../../../src/core/ports.ts";
import { AGENT, aReply, aTicket, BOT } from "../../support/builders.ts";
import { applied, appliedOf, at, type Bench, createScene, onEach, partsOf, present, range } from "./bench.ts";

export function testChanges(bench: Bench): void {
  describe("a change of a session", () => {
    test("brings all that belongs to it", async () => {
      const scene = createScene(bench);
      const { party, session, message } = await scene.visit();
      const ticket = aTicket({ priority: "high", orderIds: ["20260001"], tags: ["vip"] });
      const draft = aReply({ party, text: "已为您转接", parts: 2, articleId: "art_1", articleVersion: 3, score: 0.5 });
      const changed = applied(
        await scene.change(session, {
          fence: { epoch: 1, owner: "bot", states: ["bot"], decides: message.id },
          patch: {
            state: "queued",
            owner: "queue",
            misses: 2,
            flow: { skill: "return", step: "order", slots: { a: "1" }, askedAt: 5 },
            language: "en",
            queuedAt: 7,
            waitingSince: 6,
            ticketId: ticket.id,
          },
          say: [draft],
          openTicket: ticket,
          log: { kind: "handoff", by: AGENT, data: { why: "?" } },
        }),
      );
      expect(changed.ownerEpoch).toBe(2);
      expect(changed.leased).toMatchObject([{ id: partsOf(draft)[0], attempts: 1, state: "pending" }]);
      expect(changed.messages).toMatchObject([
        { id: draft.id, delivery: "pending", direction: "outbound", author: BOT },
      ]);
      expect(await scene.session(session.id)).toMatchObject({
        state: "queued",
        owner: "queue",
        ownerEpoch: 2,
        misses: 2,
        flow: { skill: "return", step: "order", slots: { a: "1" }, askedAt: 5 },
        language: "en",
        queuedAt: 7,
        waitingSince: 6,
        preview: "已为您转接",
        ticket: { id: ticket.id, number: "T-260615-0001", priority: "high", status: "open", orderIds: ["20260001"] },
      });
      expect(await bench.store.ticket(scene.shopId, ticket.id)).toMatchObject({
        ...{ contactId: party.contact.id, sessionId: session.id, version: 1 },
        context: ticket.context,
      });
      expect(await bench.store.ticketLog(scene.shopId, ticket.id)).toMatchObject([
        { kind: "handoff", by: { id: AGENT.id, name: AGENT.name }, data: { why: "?" } },
      ]);
      expect((await scene.events()).map(({ type }) => type)).toEqual(["message", "message", "session", "ticket"]);
      expect(await bench.store.message(scene.shopId, draft.id)).toMatchObject({
        articleId: "art_1",
        articleVersion: 3,
        score: 0.5,
      });
    });

    test("clears what it sets to null and leaves what it does not name", async () => {
      const scene = createScene(bench);
      const { session } = await scene.visit();
      const flow = { skill: "s", step: "t", slots: {}, askedAt: 1 };
      applied(await scene.change(session, { patch: { flow, queuedAt: 3, language: "ja", misses: 1 } }));
      applied(await scene.change(session, { patch: { flow: null, queuedAt: null } }));
      const after = await scene.session(session.id);
      expect(after).toMatchObject({ language: "ja", misses: 1, ownerEpoch: 1 });
      expect(after).not.toHaveProperty("flow");
      expect(after).not.toHaveProperty("queuedAt");
    });

    test("decides a message once, by whoever is first", async () => {
      const scene = createScene(bench);
      const { party, session, message } = await scene.visit();
      const changes = await onEach(bench, 20, (store) =>
        scene.change(session, { fence: { decides: message.id }, say: [aReply({ party })] }, store),
      );
      expect(appliedOf(changes)).toHaveLength(1);
      expect((await scene.messages()).filter(({ direction }) => direction === "outbound")).toHaveLength(1);
      expect(await scene.count("deliveries")).toBe(1);
    });

    test("decides a message once, also with the same client id", async () => {
      const scene = createScene(bench);
      const { party, session, message } = await scene.visit();
      const changes = await onEach(bench, 8, (store) =>
        scene.change(
          session,
          { fence: { decides: message.id }, say: [aReply({ party, clientId: "answer:0" })] },
          store,
        ),
      );
      expect(appliedOf(changes)).toHaveLength(1);
    });

    test("writes nothing when it is not applied", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const { party, session, message } = visit;
      const { ticketId } = await scene.handOff(visit);
      await scene.say(visit);
      const before = await scene.everything();
      const full = (fence: SessionChange["fence"]): Partial<SessionChange> => {
        const ticket = aTicket();
        return {
          fence,
          patch: { state: "agent", owner: "usr_1", ticketId: ticket.id, misses: 9 },
          say: [aReply({ party, clientId: newId("client") })],
          openTicket: ticket,
          log: { kind: "claimed" },
          dropBot: true,
        };
      };
      const patch = { status: "claimed", assignee: "usr_1" } as const;
      const refused: readonly Partial<SessionChange>[] = [
        full({ epoch: 1, decides: message.id }),
        full({ owner: "bot", decides: message.id }),
        full({ states: ["bot", "closed"], decides: message.id }),
        full({ decides: "msg_unknown" }),
        full({ silentSince: session.lastMessageAt, decides: message.id }),
        full({ ticket: { id: ticketId, statuses: ["claimed", "resolved"] }, decides: message.id }),
        full({ ticket: { id: ticketId, assignee: "usr_2" } }),
        full({ ticket: { id: "tic_unknown", assignee: null } }),
        { ...full({ epoch: 1, ticket: { id: ticketId, statuses: ["open"] } }), ticket: { id: ticketId, patch } },
        { ...full({ states: ["bot"] }), ticket: { id: ticketId, patch } },
        { ...full({ decides: "msg_unknown" }), ticket: { id: ticketId, patch } },
      ];
      for (const change of refused) expect(await scene.change(session, change)).toEqual({ applied: false });
      expect(await scene.everything()).toEqual(before);
      const stranger = { ...session, shopId: "shp_other" };
      expect(await scene.change(stranger, { patch: { state: "closed" } })).toEqual({ applied: false });
      expect(await scene.everything()).toEqual(before);
      expect(await bench.store.claimUndecided(scene.clock.now() + 60_000, 10_000)).toContainEqual(
        expect.objectContaining({ message: expect.objectContaining({ id: message.id }) }),
      );
    });

    test("takes no number for a ticket it does not open", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const day = "260701";
      await scene.change(visit.session, { fence: { epoch: 99 }, openTicket: aTicket({ day }) });
      const { ticketId } = await scene.handOff(visit, { day });
      expect(await bench.store.ticket(scene.shopId, ticketId)).toMatchObject({ number: "T-260701-0001" });
    });

    test("is not repeated for a client id, and says so without harm", async () => {
      const scene = createScene(bench);
      const { party, session } = await scene.visit();
      const reply = () => aReply({ party, author: AGENT, clientId: "c1" });
      const changes = await onEach(bench, 10, (store) =>
        scene.change(session, { fence: { epoch: 1 }, say: [reply()] }, store),
      );
      expect(appliedOf(changes)).toHaveLength(10);
      expect(changes.filter((change) => change.applied && change.messages.length === 1)).toHaveLength(1);
      expect(await scene.count("deliveries")).toBe(1);
      const before = await scene.everything();
      const late = await scene.change(session, { say: [reply(), aReply({ party })] });
      expect(late).toEqual({ applied: true, messages: [], leased: [], ownerEpoch: 1 });
      expect(await scene.everything()).toEqual(before);
      expect(await bench.store.messageByClientId(party.conversation.id, "c1")).toMatchObject({ author: AGENT });
      const other = await scene.visit();
      applied(await scene.change(other.session, { say: [aReply({ party: other.party, clientId: "c1" })] }));
    });

    test("lets no answer of the bot come after a person took over", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const { party, session } = visit;
      let epoch = session.ownerEpoch;
      for (const round of range(200)) {
        const draft = aReply({ party });
        const fence = { epoch, states: ["bot"] } as const;
        const take = () =>
          scene.change(
            session,
            { fence, patch: { state: "agent", owner: "usr_1" }, dropBot: true },
            at(bench.processes, 1),
          );
        const answer = () => scene.change(session, { fence, say: [draft] }, at(bench.processes, 2));
        const [one, two] = await (round % 2 === 0 ? Promise.all([take(), answer()]) : swapped(answer(), take()));
        expect(one).toMatchObject({ applied: true, ownerEpoch: epoch + 1 });
        const events = (await bench.store.eventsAfter({ shopId: scene.shopId, after: 0, limit: 100_000 })).slice(-2);
        if (two.applied) expect(events).toMatchObject([{ type: "message", messageId: draft.id }, { type: "session" }]);
        else expect(await bench.store.message(scene.shopId, draft.id)).toBeUndefined();
        const back = { fence: { epoch: epoch + 1 }, patch: { state: "bot", owner: "bot" } } as const;
        epoch = applied(await scene.change(session, back)).ownerEpoch;
        expect(await scene.change(session, { fence: { epoch: epoch - 1 }, say: [aReply({ party })] })).toEqual({
          applied: false,
        });
      }
    });

    test("gives a ticket to one agent, however many claim at once", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const { ticketId } = await scene.handOff(visit);
      let epoch = 2;
      for (const round of range(100)) {
        const claims = await onEach(bench, 2, (store, i) =>
          scene.change(
            visit.session,
            {
              fence: {
                epoch,
                owner: "queue",
                states: ["queued"],
                ticket: { id: ticketId, statuses: ["open"], assignee: null },
              },
              ticket: { id: ticketId, patch: { status: "claimed", assignee: `usr_${i}`, claimedAt: round } },
              patch: { state: "agent", owner: `usr_${i}` },
              log: { kind: "claimed", by: { kind: "agent", id: `usr_${i}`, name: "A" } },
            },
            store,
          ),
        );
        expect(appliedOf(claims)).toHaveLength(1);
        const owner = `usr_${claims.findIndex((claim) => claim.applied)}`;
        const ticket = present(await bench.store.ticket(scene.shopId, ticketId));
        expect(ticket).toMatchObject({ assignee: owner, status: "claimed", claimedAt: 0 });
        expect(await scene.session(visit.session.id)).toMatchObject({ owner, state: "agent", ownerEpoch: epoch + 1 });
        const released = await scene.change(visit.session, {
          fence: { epoch: epoch + 1, ticket: { id: ticketId, assignee: owner } },
          ticket: { id: ticketId, patch: { status: "open", assignee: null } },
          patch: { state: "queued", owner: "queue" },
        });
        epoch = applied(released).ownerEpoch;
      }
      expect(await scene.count("ticket_log", "kind = 'claimed'")).toBe(100);
    });

    test("numbers tickets without a gap, per shop and day, however many hand-offs come at once", async () => {
      const scene = createScene(bench);
      const visits = await Promise.all(range(30).map(() => scene.visit()));
      await onEach(bench, 30, (store, i) => scene.handOff(at(visits, i), { day: i < 25 ? "260615" : "260616" }, store));
      const { items } = await bench.store.tickets(scene.shopId, { limit: 50 });
      const expected = (day: string, count: number) =>
        range(count).map((i) => `T-${day}-${String(i + 1).padStart(4, "0")}`);
      expect(items.map(({ number }) => number).sort()).toEqual([...expected("260615", 25), ...expected("260616", 5)]);
    });

    test("goes on counting after 9999", async () => {
      const scene = createScene(bench);
      await bench.sql(`insert into counters values ('ticket:${scene.shopId}:260615', 9998)`);
      const numbers = [];
      for (const _ of range(2)) {
        const { ticketId } = await scene.handOff(await scene.visit());
        numbers.push(present(await bench.store.ticket(scene.shopId, ticketId)).number);
      }
      expect(numbers).toEqual(["T-260615-9999", "T-260615-10000"]);
    });

    test("drops the bot's waiting words when a person takes over, and no others", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const { party, session } = visit;
      const underway = aReply({ party, parts: 2 });
      const waiting = aReply({ party });
      const agents = aReply({ party, author: AGENT });
      applied(await scene.change(session, { say: [underway, waiting] }));
      applied(await scene.change(session, { say: [agents] }));
      const other = await scene.visit();
      const others = await scene.say(other);
      scene.clock.advance(1000);
      applied(await scene.change(session, { patch: { state: "agent", owner: "usr_1" }, dropBot: true }));
      const stateOf = async (id: string | undefined) => (await bench.store.delivery(id ?? ""))?.state;
      const states = [
        ...partsOf(underway),
        ...partsOf(waiting),
        ...partsOf(agents),
        ...others.leased.map(({ id }) => id),
      ].map(stateOf);
      expect(await Promise.all(states)).toEqual(["pending", "dropped", "dropped", "pending", "pending"]);
      const views = await scene.messages({ sessionId: session.id });
      expect(views.find(({ id }) => id === waiting.id)?.delivery).toBe("dropped");
      // What is under way is settled, and the agent's words follow at once.
      const first = present(await bench.store.delivery(at(partsOf(underway), 0)));
      const next = await bench.store.settleDelivery(
        first,
        { state: "sent", channelMessageId: newId("wamid") },
        scene.clock.now(),
      );
      expect(next?.id).toBe(at(partsOf(agents), 0));
    });

    test("sets firsts once: first reply, first claim", async () => {
      const scene = createScene(bench);
      const visit = await scene.visit();
      const { ticketId } = await scene.handOff(visit);
      for (const now of [10, 20]) {
        const patch = { firstReplyAt: now, claimedAt: now, priority: "urgent", tags: [`t${now}`] } as const;
        applied(
          await scene.change(visit.session, {
            fence: { ticket: { id: ticketId } },
            ticket: { id: ticketId, patch },
            patch: {},
          }),
        );
      }
      expect(await bench.store.ticket(scene.shopId, ticketId)).toMatchObject({
        firstReplyAt: 10,
        claimedAt: 10,
        tags: ["t20"],
        priority: "urgent",
        version: 3,
      });
      expect(await scene.count("tickets", "rank = 3")).toBe(1);
    });
  });
}

async function swapped<A, B>(first: Promise<A>, second: Promise<B>): Promise<[B, A]> {
  const [a, b] = await Promise.all([first, second]);
  return [b, a];
}
