/** A person's data from the command line: handed out, or gone. */
import { writeFileSync } from "node:fs";
import { fromBase64 } from "../core/base64.ts";
import { newId } from "../core/ids.ts";
import type { Task } from "../core/ports.ts";
import { type PrivacyKind, runPrivacy } from "../desk/privacy.ts";
import { SHOP_ID } from "../desk/seed.ts";
import { type Call, type Command, need, UsageError } from "./command.ts";

async function runTask(kind: PrivacyKind, contactId: string, open: Call["open"]) {
  const { desk, store } = await open();
  const id = newId("tsk");
  const input = { contactId, by: "command line" };
  await store.createTask({ id, shopId: SHOP_ID, kind, input, total: 1, now: desk.now() });
  await runPrivacy(desk, id);
  return { store, task: (await store.task(SHOP_ID, id)) as Task };
}

export const exportCommand: Command = {
  name: "export",
  takes: ["<contact>"],
  help: "All that is kept about a person, as one JSON file.",
  options: { out: { type: "string", help: "The file; <contact>.json by default." } },
  async run({ words, options, open }) {
    const contactId = need(words[0], "The contact's id");
    const { store, task } = await runTask("contact.export", contactId, open);
    if (task.state !== "done") return { ok: false, errors: task.errors };
    const file = await store.file(String(task.result?.fileId));
    const out = typeof options.out === "string" ? options.out : `${contactId}.json`;
    if (file !== undefined) {
      writeFileSync(out, fromBase64(file.body), { mode: 0o600 });
      await store.deleteFile(SHOP_ID, file.id);
    }
    return { ok: true, file: out, rows: task.result?.rows };
  },
};

export const eraseCommand: Command = {
  name: "erase",
  takes: ["<contact>"],
  help: "Scrub a person from messages, tickets, files and queues, for good. What figures count stays, empty.",
  options: { yes: { type: "boolean", help: "Really; without it nothing happens." } },
  async run({ words, options, open }) {
    const contactId = need(words[0], "The contact's id");
    if (options.yes !== true) throw new UsageError("An erasure cannot be undone: say --yes.");
    const { task } = await runTask("contact.erase", contactId, open);
    return { ok: task.state === "done", contact: contactId, errors: task.errors };
  },
};
