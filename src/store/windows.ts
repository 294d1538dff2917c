/** Send windows, usage counters and templates. */
import { and, asc, eq, gte, sql } from "drizzle-orm";
import type { WindowStore } from "../core/ports.ts";
import type { Template } from "../core/template.ts";
import { auditLock, auditStatement } from "./audit.ts";
import type { Engine } from "./engine.ts";
import { present } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere } from "./statement.ts";
import * as t from "./tables.ts";

/** The columns a conversation's window is judged by. */
export const windowColumns = {
  heardAt: t.conversations.heardAt,
  saidSince: t.conversations.saidSince,
  joinedAt: t.conversations.joinedAt,
  saidSinceJoined: t.conversations.saidSinceJoined,
  shutAt: t.conversations.shutAt,
};

const factsOf = prepare(
  db
    .select(windowColumns)
    .from(t.conversations)
    .where(eq(t.conversations.id, $("id"))),
);
const usageOf = prepare(
  db
    .select({ day: t.usage.day, route: t.usage.route, count: t.usage.count })
    .from(t.usage)
    .where(and(eq(t.usage.shopId, $("shopId")), eq(t.usage.inboxId, $("inboxId")), gte(t.usage.day, $("fromDay"))))
    .orderBy(asc(t.usage.day), asc(t.usage.route)),
);
const templatesOf = prepare(
  db
    .select()
    .from(t.templates)
    .where(and(eq(t.templates.shopId, $("shopId")), eq(t.templates.inboxId, $("inboxId"))))
    .orderBy(asc(t.templates.name), asc(t.templates.locale)),
);
const templateById = prepare(
  db
    .select()
    .from(t.templates)
    .where(and(eq(t.templates.id, $("id")), eq(t.templates.shopId, $("shopId")))),
);
const insertTemplate = prepareInsertWhere(
  t.templates,
  ["id", "shopId", "inboxId", "name", "locale", "vendorId", "category", "params", "text", "createdAt"],
  { returning: { id: t.templates.id } },
);
const toTemplate = (row: typeof t.templates.$inferSelect): Template => present(row) as Template;

export function windowStore(engine: Engine): WindowStore {
  return {
    async windowFacts(conversationId) {
      const [row] = await engine.all(factsOf({ id: conversationId }));
      return row === undefined ? undefined : present(row);
    },
    async usage(shopId, inboxId, fromDay) {
      return engine.all(usageOf({ shopId, inboxId, fromDay }));
    },
    async templates(shopId, inboxId) {
      return (await engine.all(templatesOf({ shopId, inboxId }))).map(toTemplate);
    },
    async template(shopId, id) {
      const [row] = await engine.all(templateById({ shopId, id }));
      return row === undefined ? undefined : toTemplate(row);
    },
    async createTemplate(template, audit) {
      const { inboxId, vendorId, locale } = template;
      const known = sql`not exists (select 1 from templates where inbox_id = ${inboxId} and vendor_id = ${vendorId} and locale = ${locale})`;
      const results = await engine.atomic(
        [auditStatement(audit, known), insertTemplate({ ...template })],
        [auditLock(template.shopId)],
      );
      return results[1]?.length === 1;
    },
    async deleteTemplate(shopId, inboxId, id, audit) {
      const theirs = and(eq(t.templates.id, id), eq(t.templates.shopId, shopId), eq(t.templates.inboxId, inboxId));
      const exists = sql`exists (select 1 from templates where id = ${id} and shop_id = ${shopId} and inbox_id = ${inboxId})`;
      const remove = prepare(db.delete(t.templates).where(theirs).returning({ id: t.templates.id }));
      const results = await engine.atomic([auditStatement(audit, exists), remove()], [auditLock(shopId)]);
      return results[1]?.length === 1;
    },
  };
}
