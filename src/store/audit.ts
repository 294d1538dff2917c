import { type SQL, sql } from "drizzle-orm";
import type { NewAudit } from "../core/ports.ts";
import { $, prepareInsertWhere, type Statement } from "./statement.ts";
import * as t from "./tables.ts";

const insertAudit = (where: SQL | undefined) =>
  prepareInsertWhere(
    t.audit,
    ["shopId", "seq", "at", "actor", "action", "target", "result", "requestId", "address", "data"],
    {
      computed: { seq: sql`coalesce((select max(seq) from audit where shop_id = ${$("shopId")}), 0) + 1` },
      conflict: "fail",
      ...(where === undefined ? {} : { where }),
      returning: { seq: t.audit.seq },
    },
  );
const insertAlways = insertAudit(undefined);

/** Lists that write an audit row take it: the sequence of a shop has no gap and no fork. */
export const auditLock = (shopId: string) => `audit:${shopId}`;

/**
 * The audit row of a change, for the same `atomic` list: no audit row, no change. Its seal follows right after.
 * `where` is the change's own condition; the row then stands before the change in the list: no change, no audit row.
 */
export function auditStatement(audit: NewAudit, where?: SQL): Statement<{ seq: number }> {
  const values = { ...audit };
  return where === undefined ? insertAlways(values) : insertAudit(where)(values);
}
