import { sql } from "drizzle-orm";
import type { NewAudit } from "../core/ports.ts";
import { $, prepareInsertWhere, type Statement } from "./statement.ts";
import * as t from "./tables.ts";

const insertAudit = prepareInsertWhere(
  t.audit,
  ["shopId", "seq", "at", "actor", "action", "target", "result", "requestId", "address", "data"],
  {
    computed: { seq: sql`coalesce((select max(seq) from audit where shop_id = ${$("shopId")}), 0) + 1` },
    conflict: "fail",
    returning: { seq: t.audit.seq },
  },
);

/** The audit row of a change, for the same `atomic` list: no audit row, no change. Its seal follows right after. */
export function auditStatement(audit: NewAudit): Statement<{ seq: number }> {
  return insertAudit(audit as unknown as Record<string, unknown>);
}
