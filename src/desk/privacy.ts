/** What a person may ask of us: all that is kept about them in one file, or that it be gone. */

import { toBase64 } from "../core/base64.ts";
import { NotFoundError } from "../core/errors.ts";
import type { NewAudit, Task } from "../core/ports.ts";
import type { Deps } from "./deps.ts";

/** How long an export can be fetched, and is kept. `security.md` §14 */
export const EXPORT_MS = 24 * 3_600_000;
const KINDS = ["contact.export", "contact.erase"] as const;
export type PrivacyKind = (typeof KINDS)[number];

interface Request {
  readonly shopId: string;
  readonly contactId: string;
  readonly by: { readonly id: string; readonly name: string };
}

/** A row first, so that it is done whatever happens to this process; then at once. */
export async function requestPrivacy(deps: Deps, kind: PrivacyKind, request: Request): Promise<string> {
  const { shopId, contactId, by } = request;
  const id = deps.newId("tsk");
  await deps.store.createTask({ id, shopId, kind, input: { contactId, by: by.id }, total: 1, now: deps.now() });
  deps.background(runPrivacy(deps, id));
  return id;
}

/** Takes up what nobody works on: all of it when no task is named. */
export async function runPrivacy(deps: Deps, id?: string): Promise<void> {
  const task = await deps.store.claimTask({ now: deps.now(), kinds: KINDS, ...(id === undefined ? {} : { id }) });
  if (task === undefined) return;
  try {
    const result = task.kind === "contact.export" ? await exportContact(deps, task) : await eraseContact(deps, task);
    await deps.store.updateTask(task.id, { state: "done", done: 1, result, now: deps.now() });
  } catch (error) {
    const known = error instanceof NotFoundError;
    if (!known) deps.log.error({ err: error, task: task.id, kind: task.kind }, "a privacy task failed");
    const told = known
      ? { code: error.code, message: error.message }
      : { code: "internal", message: "It could not be finished; ask again." };
    await deps.store.updateTask(task.id, { state: "failed", errors: [told], now: deps.now() });
  }
  if (id === undefined) await runPrivacy(deps);
}

const contactOf = (task: Task) => String(task.input.contactId);

async function exportContact(deps: Deps, task: Task): Promise<Record<string, unknown>> {
  const { store } = deps;
  const contactId = contactOf(task);
  const tables: Record<string, Record<string, unknown>[]> = {};
  for await (const { table, rows } of store.personalRows(task.shopId, contactId)) {
    tables[table] ??= [];
    tables[table].push(...rows.map(readable));
  }
  if (tables.contacts === undefined) throw new NotFoundError("contact.not_found", "There is no such contact.");
  const until = deps.now() + EXPORT_MS;
  const link = async (fileId: string) => `${deps.publicUrl()}${await deps.filePath(fileId, EXPORT_MS)}`;
  for (const file of tables.files ?? []) file.url = await link(String(file.id));
  const document = { exportedAt: new Date(deps.now()).toISOString(), contactId, ...tables };
  const bytes = new TextEncoder().encode(JSON.stringify(document, null, 2));
  const id = deps.newId("fil");
  await store.saveFile({
    id,
    shopId: task.shopId,
    ownerId: `export:${contactId}`,
    name: `${contactId}.json`,
    mime: "application/json",
    size: bytes.length,
    body: toBase64(bytes),
    now: deps.now(),
  });
  const rows = Object.fromEntries(Object.entries(tables).map(([table, { length }]) => [table, length]));
  return { fileId: id, size: bytes.length, rows, until: new Date(until).toISOString() };
}

async function eraseContact(deps: Deps, task: Task): Promise<Record<string, unknown>> {
  const contactId = contactOf(task);
  const audit: NewAudit = {
    shopId: task.shopId,
    at: deps.now(),
    actor: String(task.input.by),
    action: "contact.erase",
    target: contactId,
    result: "ok",
    data: { task: task.id },
  };
  const conversations = (await deps.store.identitiesOf(task.shopId, contactId)).map((one) => one.conversationId);
  const done = await deps.store.eraseContact({ shopId: task.shopId, contactId, now: deps.now() }, audit);
  if (!done) throw new NotFoundError("contact.not_erased", "There is no such contact, or a legal hold is on it.");
  deps.hub.wake(task.shopId, conversations);
  return { contactId };
}

/** Times as people and other programs read them. */
function readable(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => [
      key,
      typeof value === "number" && /(^at|At|Since)$/.test(key) ? new Date(value).toISOString() : value,
    ]),
  );
}
