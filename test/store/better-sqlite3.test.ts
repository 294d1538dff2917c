import { readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import Database from "better-sqlite3";
import { afterEach, describe, expect, test } from "vitest";
import { UnavailableError } from "../../src/core/errors.ts";
import { newId } from "../../src/core/ids.ts";
import type { Store } from "../../src/core/ports.ts";
import type { Engine } from "../../src/store/engine.ts";
import { openSqlite } from "../../src/store/engines/better-sqlite3.ts";
import type { Statement } from "../../src/store/statement.ts";
import { createStore } from "../../src/store/store.ts";
import { testStore } from "../conformance/store.ts";
import { aParty } from "../support/builders.ts";
import { migrationsOf, query, sqliteEngine } from "../support/engines.ts";

testStore("better-sqlite3", async () => sqliteEngine());

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function aPath(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "xiaoer-sqlite-"));
  cleanups.push(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "data", "xiaoer.db");
}

async function aFile(): Promise<{ path: string; engine: Engine; store: Store }> {
  const path = await aPath();
  const engine = openSqlite(path);
  cleanups.push(() => engine.close());
  await engine.migrate(migrationsOf("sqlite"));
  return { path, engine, store: createStore(engine, { newId }) };
}

/** Transactions in the write-ahead log: a frame ends one where it states the size of the database after it. */
function commitsIn(path: string): number {
  const log = readFileSync(`${path}-wal`);
  const frame = 24 + log.readUInt32BE(8);
  const salt = log.subarray(16, 24);
  let commits = 0;
  for (let at = 32; at + frame <= log.length && log.subarray(at + 8, at + 16).equals(salt); at += frame)
    if (log.readUInt32BE(at + 4) > 0) commits += 1;
  return commits;
}

const integrity = (engine: Engine) => query(engine, "pragma integrity_check");
const unavailable = { name: "UnavailableError", code: "store.unavailable" };

describe("the database file", () => {
  test("is written through to the disk, readable by its owner only, journals too", async () => {
    const { path, engine, store } = await aFile();
    await store.setAdapterState("k", "v");
    for (const [pragma, value] of [
      ["journal_mode", "wal"],
      ["synchronous", 2],
      ["foreign_keys", 1],
      ["secure_delete", 1],
    ])
      expect(await query(engine, `pragma ${pragma}`), String(pragma)).toEqual([[value]]);
    const modes = [path, `${path}-wal`, `${path}-shm`, dirname(path)].map((file) => statSync(file).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600, 0o600, 0o700]);
  });

  test("that is no database is refused and left as it is", async () => {
    const path = await aPath();
    const folder = dirname(dirname(path));
    const file = join(folder, "notes.txt");
    writeFileSync(file, "not a database, but somebody's notes".repeat(1000));
    const before = readFileSync(file);
    expect(() => openSqlite(file)).toThrow(UnavailableError);
    expect(() => openSqlite(file)).toThrow(/notes\.txt is damaged or no database/);
    expect(readFileSync(file).equals(before)).toBe(true);
    expect(() => openSqlite(folder)).toThrow(/cannot be opened/);
  });

  test("that is damaged says so when the damage is met", async () => {
    const { path, engine, store } = await aFile();
    for (let i = 0; i < 50; i += 1) await store.setAdapterState(`key ${i}`, "x".repeat(2000));
    await engine.close();
    cleanups.pop();
    const bytes = readFileSync(path);
    bytes.fill(0xa5, 8192);
    writeFileSync(path, bytes);
    // Opening may or may not meet the damage; using it does.
    const use = async () => {
      const damaged = openSqlite(path);
      cleanups.push(() => damaged.close());
      await damaged.migrate(migrationsOf("sqlite"));
      return createStore(damaged, { newId }).adapterState("key 1");
    };
    await expect(use()).rejects.toMatchObject({ ...unavailable, message: expect.stringMatching(/damaged/) });
  });
});

