/** The compact copy of a large shop's index: one for each shop, kept as a file in rows. */
import { eq, sql } from "drizzle-orm";
import type { IndexSnapshotStore } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { prepareFileWhere, readFile } from "./files.ts";
import { $, db, prepare, prepareInsertWhere, touching } from "./statement.ts";
import * as t from "./tables.ts";

const ownerOf = (shopId: string) => `index:${shopId}`;
const isNamed = sql`exists (select 1 from index_snapshots where shop_id = ${$("shopId")} and file_id = ${$("id")})`;

/** Of two processes that made one at once the newer stays, and the same is not kept twice. */
const name = prepareInsertWhere(t.indexSnapshots, ["shopId", "fileId", "mark", "kind"], {
  conflict: sql`on conflict (shop_id) do update set file_id = excluded.file_id, mark = excluded.mark, kind = excluded.kind
    where excluded.mark > index_snapshots.mark or (excluded.mark = index_snapshots.mark and excluded.kind <> index_snapshots.kind)`,
  returning: { shopId: t.indexSnapshots.shopId },
});
const insertNamed = prepareFileWhere(isNamed);
const named = prepare(
  db
    .select()
    .from(t.indexSnapshots)
    .where(eq(t.indexSnapshots.shopId, $("shopId"))),
);

export function indexSnapshotStore(engine: Engine, { newId }: { readonly newId: (prefix: string) => string }) {
  const store: IndexSnapshotStore = {
    async saveIndexSnapshot({ shopId, mark, kind, size, body, now }) {
      const id = newId("idx");
      const ownerId = ownerOf(shopId);
      const old = sql`select id from files where shop_id = ${shopId} and owner_id = ${ownerId}
        and id not in (select file_id from index_snapshots where shop_id = ${shopId})`;
      const file = { id, shopId, ownerId, name: "index", mime: "application/octet-stream", size, body, now };
      await engine.atomic([
        name({ shopId, fileId: id, mark, kind }),
        ...insertNamed(file, {}),
        touching(sql`delete from file_parts where shop_id = ${shopId} and file_id in (${old})`),
        touching(sql`delete from files where shop_id = ${shopId} and id in (${old})`),
      ]);
    },
    async indexSnapshot(shopId, kind) {
      const [row] = await engine.all(named({ shopId }));
      const file = row?.kind === kind ? await readFile(engine, row.fileId) : undefined;
      return row === undefined || file === undefined ? undefined : { mark: row.mark, body: file.body };
    },
  };
  return store;
}
