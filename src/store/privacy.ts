/** What is kept about a person: `personal.ts` says where it stands, here it is read, held and erased. */
import { getTableColumns, sql } from "drizzle-orm";
import type { Content } from "../core/content.ts";
import { isFileContent, isOwnFile } from "../core/media.ts";
import type { PersonalRows, PrivacyStore } from "../core/ports.ts";
import { auditLock, auditStatement } from "./audit.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { PERSONAL, type Personal } from "./personal.ts";
import { present } from "./rows.ts";
import { columnName, db, prepare, prepareRaw, type Statement, touching } from "./statement.ts";
import * as t from "./tables.ts";

const PAGE = 1000;
/** Columns that say nothing about a person. */
const MACHINERY = new Set(["shopId", "changeId", "decisionId", "leaseUntil", "attempts", "seq"]);

export function privacyStore(engine: Engine): PrivacyStore {
  /** Whoever was joined into a contact is the same person. */
  const everyone = async (shopId: string, contactId: string): Promise<readonly string[]> => {
    const all = [contactId];
    for (const id of all) {
      const joined = prepareRaw(sql`select id from contacts where shop_id = ${shopId} and merged_into = ${id}`, {
        id: t.contacts.id,
      });
      for (const row of await engine.all(joined())) if (!all.includes(row.id)) all.push(row.id);
    }
    return all;
  };

  /** Files an agent sent them are the agent's own, and named in messages only. */
  const filesSaid = async (shopId: string, people: readonly string[]): Promise<readonly string[]> => {
    const found = new Set<string>();
    for (const contactId of people) {
      for await (const { rows } of pages("messages", PERSONAL.messages as Personal, { shopId, contactId })) {
        for (const { content } of rows as readonly { readonly content?: Content }[])
          if (content !== undefined && isFileContent(content) && isOwnFile(content.fileId))
            found.add(content.fileId as string);
      }
    }
    return [...found];
  };

  async function* pages(
    name: string,
    { table, of, hidden = [] }: Personal,
    about: Parameters<Personal["of"]>[0],
  ): AsyncIterable<PersonalRows> {
    const ordered = "seq" in table;
    for (let after = 0; ; ) {
      const where = ordered ? sql`${of(about)} and seq > ${after}` : of(about);
      const query = db.select().from(table).where(where);
      const rows = (await engine.all(prepare(ordered ? query.orderBy(sql`seq`).limit(PAGE) : query)())) as Record<
        string,
        unknown
      >[];
      if (rows.length > 0) {
        const shown = rows.map((row) =>
          Object.fromEntries(
            Object.entries(present(row)).filter(([key]) => !hidden.includes(key) && !MACHINERY.has(key)),
          ),
        );
        yield { table: name, rows: shown };
      }
      if (!ordered || rows.length < PAGE) return;
      after = Number(rows.at(-1)?.seq);
    }
  }

  return {
    async *personalRows(shopId, contactId) {
      for (const id of await everyone(shopId, contactId)) {
        for (const [name, personal] of Object.entries(PERSONAL))
          if (personal?.exported === true) yield* pages(name, personal, { shopId, contactId: id });
      }
    },
    async eraseContact({ shopId, contactId, now }, audit) {
      const people = await everyone(shopId, contactId);
      const sent = await filesSaid(shopId, people);
      const theirs = sql.join(
        people.map((id) => sql`${id}`),
        sql`, `,
      );
      // A hold on any one of them keeps them all.
      const free = sql`exists (select 1 from contacts where id = ${contactId} and shop_id = ${shopId})
        and not exists (select 1 from contacts where shop_id = ${shopId} and id in (${theirs}) and legal_hold is not null)`;
      const mark = prepareRaw(
        sql`update contacts set erased_at = ${now} where id in (${theirs}) and shop_id = ${shopId} and ${free} returning id`,
        { id: t.contacts.id },
      )();
      const results = await engine.atomic(
        [
          ...(audit === undefined ? [] : [auditStatement(audit, free)]),
          mark,
          ...sent.flatMap((fileId) => deleteFile(shopId, fileId, sql`${free} and not ${isForEverybody(fileId)}`)),
          ...people.flatMap((id) =>
            // What names others' rows comes before the rows it is found by.
            Object.values(PERSONAL)
              .toReversed()
              .flatMap((personal) => {
                if (personal === null || personal.erase === "keep") return [];
                const { table, of, erase } = personal;
                const where = sql`${of({ shopId, contactId: id })} and ${free}`;
                if (erase === "delete") return [touching(sql`delete from ${table} where ${where}`)];
                const columns = getTableColumns(table);
                const set = Object.entries(erase({ now })).flatMap(([key, value]) => {
                  const column = columns[key];
                  return column === undefined ? [] : [sql`${sql.identifier(columnName(column))} = ${value}`];
                });
                return [touching(sql`update ${table} set ${sql.join(set, sql`, `)} where ${where}`)];
              }),
          ),
        ],
        [...people.map((id) => `contact:${id}`), ...(audit === undefined ? [] : [auditLock(shopId)])],
      );
      await engine.checkpoint?.();
      return rowsOf(mark, results[audit === undefined ? 0 : 1]).length > 0;
    },
    async holdContact({ shopId, contactId, reason }, audit) {
      const known = sql`exists (select 1 from contacts where id = ${contactId} and shop_id = ${shopId})`;
      const hold = touching(
        sql`update contacts set legal_hold = ${reason ?? null} where id = ${contactId} and shop_id = ${shopId}`,
      );
      const results = await engine.atomic(
        [...(audit === undefined ? [] : [auditStatement(audit, known)]), hold],
        audit === undefined ? [] : [auditLock(shopId)],
      );
      return results.at(-1)?.length === 1;
    },
    async deleteFile(shopId, fileId, audit) {
      await engine.atomic(
        [...(audit === undefined ? [] : [auditStatement(audit)]), ...deleteFile(shopId, fileId)],
        audit === undefined ? [] : [auditLock(shopId)],
      );
    },
    async dropExports(before) {
      const old = sql`owner_id like 'export:%' and created_at < ${before}`;
      await engine.atomic([
        touching(sql`delete from file_parts where file_id in (select id from files where ${old})`),
        touching(sql`delete from files where ${old}`),
      ]);
    },
  };
}

/** An answer's picture, which every shopper is shown. */
const isForEverybody = (fileId: string) =>
  sql`exists (select 1 from files f where f.id = ${fileId} and f.owner_id like 'articles:%')`;

function deleteFile(shopId: string, fileId: string, where = sql`1 = 1`): readonly Statement[] {
  return [
    touching(sql`delete from file_parts where shop_id = ${shopId} and file_id = ${fileId} and ${where}`),
    touching(sql`delete from files where shop_id = ${shopId} and id = ${fileId} and ${where}`),
  ];
}
