/** The lists that join two contacts and part them again. */
import { type SQL, sql } from "drizzle-orm";
import type { IdentityStore } from "../core/ports.ts";
import { auditLock, auditStatement } from "./audit.ts";
import type { Engine } from "./engine.ts";
import { touching } from "./statement.ts";
import * as t from "./tables.ts";

const json = (data: Record<string, unknown>) => sql`${sql.param(data, t.events.data)}`;

/** Who has a session: the further along, the more it would cost to begin anew. */
const rank = (alias: string) =>
  sql.raw(`(case ${alias}.state when 'agent' then 3 when 'queued' then 2 when 'bot' then 1 else 0 end)`);

type Merging = Parameters<IdentityStore["mergeContacts"]>[0] & { readonly id: string };

/** The row of the merge comes first, under the whole condition; everything after it depends on that row. */
export async function mergeContacts(engine: Engine, merging: Merging): Promise<boolean> {
  const { shopId, id, into, from, now, kind = "member", by, reason, verifies, audit } = merging;
  const alive = (contact: string) =>
    sql`exists (select 1 from contacts where id = ${contact} and shop_id = ${shopId} and merged_into is null and erased_at is null)`;
  const able = sql`${into} <> ${from} and ${alive(into)} and ${alive(from)}`;
  const merged = sql`exists (select 1 from merges where id = ${id})`;
  const ofFrom = (column: "member_id" | "level") =>
    sql`(select ${sql.identifier(column)} from contacts where id = ${from})`;
  const item = (columns: SQL, rows: SQL) =>
    touching(sql`insert into merge_items (shop_id, merge_id, kind, ${columns}) ${rows}`);
  /** Not one that `into` has proven as well. */
  const ownProof = sql`not exists (select 1 from proofs o where o.shop_id = proofs.shop_id and o.kind = proofs.kind and o.value = proofs.value and o.contact_id = ${into})`;
  const getsProof = sql`member_id is null and ${ofFrom("member_id")} is not null`;
  const ended = sql`(select row_id from merge_items where merge_id = ${id} and kind = 'closed')`;
  const results = await engine.atomic(
    [
      ...(audit === undefined ? [] : [auditStatement(audit, able)]),
      touching(sql`insert into merges (id, shop_id, into_id, from_id, kind, by_id, by_name, reason, at)
        select ${id}, ${shopId}, ${into}, ${from}, ${kind}, ${by?.id ?? null}, ${by?.name ?? null}, ${reason ?? null}, ${now} where ${able}`),
      item(
        sql`row_id, level, proven_by`,
        sql`select ${shopId}, ${id}, 'identity', id, level, proven_by from identities where contact_id = ${from} and ${merged}`,
      ),
      ...(["conversation", "session", "ticket"] as const).map((what) =>
        item(
          sql`row_id`,
          sql`select ${shopId}, ${id}, ${what}, id from ${sql.identifier(`${what}s`)} where contact_id = ${from} and ${merged}`,
        ),
      ),
      item(
        sql`row_id`,
        sql`select ${shopId}, ${id}, 'proof', kind || ':' || value from proofs where shop_id = ${shopId} and contact_id = ${from} and ${ownProof} and ${merged}`,
      ),
      // The proof goes along, where it does not stand against another.
      item(
        sql`row_id, level, member_id`,
        sql`select ${shopId}, ${id}, 'contact', id, level, member_id from contacts where id = ${into} and ${getsProof} and ${merged}`,
      ),
      // One contact has one open session: the other ends, its messages stay in the one timeline.
      item(
        sql`row_id, state, owner`,
        sql`select ${shopId}, ${id}, 'closed', s.id, s.state, s.owner from sessions s where s.contact_id in (${into}, ${from}) and s.state <> 'closed' and ${merged}
          and exists (select 1 from sessions o where o.contact_id in (${into}, ${from}) and o.id <> s.id and o.state <> 'closed'
            and (${rank("o")} > ${rank("s")} or (${rank("o")} = ${rank("s")} and s.contact_id = ${from})))`,
      ),
      item(
        sql`row_id, owner`,
        sql`select ${shopId}, ${id}, 'message', id, session_id from messages where session_id in ${ended} and decided_at is null`,
      ),
      touching(sql`update contacts set merged_into = ${into} where id = ${from} and ${merged}`),
      touching(sql`update contacts set member_id = ${ofFrom("member_id")}, level = ${ofFrom("level")}
        where id = ${into} and ${getsProof} and ${merged}`),
      touching(
        sql`update sessions set state = 'closed', closed_at = ${now}, closed_by = 'merge', owner_epoch = owner_epoch + 1 where id in ${ended}`,
      ),
      // What nobody has answered yet is answered in the session that stays.
      touching(sql`update messages set session_id = (select id from sessions where contact_id in (${into}, ${from}) and state <> 'closed')
        where session_id in ${ended} and decided_at is null`),
      ...["identities", "conversations", "sessions", "messages", "tickets", "proofs"].map((table) =>
        touching(sql`update ${sql.identifier(table)} set contact_id = ${into} where contact_id = ${from} and ${merged}
          ${table === "proofs" ? sql`and ${ownProof}` : sql``}`),
      ),
      ...(verifies === undefined
        ? []
        : [
            touching(
              sql`update identities set level = 'verified', proven_by = ${kind} where id = ${verifies} and shop_id = ${shopId} and ${merged}`,
            ),
          ]),
      touching(sql`update identities set proven_by = ${kind} where proven_by is null and ${merged}
        and id in (select row_id from merge_items where merge_id = ${id} and kind = 'identity')`),
      touching(sql`insert into events (shop_id, type, conversation_id, session_id, at)
        select shop_id, 'session', conversation_id, id, ${now} from sessions where id in ${ended}`),
      touching(sql`insert into events (shop_id, type, conversation_id, session_id, at)
        select shop_id, 'session', conversation_id, id, ${now} from sessions where contact_id = ${into} and state <> 'closed' and ${merged}`),
      touching(sql`insert into events (shop_id, type, data, at)
        select ${shopId}, 'contact', ${json({ id: into, from, change: "merged", mergeId: id })}, ${now} where ${merged}`),
    ],
    [`contact:${into}`, `contact:${from}`, ...(audit === undefined ? [] : [auditLock(shopId)])],
  );
  return results[audit === undefined ? 0 : 1]?.length === 1;
}

