/** The first page of a contact's history, however long it is, against the same rows asked for by hand. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { newId } from "../../src/core/ids.ts";
import { loadMigrations } from "../../src/node/files.ts";
import { openSqlite } from "../../src/store/engines/better-sqlite3.ts";
import { createStore } from "../../src/store/store.ts";
import { ms, percentile, printTable } from "../support/table.ts";

const SHOP = "default";
const CONVERSATIONS = 3;
const PAGE = 50;
const LOOKS = 300;

const folder = mkdtempSync(join(tmpdir(), "xiaoer-history-"));
const file = join(folder, "xiaoer.db");
const engine = openSqlite(file);
await engine.migrate(loadMigrations("sqlite"));
const store = createStore(engine, { newId });
const plain = new Database(file);

/** A contact who writes on several channels, their messages straight into the table: what is measured is the reading. */
function writeHistory(contactId: string, count: number): void {
  const insert =
    plain.prepare(`insert into messages (id, shop_id, inbox_id, channel, conversation_id, session_id, contact_id, direction,
    author_kind, content, at, created_at, decided_at, attempts, lease_until)
    values (?, '${SHOP}', 'in', 'telegram', ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 0)`);
  plain.transaction(() => {
    for (let i = 0; i < count; i += 1) {
      const at = 1_750_000_000_000 + i * 60_000;
      const content = JSON.stringify({ type: "text", text: `第 ${i} 句话，关于快递、退货和优惠券的一句话。` });
      const inbound = i % 2 === 0;
      insert.run(
        newId("msg"),
        `${contactId}-c${i % CONVERSATIONS}`,
        `${contactId}-s${Math.floor(i / 20)}`,
        contactId,
        inbound ? "inbound" : "outbound",
        inbound ? "contact" : "bot",
        content,
        at,
        at,
        at,
      );
    }
  })();
}

async function look(work: () => unknown): Promise<readonly number[]> {
  const times: number[] = [];
  for (let i = 0; i < LOOKS; i += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times.slice(LOOKS / 10);
}

try {
  const rows = [];
  for (const count of [1000, 100_000]) {
    const contactId = `con_${count}`;
    writeHistory(contactId, count);
    const page = { shopId: SHOP, contactId, limit: PAGE };
    const first = await store.messagesOf(page);
    if (first.items.length !== PAGE || first.next === null) throw new Error("The page is not whole.");
    const { next: cursor } = first;
    const byHand = plain.prepare("select * from messages where contact_id = ? order by at desc, seq desc limit ?");
    const [ours, second, hand] = [
      await look(() => store.messagesOf(page)),
      await look(() => store.messagesOf({ ...page, cursor })),
      await look(() => byHand.all(contactId, PAGE)),
    ];
    rows.push([
      count.toLocaleString("en"),
      ...[ours, second, hand].flatMap((times) => [ms(percentile(times, 0.5)), ms(percentile(times, 0.99))]),
    ]);
  }
  printTable(
    `History: a page of ${PAGE} of one contact`,
    ["messages", "first p50", "p99", "second p50", "p99", "by hand p50", "p99"],
    rows,
  );
} finally {
  await store.close();
  plain.close();
  rmSync(folder, { recursive: true, force: true });
}
