/** Shops, people who log in, inboxes, and the tokens of visitors. */
import { and, asc, eq, isNull, type SQL, sql } from "drizzle-orm";
import type { AccountStore, Inbox, NewAudit, Role, Shop, User } from "../core/ports.ts";
import { auditLock, auditStatement } from "./audit.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { prepareEventOf } from "./events.ts";
import { present } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "./statement.ts";
import * as t from "./tables.ts";

const toUser = (row: typeof t.users.$inferSelect): User => ({ ...present(row), role: row.role as Role });
const toShop = (row: typeof t.shops.$inferSelect): Shop => row;
const toInbox = (row: typeof t.inboxes.$inferSelect): Inbox => present(row) as Inbox;

const loginByToken = prepare(
  db
    .select({ user: t.users, login: t.logins })
    .from(t.logins)
    .innerJoin(t.users, eq(t.users.id, t.logins.userId))
    .where(and(eq(t.logins.tokenHash, $("tokenHash")), isNull(t.logins.endedAt), isNull(t.users.disabledAt))),
);
const visitorByToken = prepare(
  db
    .select()
    .from(t.visitorTokens)
    .where(and(eq(t.visitorTokens.tokenHash, $("tokenHash")), isNull(t.visitorTokens.revokedAt))),
);
const inboxById = prepare(
  db
    .select()
    .from(t.inboxes)
    .where(and(eq(t.inboxes.id, $("id")), isNull(t.inboxes.deletedAt))),
);
const stateByKey = prepare(
  db
    .select()
    .from(t.adapterState)
    .where(eq(t.adapterState.key, $("key"))),
);

const countTryUpsert = prepareInsertWhere(t.throttles, ["key", "count", "until"], {
  conflict: sql`on conflict (key) do update set count = case when throttles.until < ${$("now")} then 1 else throttles.count + 1 end,
    until = case when throttles.until < ${$("now")} then excluded.until else throttles.until end`,
  returning: { count: t.throttles.count },
});
const dropExpired = prepare(
  db
    .delete(t.adapterState)
    .where(sql`${t.adapterState.expiresAt} is not null and ${t.adapterState.expiresAt} < ${$("now")}`)
    .returning({ key: t.adapterState.key }),
);
const stateUpsert = prepareInsertWhere(t.adapterState, ["key", "value", "expiresAt"], {
  conflict: sql`on conflict (key) do update set value = excluded.value, expires_at = excluded.expires_at`,
  returning: { key: t.adapterState.key },
});

