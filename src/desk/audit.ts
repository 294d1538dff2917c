/** The chain over the audit log: each row's seal covers the one before it, under a key that is not in the database; `security.md` AL-3. */
import type { AuditRow, Store } from "../core/ports.ts";
import type { Seal } from "../core/seal.ts";

const BATCH = 500;
type Log = Pick<Store, "unsealedAudit" | "sealAudit" | "auditPage">;

/** Keys in order, no blanks (RFC 8785 for the values a row has). */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`)
    .join(",")}}`;
}

const sealOf = (seal: Seal, shopId: string, before: string, row: AuditRow) =>
  seal.sign("audit", `${shopId}|${before}|${canonical(row)}`);

/** Seals what is not sealed yet, in order. Two at once compute the same chain. */
export async function sealAudit(store: Log, seal: Seal, shopId: string): Promise<void> {
  for (;;) {
    const { last, rows } = await store.unsealedAudit(shopId, BATCH);
    if (rows.length === 0) return;
    let before = last?.hash ?? "";
    let next = (last?.seq ?? 0) + 1;
    const seals: { seq: number; hash: string }[] = [];
    for (const row of rows) {
      // A gap means rows were taken out; the chain stops there, and `verify` says so.
      if (row.seq !== next) break;
      before = await sealOf(seal, shopId, before, row);
      seals.push({ seq: row.seq, hash: before });
      next += 1;
    }
    await store.sealAudit(shopId, seals);
    if (seals.length < rows.length) return;
  }
}

/** Walks the chain; names the first row that is missing or not what was sealed. */
export async function verifyAudit(
  store: Log,
  seal: Seal,
  shopId: string,
): Promise<{ ok: boolean; rows: number; firstBad?: number; head?: string }> {
  await sealAudit(store, seal, shopId);
  const rows: (AuditRow & { readonly hash?: string })[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.auditPage(shopId, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
    rows.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  let before = "";
  let expected = 1;
  for (const { hash, ...row } of rows.reverse()) {
    const own = row.seq === expected ? await sealOf(seal, shopId, before, row) : undefined;
    if (own === undefined || own !== hash)
      return { ok: false, rows: rows.length, firstBad: Math.min(row.seq, expected) };
    before = own;
    expected += 1;
  }
  return { ok: true, rows: rows.length, ...(before === "" ? {} : { head: before }) };
}