describe("an erasure", () => {
  test("leaves nothing in the file nor in its log", async () => {
    const { path, store } = await aFile();
    const scene = { shopId: "shp_1", inboxId: "inb_1" };
    const words = "a word that stands nowhere else";
    const party = await store.ensureParty(aParty({ ...scene, sender: { id: "mei", name: words } }));
    const onDisk = () => [path, `${path}-wal`].some((file) => readFileSync(file).includes(words));
    expect(onDisk()).toBe(true);
    expect(await store.eraseContact({ shopId: scene.shopId, contactId: party.contact.id, now: 1 })).toBe(true);
    expect(onDisk()).toBe(false);
  });
});

describe("lists that come at once", () => {
  test("share a commit", async () => {
    const { path, store } = await aFile();
    await store.setAdapterState("first", "1");
    const before = commitsIn(path);
    await Promise.all(Array.from({ length: 100 }, (_, i) => store.setAdapterState(`k${i}`, `${i}`)));
    expect(commitsIn(path) - before).toBe(1);
    expect(await store.adapterState("k99")).toMatchObject({ value: "99" });
  });

  test("fail alone", async () => {
    const { store } = await aFile();
    const login = (tokenHash: string, userId: string) =>
      store.createLogin({ tokenHash, shopId: "s", userId, now: 1, expiresAt: 2 });
    const gap = (id: string) =>
      store.recordGap({ shopId: "s", id, text: id, normalized: id, transferred: false, now: 1 });
    const results = await Promise.allSettled([
      gap("g1"),
      login("t", "nobody"),
      gap("g2"),
      login("t2", "nobody"),
      gap("g3"),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "fulfilled",
      "rejected",
      "fulfilled",
    ]);
    expect((await store.openGaps("s", 9)).map(({ id, count }) => [id, count])).toEqual([
      ["g1", 1],
      ["g2", 1],
      ["g3", 1],
    ]);
  });

  test("see what those before them wrote", async () => {
    const { store } = await aFile();
    const counts = await Promise.all(Array.from({ length: 5 }, () => store.countTry("k", { now: 1, windowMs: 9 })));
    expect(counts).toEqual([1, 2, 3, 4, 5]);
  });

  test("are written before the file is closed", async () => {
    const { path, engine, store } = await aFile();
    const written = store.setAdapterState("last", "1");
    await engine.close();
    cleanups.pop();
    await written;
    const again = openSqlite(path);
    cleanups.push(() => again.close());
    expect(await createStore(again, { newId }).adapterState("last")).toMatchObject({ value: "1" });
  });
});

describe("an outage", () => {
  test("while another process holds the lock is waited for with all else going on, then refuses writes, keeps reads, and passes", async () => {
    const { path, engine, store } = await aFile();
    await store.setAdapterState("k", "1");
    const other = new Database(path);
    other.exec("begin immediate");
    const refused = Promise.allSettled(["a", "b", "c"].map((key) => store.setAdapterState(key, "1")));
    expect(await Promise.race([refused, new Promise((resolve) => setTimeout(resolve, 50, "waiting"))])).toBe("waiting");
    expect(await store.adapterState("k")).toMatchObject({ value: "1" });
    for (const write of await refused) expect(write).toMatchObject({ status: "rejected", reason: unavailable });
    await expect(engine.migrate(migrationsOf("sqlite"))).rejects.toMatchObject(unavailable);
    const patient = store.setAdapterState("a", "2");
    other.exec("rollback");
    other.close();
    await patient;
    expect(await store.adapterState("a")).toMatchObject({ value: "2" });
    expect(await store.adapterState("b")).toBeUndefined();
  });

  test("of a full disk refuses writes, keeps reads and the file, and passes", async () => {
    const { engine, store } = await aFile();
    await store.setAdapterState("k", "1");
    const [[pages] = []] = await query(engine, "pragma page_count");
    await query(engine, `pragma max_page_count = ${Number(pages) + 2}`);
    const big = "x".repeat(100_000);
    const writes = await Promise.allSettled([
      store.setAdapterState("small", "1"),
      store.setAdapterState("big", big),
      store.setAdapterState("other", "1"),
    ]);
    for (const write of writes) expect(write).toMatchObject({ status: "rejected", reason: unavailable });
    expect(await store.adapterState("k")).toMatchObject({ value: "1" });
    expect(await store.adapterState("small")).toBeUndefined();
    await query(engine, "pragma max_page_count = 100000");
    await store.setAdapterState("big", big);
    expect(await store.adapterState("big")).toMatchObject({ value: big });
    expect(await integrity(engine)).toEqual([["ok"]]);
  });
});

