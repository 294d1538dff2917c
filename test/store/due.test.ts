import { expect, it } from "vitest";
import { newId } from "../../src/core/ids.ts";
import { holdDelivery, nextDue } from "../../src/store/due.ts";
import { createStore } from "../../src/store/store.ts";
import { migrationsOf, query, sqliteEngine } from "../support/engines.ts";

const delivery = (
  id: string,
  conversation: string,
  at: { readonly next: number; readonly lease: number; readonly attempts?: number },
) =>
  `insert into deliveries (id, shop_id, inbox_id, conversation_id, session_id, message_id, author_kind, content, state, attempts, repeats, next_at, lease_until, expires_at, created_at)
   values ('${id}', 'default', 'tg', '${conversation}', 's', 'm', 'bot', '{"type":"text","text":"hi"}', 'pending', ${at.attempts ?? 1}, 0, ${at.next}, ${at.lease}, 9e15, 1) returning id`;

async function opened() {
  const database = await sqliteEngine().database();
  const engine = await database.connect();
  await engine.migrate(migrationsOf("sqlite"));
  return { engine, store: createStore(engine, { newId }), remove: () => database.remove() };
}

it("tells when the first delivery of any conversation is due, and nothing when none waits", async () => {
  const { engine, remove } = await opened();
  expect(await nextDue(engine)).toBeUndefined();
  await query(engine, delivery("a", "c1", { next: 500, lease: 30_000 }));
  expect(await nextDue(engine)).toBe(30_000);
  // Behind another of its conversation: it follows as that one is settled.
  await query(engine, delivery("b", "c1", { next: 100, lease: 0, attempts: 0 }));
  expect(await nextDue(engine)).toBe(30_000);
  await query(engine, delivery("c", "c2", { next: 2000, lease: 0 }));
  expect(await nextDue(engine)).toBe(2000);
  await remove();
});

it("lets one of two late jobs hold a delivery, and none that a sweep has taken", async () => {
  const { engine, store, remove } = await opened();
  await query(engine, delivery("a", "c1", { next: 1, lease: 30_000 }));
  const held = await Promise.all([holdDelivery(engine, "a", 10_000), holdDelivery(engine, "a", 10_000)]);
  expect(held.filter(Boolean)).toHaveLength(1);
  expect(await nextDue(engine)).toBe(40_000);
  await query(engine, delivery("b", "c2", { next: 1, lease: 30_000 }));
  await store.claimDeliveries({ now: 30_001, limit: 10 });
  expect(await holdDelivery(engine, "b", 30_002)).toBe(false);
  await remove();
});
