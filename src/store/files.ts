/** Files in rows: the first part with what is known of them, the rest beside it. */
import { and, asc, eq, type SQL, sql } from "drizzle-orm";
import type { StoredFile } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "./statement.ts";
import * as t from "./tables.ts";

/** Characters of base64 in one row: whole groups of four, and well inside D1's 2 MB. */
const PART = 1_200_000;

const fields = ["id", "shopId", "ownerId", "name", "mime", "size", "body", "createdAt"] as const;
const insertFile = (where?: SQL) =>
  prepareInsertWhere(t.files, fields, {
    returning: { id: t.files.id },
    conflict: "fail",
    ...(where === undefined ? {} : { where }),
  });
const insertAlways = insertFile();
const insertPart = prepareInsertWhere(t.fileParts, ["shopId", "fileId", "part", "body"], {
  where: sql`exists (select 1 from files where id = ${$("fileId")})`,
  returning: { part: t.fileParts.part },
});
const byId = prepare(
  db
    .select()
    .from(t.files)
    .where(eq(t.files.id, $("id"))),
);
const infoById = prepare(
  db
    .select({
      id: t.files.id,
      shopId: t.files.shopId,
      ownerId: t.files.ownerId,
      name: t.files.name,
      mime: t.files.mime,
      size: t.files.size,
    })
    .from(t.files)
    .where(eq(t.files.id, $("id"))),
);
const partsOf = prepare(
  db
    .select({ body: t.fileParts.body })
    .from(t.fileParts)
    .where(and(eq(t.fileParts.fileId, $("id")), eq(t.fileParts.shopId, $("shopId"))))
    .orderBy(asc(t.fileParts.part)),
);

export type NewFile = StoredFile & { readonly shopId: string; readonly ownerId: string; readonly now: number };

/** A file kept if a condition holds: `values` fills it in. */
export function prepareFileWhere(where: SQL) {
  const insert = insertFile(where);
  return (file: NewFile, values: Readonly<Record<string, unknown>>) => statements(file, insert, values);
}

/** A file kept, for an `atomic` list. */
export const fileStatements = (file: NewFile): readonly Statement[] => statements(file, insertAlways, {});

function statements(
  { now, body, ...file }: NewFile,
  insert: typeof insertAlways,
  values: Readonly<Record<string, unknown>>,
): readonly Statement[] {
  const rest = Array.from({ length: Math.max(0, Math.ceil(body.length / PART) - 1) }, (_, index) => index + 1);
  return [
    insert({ ...values, ...file, body: body.slice(0, PART), createdAt: now }),
    ...rest.map((part) =>
      insertPart({ shopId: file.shopId, fileId: file.id, part, body: body.slice(part * PART, (part + 1) * PART) }),
    ),
  ];
}

export async function readFile(engine: Engine, id: string) {
  const [row] = await engine.all(byId({ id }));
  if (row === undefined || row.body.length < PART) return row;
  const rest = await engine.all(partsOf({ id, shopId: row.shopId }));
  return { ...row, body: [row.body, ...rest.map(({ body }) => body)].join("") };
}

export async function readFileInfo(engine: Engine, id: string) {
  return (await engine.all(infoById({ id })))[0];
}
