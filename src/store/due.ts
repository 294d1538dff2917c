/** For a home that sleeps between requests: when there is work again, and whether a job that comes late still holds its lease. */
import { sql } from "drizzle-orm";
import { LEASE_MS } from "../core/delivery.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { $, db, prepare, prepareRaw } from "./statement.ts";
import * as t from "./tables.ts";

/** Only the first of a conversation can be due; those behind it follow as it is settled. */
const firstDue = prepareRaw(
  sql`select min(due) as due from (
    select min(lease_until) as due from messages where decided_at is null
    union all
    select min(media_due_at) as due from messages where media_due_at is not null
    union all
    select min(case when d.next_at > d.lease_until then d.next_at else d.lease_until end) as due from deliveries d
      where d.state = 'pending' and not exists (
        select 1 from deliveries e where e.conversation_id = d.conversation_id and e.state = 'pending' and e.seq < d.seq))`,
  { due: t.deliveries.nextAt },
);

/** The time at which a sweep finds something, or undefined when nothing waits. It may have passed. */
export async function nextDue(engine: Engine): Promise<number | undefined> {
  const [row] = await engine.all(firstDue());
  // The column's type has no null; the least of no rows is one.
  return (row?.due as number | null | undefined) ?? undefined;
}

const hold = prepare(
  db
    .update(t.deliveries)
    .set({ leaseUntil: sql`${$("leaseUntil")}`, attempts: sql`${t.deliveries.attempts} + 1` })
    .where(sql`${t.deliveries.id} = ${$("id")} and ${t.deliveries.state} = 'pending' and ${t.deliveries.attempts} = 1`)
    .returning({ id: t.deliveries.id }),
);

/**
 * Takes over the lease a delivery was written with. Of two that come with the same job one holds it, and none does once a sweep has
 * taken it: each taking raises the attempts, which are the fencing number.
 */
export async function holdDelivery(engine: Engine, id: string, now: number): Promise<boolean> {
  const take = hold({ id, leaseUntil: now + LEASE_MS });
  return rowsOf(take, (await engine.atomic([take]))[0]).length === 1;
}
