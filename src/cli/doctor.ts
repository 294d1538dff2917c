import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "../core/adapter.ts";
import { verifyAudit } from "../desk/audit.ts";
import { SHOP_ID } from "../desk/seed.ts";
import { ROOT } from "../node/files.ts";
import type { Deployment } from "../node/open.ts";

/** One line for each thing that must be right before shoppers come. */
export async function doctor(
  open: () => Promise<Deployment>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ readonly ok: boolean; readonly checks: readonly Check[] }> {
  const checks: Check[] = [{ check: "node", ok: true, detail: process.versions.node }];
  const built = existsSync(join(ROOT, "dist/web/desk/index.html")) && existsSync(join(ROOT, "dist/web/widget.js"));
  checks.push({ check: "pages", ok: built, detail: built ? "built" : "not built; run npm run build" });
  try {
    const deployment = await open();
    const { store, seal, config, inboxes } = deployment;
    checks.push({ check: "database", ok: true, detail: config.database.kind });
    const applied = await store.appliedMigrations();
    const missing = deployment.migrations.filter((tag) => !applied.includes(tag));
    const newer = applied.filter((tag) => !deployment.migrations.includes(tag));
    checks.push({
      check: "migrations",
      ok: missing.length === 0 && newer.length === 0,
      detail: newer.length > 0 ? `the database is newer: ${newer.join(", ")}` : `${applied.length} applied`,
    });
    checks.push({
      check: "secret",
      ok: config.secret !== undefined || env.NODE_ENV !== "production",
      detail: config.secret === undefined ? "kept beside the database" : "from the environment",
    });
    for (const inbox of await store.inboxes(SHOP_ID)) {
      const running = await inboxes.get(inbox.id).catch(() => undefined); // the line says so
      checks.push({
        check: `inbox ${inbox.id}`,
        ok: running !== undefined && inbox.state === "active",
        detail: running === undefined ? "cannot start with its configuration" : (inbox.stateDetail ?? inbox.state),
      });
    }
    const chain = await verifyAudit(store, seal, SHOP_ID);
    checks.push({
      check: "audit",
      ok: chain.ok,
      detail: chain.ok ? `${chain.rows} rows, whole` : `broken at row ${chain.firstBad}`,
    });
    const outbox = await store.outboxStats(Date.now());
    checks.push({ check: "outbox", ok: outbox.dead === 0, detail: `${outbox.pending} due, ${outbox.dead} dead` });
  } catch (error) {
    checks.push({ check: "database", ok: false, detail: error instanceof Error ? error.message : "cannot be opened" });
  }
  return { ok: checks.every((check) => check.ok), checks };
}