export function accountStore(engine: Engine): AccountStore {
  /**
   * A change, its audit row and its event, or none of them. What goes along stands first under the change's own condition, and
   * changes of one shop's accounts run one after the other, so the condition is the same for all.
   */
  async function audited(input: {
    readonly shopId: string;
    readonly change: Statement;
    readonly condition: SQL | undefined;
    readonly audit: NewAudit | undefined;
    readonly event?: Statement;
    readonly locks?: readonly string[];
  }): Promise<boolean> {
    const { change, condition, audit, event } = input;
    const statements = [
      ...(audit === undefined ? [] : [auditStatement(audit, condition)]),
      ...(event === undefined ? [] : [event]),
      change,
    ];
    const results = await engine.atomic(statements, [auditLock(input.shopId), ...(input.locks ?? [])]);
    return results.at(-1)?.length === 1;
  }
  const aliveInbox = (shopId: string, id: string) =>
    and(eq(t.inboxes.id, id), eq(t.inboxes.shopId, shopId), isNull(t.inboxes.deletedAt));
  const inboxEvent = (shopId: string, id: string, now: number) =>
    prepareEventOf(t.inboxes, aliveInbox(shopId, id), { type: "inbox" })({ data: { id }, at: now });

  return {
    async shop(id) {
      const [row] = await engine.all(prepare(db.select().from(t.shops).where(eq(t.shops.id, id)))());
      return row === undefined ? undefined : toShop(row);
    },
    async shops() {
      return (
        await engine.all(prepare(db.select().from(t.shops).orderBy(asc(t.shops.createdAt), asc(t.shops.id)))())
      ).map(toShop);
    },
    async createShop({ now, ...shop }) {
      await engine.atomic([
        prepare(
          db
            .insert(t.shops)
            .values({ ...shop, settings: { ...shop.settings }, createdAt: now })
            .onConflictDoNothing()
            .returning({ id: t.shops.id }),
        )(),
      ]);
    },
    patchShop(shopId, patch, seen, audit) {
      const unchanged = and(eq(t.shops.id, shopId), sql`coalesce(${t.shops.version}, 0) = ${seen}`);
      return audited({
        shopId,
        change: prepare(
          db
            .update(t.shops)
            .set({ ...patch, settings: { ...patch.settings }, version: seen + 1 })
            .where(unchanged)
            .returning({ id: t.shops.id }),
        )(),
        condition: sql`exists (select 1 from shops where ${unchanged})`,
        audit,
      });
    },
    async userByEmail(email) {
      const [row] = await engine.all(
        prepare(db.select().from(t.users).where(eq(t.users.email, email.toLowerCase())))(),
      );
      return row === undefined ? undefined : toUser(row);
    },
    async user(id) {
      const [row] = await engine.all(prepare(db.select().from(t.users).where(eq(t.users.id, id)))());
      return row === undefined ? undefined : toUser(row);
    },
    async users(shopId) {
      return (
        await engine.all(
          prepare(
            db
              .select()
              .from(t.users)
              .where(eq(t.users.shopId, shopId))
              .orderBy(asc(t.users.createdAt), asc(t.users.id)),
          )(),
        )
      ).map(toUser);
    },
    createUser(user, audit) {
      const row = {
        ...user,
        email: user.email.toLowerCase(),
        groups: [...user.groups],
        disabledAt: user.disabledAt ?? null,
      };
      return audited({
        shopId: user.shopId,
        change: prepare(db.insert(t.users).values(row).onConflictDoNothing().returning({ id: t.users.id }))(),
        condition: sql`not exists (select 1 from users where id = ${row.id} or email = ${row.email})`,
        audit,
        locks: [`email:${row.email}`],
      });
    },
    patchUser(shopId, id, { groups, ...patch }, audit) {
      const leavesNoAdmin = patch.disabledAt != null || (patch.role !== undefined && patch.role !== "admin");
      const otherAdmin = sql`(${t.users.role} <> 'admin' or exists (select 1 from users o where o.shop_id = ${shopId} and o.role = 'admin' and o.disabled_at is null and o.id <> ${id}))`;
      const allowed = and(eq(t.users.id, id), eq(t.users.shopId, shopId), leavesNoAdmin ? otherAdmin : undefined);
      const update = prepare(
        db
          .update(t.users)
          .set({ ...patch, ...(groups === undefined ? {} : { groups: [...groups] }) })
          .where(allowed)
          .returning({ id: t.users.id }),
      )();
      return audited({
        shopId,
        change: update,
        condition: sql`exists (select 1 from users where ${allowed})`,
        audit,
      });
    },
    async createLogin({ tokenHash, shopId, userId, now, expiresAt }, audit) {
      await audited({
        shopId,
        change: prepare(
          db
            .insert(t.logins)
            .values({ tokenHash, shopId, userId, createdAt: now, seenAt: now, expiresAt })
            .returning({ tokenHash: t.logins.tokenHash }),
        )(),
        condition: undefined,
        audit,
      });
    },
    async login(tokenHash) {
      const [row] = await engine.all(loginByToken({ tokenHash }));
      return row === undefined
        ? undefined
        : {
            user: toUser(row.user),
            createdAt: row.login.createdAt,
            seenAt: row.login.seenAt,
            expiresAt: row.login.expiresAt,
          };
    },
    async touchLogin(tokenHash, now) {
      await engine.atomic([
        prepare(
          db
            .update(t.logins)
            .set({ seenAt: now })
            .where(eq(t.logins.tokenHash, tokenHash))
            .returning({ tokenHash: t.logins.tokenHash }),
        )(),
      ]);
    },
    async endLogins(filter, now) {
      const which =
        "tokenHash" in filter ? eq(t.logins.tokenHash, filter.tokenHash) : eq(t.logins.userId, filter.userId);
      await engine.atomic([
        prepare(
          db
            .update(t.logins)
            .set({ endedAt: now })
            .where(and(which, isNull(t.logins.endedAt)))
            .returning({ tokenHash: t.logins.tokenHash }),
        )(),
      ]);
    },
    async countTry(key, { now, windowMs }) {
      const count = countTryUpsert({ key, count: 1, until: now + windowMs, now });
      const [row] = rowsOf(count, (await engine.atomic([count]))[0]);
      return row?.count ?? 1;
    },
    async clearTries(key) {
      await engine.atomic([
        prepare(db.delete(t.throttles).where(eq(t.throttles.key, key)).returning({ key: t.throttles.key }))(),
      ]);
    },
    async inbox(id) {
      const [row] = await engine.all(inboxById({ id }));
      return row === undefined ? undefined : toInbox(row);
    },
    async inboxes(shopId) {
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.inboxes)
            .where(and(isNull(t.inboxes.deletedAt), shopId === undefined ? undefined : eq(t.inboxes.shopId, shopId)))
            .orderBy(asc(t.inboxes.createdAt), asc(t.inboxes.id)),
        )(),
      );
      return rows.map(toInbox);
    },
    async createInbox(inbox, audit) {
      const row = { ...inbox, config: { ...inbox.config }, stateDetail: inbox.stateDetail ?? null };
      return audited({
        shopId: inbox.shopId,
        change: prepare(db.insert(t.inboxes).values(row).onConflictDoNothing().returning({ id: t.inboxes.id }))(),
        condition: sql`not exists (select 1 from inboxes where id = ${row.id})`,
        audit,
      });
    },
    patchInbox(shopId, id, { now, config, ...patch }, audit) {
      const update = prepare(
        db
          .update(t.inboxes)
          .set({
            ...patch,
            ...(config === undefined ? {} : { config: { ...config } }),
            version: sql`${t.inboxes.version} + 1`,
          })
          .where(aliveInbox(shopId, id))
          .returning({ id: t.inboxes.id }),
      )();
      return audited({
        shopId,
        change: update,
        condition: sql`exists (select 1 from inboxes where ${aliveInbox(shopId, id)})`,
        audit,
        event: inboxEvent(shopId, id, now),
      });
    },
    deleteInbox(shopId, id, now, audit) {
      const update = prepare(
        db
          .update(t.inboxes)
          .set({ deletedAt: now, config: {}, version: sql`${t.inboxes.version} + 1` })
          .where(aliveInbox(shopId, id))
          .returning({ id: t.inboxes.id }),
      )();
      return audited({
        shopId,
        change: update,
        condition: sql`exists (select 1 from inboxes where ${aliveInbox(shopId, id)})`,
        audit,
        event: inboxEvent(shopId, id, now),
      });
    },
    async createVisitorToken({ now, ...token }) {
      await engine.atomic([
        prepare(
          db
            .insert(t.visitorTokens)
            .values({ ...token, seenAt: now })
            .returning({ tokenHash: t.visitorTokens.tokenHash }),
        )(),
      ]);
    },
    async visitorToken(tokenHash) {
      const [row] = await engine.all(visitorByToken({ tokenHash }));
      return row;
    },
    async touchVisitorToken(tokenHash, now) {
      await engine.atomic([
        prepare(
          db
            .update(t.visitorTokens)
            .set({ seenAt: now })
            .where(eq(t.visitorTokens.tokenHash, tokenHash))
            .returning({ tokenHash: t.visitorTokens.tokenHash }),
        )(),
      ]);
    },
    async adapterState(key) {
      const [row] = await engine.all(stateByKey({ key }));
      return row === undefined ? undefined : present(row);
    },
    async setAdapterState(key, value, expiresAt) {
      const values = { value, expiresAt: expiresAt ?? null };
      await engine.atomic([stateUpsert({ key, ...values })]);
    },
    async dropExpiredState(now) {
      await engine.atomic([dropExpired({ now })]);
    },
  };
}