type Parting = Parameters<IdentityStore["unmergeContacts"]>[0] & {
  readonly changeId: string;
  readonly splits: readonly [string, string];
};

/**
 * What was moved goes back; what came since follows the conversation it was said in. Where both wrote in one session, the words of
 * the one it does not stay with get a closed session of their own.
 */
export async function unmergeContacts(
  engine: Engine,
  { into, from, at, ...parting }: Parting & { readonly into: string; readonly from: string; readonly at: number },
): Promise<boolean> {
  const { shopId, mergeId, since, by, reason, audit, now, changeId, splits } = parting;
  const able = sql`exists (select 1 from merges m where m.id = ${mergeId} and m.shop_id = ${shopId} and m.undone_at is null and m.at >= ${since}
    and exists (select 1 from contacts where id = m.from_id and merged_into = m.into_id)
    and exists (select 1 from contacts where id = m.into_id and merged_into is null))`;
  const parted = sql`exists (select 1 from merges where id = ${mergeId} and change_id = ${changeId})`;
  const items = (kind: string) => sql`(select row_id from merge_items where merge_id = ${mergeId} and kind = ${kind})`;
  const was = (kind: string, row: SQL, column: string) =>
    sql`(select ${sql.identifier(column)} from merge_items where merge_id = ${mergeId} and kind = ${kind} and row_id = ${row})`;
  const theirs = items("conversation");
  const back = (table: SQL, where: SQL) =>
    touching(sql`update ${table} set contact_id = ${from} where contact_id = ${into} and ${where} and ${parted}`);
  /** A session whose last words were the other's shows its own last ones again. */
  const lastWords = (contact: string, column: "conversation_id" | "inbox_id" | "channel") =>
    sql`coalesce((select m.${sql.identifier(column)} from messages m where m.session_id = sessions.id and m.contact_id = ${contact}
      order by m.at desc, m.seq desc limit 1), sessions.${sql.identifier(column)})`;
  const settle = (contact: string, other: string) =>
    touching(sql`update sessions set conversation_id = ${lastWords(contact, "conversation_id")}, inbox_id = ${lastWords(contact, "inbox_id")},
      channel = ${lastWords(contact, "channel")}
      where contact_id = ${contact} and ${parted} and exists (select 1 from conversations c where c.id = sessions.conversation_id and c.contact_id = ${other})`);
  const strays = (contact: string, other: string) =>
    sql`m.contact_id = ${contact} and exists (select 1 from sessions s where s.id = m.session_id and s.contact_id = ${other})`;
  const split = (id: string, contact: string, other: string) => [
    touching(sql`insert into sessions (id, shop_id, contact_id, conversation_id, inbox_id, channel, state, owner, owner_epoch, open_reason,
        reopen_count, opened_at, last_inbound_at, last_message_at, closed_at, closed_by, misses, unread)
      select ${id}, l.shop_id, l.contact_id, l.conversation_id, l.inbox_id, l.channel, 'closed', 'bot', 1, 'first',
        0, (select min(m.at) from messages m where ${strays(contact, other)}), l.at, l.at, ${now}, 'merge', 0, 0
      from messages l where ${parted} and l.id = (select m.id from messages m where ${strays(contact, other)} order by m.at desc, m.seq desc limit 1)`),
    touching(sql`update messages set session_id = ${id} where contact_id = ${contact} and ${parted}
      and exists (select 1 from sessions s where s.id = messages.session_id and s.contact_id = ${other})`),
  ];
  const results = await engine.atomic(
    [
      auditStatement(audit, able),
      touching(sql`update merges set undone_at = ${now}, undone_by_id = ${by.id}, undone_by_name = ${by.name}, undone_reason = ${reason}, change_id = ${changeId}
        where id = ${mergeId} and ${able}`),
      touching(sql`update contacts set member_id = ${was("contact", sql`contacts.id`, "member_id")}, level = ${was("contact", sql`contacts.id`, "level")}
        where id = ${into} and id in ${items("contact")} and member_id = (select f.member_id from contacts f where f.id = ${from}) and ${parted}`),
      touching(sql`update contacts set merged_into = null where id = ${from} and ${parted}`),
      touching(sql`update identities set contact_id = ${from}, level = ${was("identity", sql`identities.id`, "level")}, proven_by = ${was("identity", sql`identities.id`, "proven_by")}
        where contact_id = ${into} and id in ${items("identity")} and ${parted}`),
      back(sql`conversations`, sql`id in ${theirs}`),
      back(sql`messages`, sql`conversation_id in ${theirs}`),
      back(sql`sessions`, sql`(id in ${items("session")} or (opened_at > ${at} and conversation_id in ${theirs}))`),
      back(sql`tickets`, sql`id in ${items("ticket")}`),
      touching(sql`update tickets set contact_id = ${from} where contact_id = ${into} and created_at > ${at} and ${parted}
        and exists (select 1 from sessions s where s.id = tickets.session_id and s.contact_id = ${from})`),
      back(sql`proofs`, sql`kind || ':' || value in ${items("proof")}`),
      touching(
        sql`update messages set session_id = ${was("message", sql`messages.id`, "owner")} where id in ${items("message")} and ${parted}`,
      ),
      ...split(splits[0], from, into),
      ...split(splits[1], into, from),
      settle(into, from),
      settle(from, into),
      touching(sql`update sessions set state = ${was("closed", sql`sessions.id`, "state")}, owner = ${was("closed", sql`sessions.id`, "owner")},
          owner_epoch = owner_epoch + 1, closed_at = null, closed_by = null
        where id in ${items("closed")} and state = 'closed' and closed_by = 'merge' and ${parted}
          and not exists (select 1 from sessions o where o.contact_id = sessions.contact_id and o.state <> 'closed')`),
      touching(sql`insert into events (shop_id, type, conversation_id, session_id, at)
        select shop_id, 'session', conversation_id, id, ${now} from sessions where contact_id in (${into}, ${from}) and ${parted}
          and (state <> 'closed' or id in ${items("session")} or id in (${splits[0]}, ${splits[1]}))`),
      touching(sql`insert into events (shop_id, type, data, at)
        select ${shopId}, 'contact', ${json({ id: into, from, change: "unmerged", mergeId })}, ${now} where ${parted}`),
    ],
    [`contact:${into}`, `contact:${from}`, auditLock(shopId)],
  );
  return results[1]?.length === 1;
}
