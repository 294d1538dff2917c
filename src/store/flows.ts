/** The shop's own flows, and the marks runs of them leave. */
import { and, asc, eq, gte, sql } from "drizzle-orm";
import type { FlowOutcome, StepFigures } from "../core/flow.ts";
import type { ShopFlowStore, StoredFlow } from "../core/ports/flows.ts";
import { auditLock, auditStatement } from "./audit.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { present } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, prepareRaw } from "./statement.ts";
import * as t from "./tables.ts";

const ofShop = prepare(
  db
    .select()
    .from(t.flows)
    .where(eq(t.flows.shopId, $("shopId")))
    .orderBy(asc(t.flows.id)),
);
const insertFlow = prepareInsertWhere(
  t.flows,
  ["shopId", "id", "definition", "version", "by", "createdAt", "updatedAt"],
  {
    returning: { version: t.flows.version },
  },
);
const counts = prepare(
  db
    .select({ step: t.flowMarks.step, outcome: t.flowMarks.outcome, count: sql<number>`count(*)`.mapWith(Number) })
    .from(t.flowMarks)
    .where(
      and(eq(t.flowMarks.shopId, $("shopId")), eq(t.flowMarks.flowId, $("flowId")), gte(t.flowMarks.at, $("since"))),
    )
    .groupBy(t.flowMarks.step, t.flowMarks.outcome),
);
const silent = prepareRaw(
  sql`select step, count(*) from flow_marks
    where shop_id = ${$("shopId")} and flow_id = ${$("flowId")} and at >= ${$("since")} and at < ${$("silentSince")}
      and outcome in ('entered', 'failed')
      and seq in (select max(seq) from flow_marks where shop_id = ${$("shopId")} and flow_id = ${$("flowId")} and at >= ${$("since")} group by run)
    group by step`,
  { step: t.flowMarks.step, count: "number" },
);

const toStored = ({ id, definition, version, by, updatedAt }: typeof t.flows.$inferSelect): StoredFlow =>
  present({ id, definition, version, by, updatedAt }) as StoredFlow;

export function shopFlowStore(engine: Engine): ShopFlowStore {
  return {
    async shopFlows(shopId) {
      return (await engine.all(ofShop({ shopId }))).map(toStored);
    },
    async saveShopFlow({ shopId, definition, seen, by, now }, audit) {
      const { id } = definition;
      const here = and(eq(t.flows.shopId, shopId), eq(t.flows.id, id));
      const version = (seen ?? 0) + 1;
      const condition =
        seen === undefined
          ? sql`not exists (select 1 from flows where ${here})`
          : sql`exists (select 1 from flows where ${and(here, eq(t.flows.version, seen))})`;
      const change =
        seen === undefined
          ? insertFlow({ shopId, id, definition, version, by, createdAt: now, updatedAt: now })
          : prepare(
              db
                .update(t.flows)
                .set({ definition, version, by, updatedAt: now })
                .where(and(here, eq(t.flows.version, seen)))
                .returning({ version: t.flows.version }),
            )();
      const results = await engine.atomic([auditStatement(audit, condition), change], [auditLock(shopId)]);
      const [saved] = rowsOf(change, results.at(-1));
      return saved === undefined ? undefined : { id, definition, version, by, updatedAt: now };
    },
    async deleteShopFlow(shopId, id, audit) {
      const here = and(eq(t.flows.shopId, shopId), eq(t.flows.id, id));
      const results = await engine.atomic(
        [
          auditStatement(audit, sql`exists (select 1 from flows where ${here})`),
          prepare(db.delete(t.flows).where(here).returning({ id: t.flows.id }))(),
        ],
        [auditLock(shopId)],
      );
      return results.at(-1)?.length === 1;
    },
    async flowFigures({ shopId, flowId, since, silentSince }) {
      const [rows, quiet] = await Promise.all([
        engine.all(counts({ shopId, flowId, since })),
        engine.all(silent({ shopId, flowId, since, silentSince })),
      ]);
      const figures = new Map<string, Record<FlowOutcome | "abandoned", number>>();
      const of = (step: string) => {
        const found = figures.get(step) ?? { entered: 0, passed: 0, failed: 0, person: 0, cancelled: 0, abandoned: 0 };
        figures.set(step, found);
        return found;
      };
      // The table's writer is `apply-change` alone, and writes marks.
      for (const { step, outcome, count } of rows) of(step)[outcome as FlowOutcome] = count;
      for (const { step, count } of quiet) of(step).abandoned = count;
      return [...figures].map(([step, counted]): StepFigures => ({ step, ...counted }));
    },
  };
}
