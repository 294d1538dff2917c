/** Audit, tasks, files and health: what keeps the place in order. */
import { and, asc, desc, eq, sql } from "drizzle-orm";
import type { AuditRow, OperationsStore, Task } from "../core/ports.ts";
import { auditLock, auditStatement } from "./audit.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { fileStatements, readFile, readFileInfo } from "./files.ts";
import { before, toPage } from "./page.ts";
import { present } from "./rows.ts";
import { db, prepare, prepareInsertWhere } from "./statement.ts";
import * as t from "./tables.ts";

/** Anyone may ask whether the database takes writes; it is tried once for all who ask within this time. */
const PING_FRESH_MS = 1000;
const touch = prepareInsertWhere(t.counters, ["key", "value"], {
  conflict: sql`on conflict (key) do update set value = counters.value + 1`,
  returning: { value: t.counters.value },
});

/** A task whose worker died is taken up again after this. */
const TASK_LEASE_MS = 60_000;

const toAudit = ({ shopId: _shopId, ...row }: typeof t.audit.$inferSelect): AuditRow => present(row) as AuditRow;
const toTask = (row: typeof t.tasks.$inferSelect): Task => present(row) as unknown as Task;

export function operationsStore(engine: Engine): OperationsStore {
  const skipLocked = engine.kind === "postgres" ? sql` for update skip locked` : sql``;
  let pinged: { readonly at: number; readonly done: Promise<void> } | undefined;
  return {
    async addAudit(audit) {
      await engine.atomic([auditStatement(audit)], [auditLock(audit.shopId)]);
    },
    async auditPage(shopId, { limit, cursor }) {
      const rows = await engine.all(
        prepare(
          db
            .select({ row: t.audit, hash: t.auditSeals.hash })
            .from(t.audit)
            .leftJoin(t.auditSeals, and(eq(t.auditSeals.shopId, t.audit.shopId), eq(t.auditSeals.seq, t.audit.seq)))
            .where(and(eq(t.audit.shopId, shopId), before(cursor, t.audit.seq, t.audit.at)))
            .orderBy(desc(t.audit.seq))
            .limit(limit + 1),
        )(),
      );
      return toPage(
        rows,
        limit,
        ({ row, hash }) => ({ ...toAudit(row), ...(hash === null ? {} : { hash }) }),
        ({ row }) => [row.seq, row.at],
      );
    },
    async unsealedAudit(shopId, limit) {
      const [last] = await engine.all(
        prepare(
          db
            .select()
            .from(t.auditSeals)
            .where(eq(t.auditSeals.shopId, shopId))
            .orderBy(desc(t.auditSeals.seq))
            .limit(1),
        )(),
      );
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.audit)
            .where(and(eq(t.audit.shopId, shopId), sql`${t.audit.seq} > ${last?.seq ?? 0}`))
            .orderBy(asc(t.audit.seq))
            .limit(limit),
        )(),
      );
      return { ...(last === undefined ? {} : { last }), rows: rows.map(toAudit) };
    },
    async sealAudit(shopId, seals) {
      if (seals.length === 0) return;
      // Two sealers at once compute the same chain, so the second one's rows are already there.
      await engine.atomic(
        seals.map((seal) =>
          prepare(
            db
              .insert(t.auditSeals)
              .values({ shopId, ...seal })
              .onConflictDoNothing()
              .returning({ seq: t.auditSeals.seq }),
          )(),
        ),
      );
    },
    async createTask({ id, shopId, kind, input, total, now }) {
      await engine.atomic([
        prepare(
          db
            .insert(t.tasks)
            .values({
              id,
              shopId,
              kind,
              input: { ...input },
              state: "queued",
              done: 0,
              total,
              errors: [],
              leaseUntil: 0,
              createdAt: now,
              updatedAt: now,
            })
            .returning({ id: t.tasks.id }),
        )(),
      ]);
    },
    async claimTask({ id, kinds, now }) {
      const known =
        kinds === undefined
          ? sql``
          : sql` and kind in (${sql.join(
              kinds.map((kind) => sql`${kind}`),
              sql`, `,
            )})`;
      const claim = prepare(
        db
          .update(t.tasks)
          .set({ state: "running", leaseUntil: now + TASK_LEASE_MS, updatedAt: now })
          .where(
            sql`${t.tasks.id} = ${id ?? sql`(select id from tasks where state in ('queued', 'running') and lease_until < ${now}${known} order by created_at limit 1${skipLocked})`}
              and ${t.tasks.state} in ('queued', 'running') and ${t.tasks.leaseUntil} < ${now}`,
          )
          .returning(),
      )();
      const [row] = rowsOf(claim, (await engine.atomic([claim]))[0]);
      return row === undefined ? undefined : toTask(row);
    },
    async updateTask(id, { now, errors, result, ...patch }) {
      const update = prepare(
        db
          .update(t.tasks)
          .set({
            ...patch,
            ...(errors === undefined ? {} : { errors: errors.map((error) => ({ ...error })) }),
            ...(result === undefined ? {} : { result: { ...result } }),
            leaseUntil: now + TASK_LEASE_MS,
            updatedAt: now,
          })
          .where(eq(t.tasks.id, id))
          .returning({ id: t.tasks.id }),
      )();
      await engine.atomic([update]);
    },
    async task(shopId, id) {
      const [row] = await engine.all(
        prepare(
          db
            .select()
            .from(t.tasks)
            .where(and(eq(t.tasks.id, id), eq(t.tasks.shopId, shopId))),
        )(),
      );
      return row === undefined ? undefined : toTask(row);
    },
    async saveFile(file) {
      await engine.atomic(fileStatements(file));
    },
    file: (id) => readFile(engine, id),
    fileInfo: (id) => readFileInfo(engine, id),
    async bytesSince(ownerId, since) {
      const [row] = await engine.all(
        prepare(
          db
            .select({ bytes: sql<number>`coalesce(sum(${t.files.size}), 0)`.mapWith(Number) })
            .from(t.files)
            .where(and(eq(t.files.ownerId, ownerId), sql`${t.files.createdAt} >= ${since}`)),
        )(),
      );
      return row?.bytes ?? 0;
    },
    ping() {
      if (pinged === undefined || performance.now() - pinged.at >= PING_FRESH_MS)
        pinged = {
          at: performance.now(),
          done: engine.atomic([touch({ key: "ping", value: 1 })]).then(() => undefined),
        };
      return pinged.done;
    },
    appliedMigrations: () => engine.applied(),
  };
}