describe("the plan of a list", () => {
  /** What SQLite would do for the first query a method runs. */
  async function planOf(work: (store: Store) => Promise<unknown>): Promise<string> {
    const { engine } = await aFile();
    const seen: Statement[] = [];
    const spied: Engine = {
      ...engine,
      all: (statement) => {
        seen.push(statement);
        return engine.all(statement);
      },
      atomic: (statements) => {
        seen.push(...statements);
        return engine.atomic(statements);
      },
    };
    await work(createStore(spied, { newId }));
    const [first] = seen;
    if (first === undefined) throw new Error("Nothing was asked.");
    const rows = await engine.all({
      sql: `explain query plan ${first.sql}`,
      params: first.params,
      decode: (found) => found,
    });
    return rows.map((row) => String(row[3])).join("\n");
  }
  const shopId = "shp_1";
  const page = { shopId, limit: 50 };
  const cursor = "[5,7]";

  test.each<[string, (store: Store) => Promise<unknown>, RegExp]>([
    ["a contact's history", (s) => s.messagesOf({ ...page, contactId: "c" }), /INDEX messages_contact \(contact_id=\?/],
    [
      "a contact's history, deep in it",
      (s) => s.messagesOf({ ...page, contactId: "c", cursor }),
      /INDEX messages_contact \(contact_id=\? AND at<\?\)/,
    ],
    ["a conversation", (s) => s.messagesOf({ ...page, conversationId: "c", cursor }), /messages_conversation/],
    ["a session", (s) => s.messagesOf({ ...page, sessionId: "c" }), /messages_session/],
    ["the last messages of a contact", (s) => s.recentMessages("c", 20), /messages_contact/],
    ["a shop's events", (s) => s.eventsAfter({ shopId, after: 5, limit: 9 }), /events_shop \(shop_id=\? AND id>\?\)/],
    [
      "a conversation's events",
      (s) => s.eventsAfter({ shopId, conversationId: "c", after: 5, limit: 9 }),
      /events_conversation \(conversation_id=\? AND id>\?\)/,
    ],
    [
      "what changed for shoppers",
      (s) => s.articlesChangedAfter(shopId, 5),
      /articles_changed \(shop_id=\? AND changed_at>\?\)/,
    ],
    ["the audit log", (s) => s.auditPage(shopId, { limit: 9, cursor }), /audit/],
    ["who writes", (s) => s.findParty("i", "u"), /identities_user \(inbox_id=\? AND channel_user_id=\?\)/],
  ])("of %s is one walk along an index", async (_name, work, index) => {
    const plan = await planOf(work);
    expect(plan).toMatch(index);
    expect(plan).not.toMatch(/TEMP B-TREE|SCAN/);
  });

  test("of the due deliveries walks only those that wait", async () => {
    const plan = await planOf((store) => store.claimDeliveries({ now: 5, limit: 9 }));
    expect(plan).toMatch(/SEARCH d USING INDEX deliveries_due/);
    expect(plan).toMatch(/SEARCH e USING (COVERING )?INDEX deliveries_order/);
    expect(plan).not.toMatch(/TEMP B-TREE FOR ORDER|SCAN/);
  });
});
