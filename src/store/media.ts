/** Files that platforms keep for us: taken up when due, under a lease, and settled with the message in one list. */
import { and, eq, sql } from "drizzle-orm";
import { DAY_MS, MAX_DAY_BYTES } from "../core/file.ts";
import { MEDIA_LEASE_MS } from "../core/media.ts";
import type { MediaStore, MediaWork } from "../core/ports.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { prepareEventOf } from "./events.ts";
import { prepareFileWhere } from "./files.ts";
import { toMessage } from "./rows.ts";
import { $, db, prepare } from "./statement.ts";
import * as t from "./tables.ts";

const { conversationId, sessionId, id: messageId } = t.messages;
const changed = { type: "message", conversationId, sessionId, messageId } as const;

/** The end of a lease is different at every taking, so it also says whose the lease is. */
const held = sql`${t.messages.id} = ${$("messageId")} and ${t.messages.mediaDueAt} = ${$("leaseUntil")}`;
const heldBytes = (ofContact: ReturnType<typeof sql>) => sql`(select coalesce(sum(size), 0) from files
  where owner_id in (select id from conversations where contact_id = ${ofContact}) and created_at >= ${$("since")})`;
const insertFile = prepareFileWhere(
  sql`exists (select 1 from messages where ${held}) and ${heldBytes(sql`${$("contactId")}`)} <= ${$("room")}`,
);
const fileIsThere = sql`exists (select 1 from files where id = ${$("fileId")})`;
const stored = prepare(
  db
    .update(t.messages)
    .set({ mediaDueAt: null, mediaCode: null, content: sql`${sql.param($("content"), t.messages.content)}` })
    .where(sql`${held} and ${fileIsThere}`)
    .returning({ id: t.messages.id }),
);
const failed = prepare(
  db
    .update(t.messages)
    .set({
      mediaDueAt: null,
      mediaCode: sql`${$("code")}`,
      content: sql`${sql.param($("content"), t.messages.content)}`,
    })
    .where(held)
    .returning({ id: t.messages.id }),
);
const later = prepare(
  db
    .update(t.messages)
    .set({ mediaDueAt: sql`${$("at")}` })
    .where(held)
    .returning({ id: t.messages.id }),
);
const settledEvent = prepareEventOf(t.messages, held, changed);
const leased = prepare(
  db
    .select()
    .from(t.messages)
    .where(sql`${held} and ${t.messages.shopId} = ${$("shopId")}`),
);

/** Given up, or from before files were fetched; not what its sender took back. */
const givenUp = and(
  eq(t.messages.id, $("messageId")),
  eq(t.messages.shopId, $("shopId")),
  sql`${t.messages.mediaRef} is not null and ${t.messages.mediaDueAt} is null and ${t.messages.recalledAt} is null
    and (${t.messages.mediaCode} is not null or ${$("untouched")} = 1)`,
);
const retry = prepare(
  db
    .update(t.messages)
    .set({ mediaDueAt: sql`${$("at")}`, mediaAttempts: 0, mediaCode: null })
    .where(givenUp)
    .returning({ id: t.messages.id }),
);
const retryEvent = prepareEventOf(t.messages, givenUp, changed);

const inboxesDue = prepare(
  db
    .selectDistinct({ inboxId: t.messages.inboxId })
    .from(t.messages)
    .where(sql`${t.messages.mediaDueAt} is not null and ${t.messages.mediaDueAt} <= ${$("now")}`)
    .limit($("limit")),
);
const bytesOfContact = prepare(
  db
    .select({ bytes: sql<number>`coalesce(sum(${t.files.size}), 0)`.mapWith(Number) })
    .from(t.files)
    .innerJoin(t.conversations, eq(t.conversations.id, t.files.ownerId))
    .where(and(eq(t.conversations.contactId, $("contactId")), sql`${t.files.createdAt} >= ${$("since")}`)),
);
const messageById = prepare(
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.id, $("id")), eq(t.messages.shopId, $("shopId")))),
);

export function mediaStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): MediaStore {
  const skipLocked = engine.kind === "postgres" ? sql` for update skip locked` : sql``;
  const claim = prepare(
    db
      .update(t.messages)
      .set({ mediaDueAt: sql`${$("leaseUntil")}`, mediaAttempts: sql`coalesce(${t.messages.mediaAttempts}, 0) + 1` })
      .where(
        sql`${t.messages.seq} in (select seq from messages where inbox_id = ${$("inboxId")} and media_due_at is not null and media_due_at <= ${$("now")}
          order by media_due_at limit ${$("limit")}${skipLocked}) and ${t.messages.mediaDueAt} <= ${$("now")}`,
      )
      .returning(),
  );

  return {
    async mediaInboxes(now, limit) {
      return (await engine.all(inboxesDue({ now, limit }))).map(({ inboxId }) => inboxId);
    },
    async claimMedia({ inboxId, now, limit }) {
      const take = claim({ inboxId, now, limit, leaseUntil: now + MEDIA_LEASE_MS });
      return rowsOf(take, (await engine.atomic([take]))[0]).map(toWork);
    },
    async leasedMedia({ shopId, messageId, leaseUntil }) {
      const [row] = await engine.all(leased({ shopId, messageId, leaseUntil }));
      return row === undefined ? undefined : toWork(row);
    },
    async settleMedia({ message, leaseUntil }, outcome, now) {
      const lease = { messageId: message.id, leaseUntil };
      const event = settledEvent({ ...lease, data: { revised: deps.newId("chg") }, at: now });
      if (outcome.kind === "later") {
        const [rows] = await engine.atomic([later({ ...lease, at: outcome.at })]);
        return rows?.length === 1 ? "later" : "lost";
      }
      if (outcome.kind === "failed") {
        const { code, content } = outcome;
        const [, rows] = await engine.atomic([event, failed({ ...lease, code, content })]);
        return rows?.length === 1 ? "failed" : "lost";
      }
      const { file, content } = outcome;
      const keep = insertFile(
        { ...file, shopId: message.shopId, ownerId: message.conversationId, now },
        { ...lease, contactId: message.contactId, since: now - DAY_MS, room: MAX_DAY_BYTES - file.size },
      );
      const results = await engine.atomic(
        [
          event,
          ...keep,
          stored({ ...lease, fileId: file.id, content }),
          // The lease still stands only if the file did not fit into the contact's day.
          failed({ ...lease, code: "media.quota_exhausted", content: message.content }),
        ],
        [`contact:${message.contactId}`],
      );
      if (results.at(-2)?.length === 1) return "stored";
      return results.at(-1)?.length === 1 ? "failed" : "lost";
    },
    async retryMedia({ shopId, messageId, now }) {
      const [row] = await engine.all(messageById({ id: messageId, shopId }));
      const state = row === undefined ? undefined : toMessage(row).media;
      const values = { shopId, messageId, at: now, untouched: state?.state === "failed" ? 1 : 0 };
      const [, rows] = await engine.atomic([
        retryEvent({ ...values, data: { revised: deps.newId("chg") } }),
        retry(values),
      ]);
      return rows?.length === 1;
    },
    async contactBytesSince(contactId, since) {
      return (await engine.all(bytesOfContact({ contactId, since })))[0]?.bytes ?? 0;
    },
  };
}

function toWork(row: typeof t.messages.$inferSelect): MediaWork {
  // Claimed rows are those with a due time, which only a message with a name for its file has.
  return {
    message: toMessage(row),
    ref: row.mediaRef ?? "",
    tries: row.mediaAttempts ?? 1,
    leaseUntil: row.mediaDueAt ?? 0,
  };
}
