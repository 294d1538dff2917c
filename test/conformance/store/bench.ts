/** What the topics of the suite share: the stores under test, and the few moves a desk makes with them. */
import { is } from "drizzle-orm";
import { getTableConfig, SQLiteTable } from "drizzle-orm/sqlite-core";
import { newId } from "../../../src/core/ids.ts";
import type { Message } from "../../../src/core/message.ts";
import type {
  Changed,
  InboundRecord,
  NewParty,
  OutboundDraft,
  Party,
  SessionChange,
  SessionView,
  Store,
} from "../../../src/core/ports.ts";
import { openingFor, type Session } from "../../../src/core/session.ts";
import type { Engine } from "../../../src/store/engine.ts";
import { createStore } from "../../../src/store/store.ts";
import * as tables from "../../../src/store/tables.ts";
import { AGENT, aChange, anArrival, aParty, aReply, aTicket } from "../../support/builders.ts";
import { createClock } from "../../support/clock.ts";
import { migrationsOf, query, type TestDatabase, type TestEngine } from "../../support/engines.ts";

const PROCESSES = 4;

export interface Bench {
  readonly name: TestEngine["name"];
  /** One process's store. */
  readonly store: Store;
  /** Several processes' stores, the first one among them. */
  readonly processes: readonly Store[];
  /** The first process's engine. */
  readonly engine: Engine;
  /** Any SQL, around the store. */
  sql(text: string): Promise<unknown[][]>;
  /** Another database of the same engine, empty. */
  database(): Promise<TestDatabase>;
}

export const storeOf = (engine: Engine): Store => createStore(engine, { newId });

export function openBench(open: () => Promise<TestEngine>): {
  readonly bench: Bench;
  start(): Promise<void>;
  stop(): Promise<void>;
} {
  let started:
    | { engine: TestEngine; first: Engine; processes: readonly Store[]; databases: TestDatabase[] }
    | undefined;
  const running = () => {
    if (started === undefined) throw new Error("The engine is not started yet.");
    return started;
  };
  const bench: Bench = {
    get name() {
      return running().engine.name;
    },
    get store() {
      return at(running().processes, 0);
    },
    get processes() {
      return running().processes;
    },
    get engine() {
      return running().first;
    },
    sql: (text) => query(running().first, text),
    async database() {
      const database = await running().engine.database();
      running().databases.push(database);
      return database;
    },
  };
  return {
    bench,
    async start() {
      const engine = await open();
      const database = await engine.database();
      const connections = await times(PROCESSES, () => database.connect());
      const first = at(connections, 0);
      await first.migrate(migrationsOf(database.dialect));
      started = { engine, first, processes: connections.map(storeOf), databases: [database] };
    },
    async stop() {
      if (started === undefined) return;
      for (const database of started.databases) await database.remove();
      await started.engine.close();
    },
  };
}

/** A shop of its own for each test, so that tests share a database and nothing else. */
export function createScene(bench: Bench) {
  const shopId = newId("shp");
  const inboxId = newId("inb");
  const clock = createClock();
  const scene = {
    shopId,
    inboxId,
    clock,
    meet: (fields: PartyFields = {}, store = bench.store): Promise<Party> =>
      store.ensureParty(aParty({ shopId, inboxId, now: clock.now(), ...fields })),
    /** A party's next message, recorded as the desk does it; undefined when it was known. */
    async hear(
      party: Party,
      fields: Partial<InboundRecord> & { readonly text?: string; readonly sameMatter?: boolean } = {},
      store = bench.store,
    ): Promise<Message | undefined> {
      const { sameMatter = false, ...rest } = fields;
      const now = fields.now ?? clock.now();
      const current = await store.findParty(party.identity.inboxId, party.identity.channelUserId);
      const opening = openingFor({ last: current?.lastSession, sameMatter, now });
      const recorded = await store.recordInbound(
        anArrival({ party: current ?? party, opening, at: now, now, ...rest }),
      );
      return recorded.fresh ? recorded.message : undefined;
    },
    /** A party that has just written, and the session that opened. */
    async visit(fields: PartyFields = {}): Promise<Visit> {
      const party = await scene.meet(fields);
      const message = present(await scene.hear(party));
      return { party, message, session: present(await bench.store.session(shopId, message.sessionId)) };
    },
    change: (
      session: Pick<Session, "id" | "shopId" | "contactId">,
      fields: Partial<SessionChange>,
      store = bench.store,
    ) => store.changeSession(aChange({ session, now: clock.now(), ...fields })),
    /** The bot says something. */
    say: (visit: Visit, fields: Partial<Parameters<typeof aReply>[0]> = {}, more: Partial<SessionChange> = {}) =>
      scene.change(visit.session, { say: [aReply({ party: visit.party, ...fields })], ...more }).then(applied),
    /** The bot gives the session to people. */
    async handOff(visit: Visit, fields: Parameters<typeof aTicket>[0] = {}, store = bench.store) {
      const ticket = aTicket(fields);
      const changed = await scene.change(
        visit.session,
        {
          fence: { states: ["bot"] },
          patch: { state: "queued", owner: "queue", queuedAt: clock.now(), ticketId: ticket.id },
          openTicket: ticket,
          log: { kind: "handoff" },
        },
        store,
      );
      return { ticketId: ticket.id, changed };
    },
    async close(session: Session, store = bench.store): Promise<Changed> {
      return scene.change(
        session,
        { patch: { state: "closed", owner: AGENT.id ?? "", closedAt: clock.now(), closedBy: "agent" } },
        store,
      );
    },
    async session(id: string): Promise<SessionView> {
      return present(await bench.store.session(shopId, id));
    },
    messages: async (filter: { sessionId?: string; contactId?: string; conversationId?: string } = {}) =>
      (await bench.store.messagesOf({ shopId, limit: 500, ...filter })).items,
    events: () => bench.store.eventsAfter({ shopId, after: 0, limit: 10_000 }),
    count: async (table: string, where = "1 = 1") =>
      Number((await bench.sql(`select count(*) from ${table} where shop_id = '${shopId}' and ${where}`))[0]?.[0]),
    /** Everything the shop has, to see that nothing changed. */
    everything: () => everythingOf(bench, shopId),
  };
  return scene;
}

type PartyFields = Partial<NewParty> & { readonly user?: string };

export interface Visit {
  readonly party: Party;
  readonly message: Message;
  readonly session: SessionView;
}

const shopTables = Object.values(tables)
  .flatMap((table) => (is(table, SQLiteTable) ? [getTableConfig(table)] : []))
  .filter(({ columns }) => columns.some(({ name }) => name === "shopId"))
  .map(({ name }) => name);

async function everythingOf(bench: Bench, shopId: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const rowsOf = async (table: string) => {
    const found = await bench.sql(`select * from ${table} where shop_id = '${shopId}'`);
    return [table, found.map((row) => JSON.stringify(row)).sort()] as const;
  };
  return Object.fromEntries(await Promise.all(shopTables.map(rowsOf)));
}

export type Applied = Extract<Changed, { applied: true }>;

export function applied(changed: Changed): Applied {
  if (!changed.applied) throw new Error("The change was not applied.");
  return changed;
}

export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("There should be something here.");
  return value;
}

export const at = <T>(values: readonly T[], i: number): T => present(values[i]);
export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
/** Does something so many times at once. */
export const times = <T>(count: number, work: (i: number) => Promise<T>): Promise<T[]> =>
  Promise.all(range(count).map(work));
/** Does something so many times at once, each time on the next process. */
export const onEach = <T>(bench: Bench, count: number, work: (store: Store, i: number) => Promise<T>): Promise<T[]> =>
  times(count, (i) => work(at(bench.processes, i % bench.processes.length), i));
export const appliedOf = (results: readonly Changed[]): readonly Changed[] => results.filter((one) => one.applied);
export const partsOf = (draft: OutboundDraft): readonly string[] => draft.parts.map(({ id }) => id);
/** Lets others have their turn: reads of better-sqlite3 never wait by themselves. */
export const aTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
