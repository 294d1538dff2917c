import { readFileSync, writeFileSync } from "node:fs";
import { newId } from "../core/ids.ts";
import type { Inbox, Role } from "../core/ports.ts";
import { type ImportFormat, parseImport, readImport } from "../desk/articles.ts";
import { EXPORT_FORMATS, exportArticles } from "../desk/export-articles.ts";
import { runImport } from "../desk/import-articles.ts";
import { SHOP_ID, seedShop } from "../desk/seed.ts";
import type { Deployment } from "../node/open.ts";
import { type Command, need, UsageError } from "./command.ts";
import { conform } from "./conform.ts";
import { createChannel } from "./create-channel.ts";
import { doctor } from "./doctor.ts";
import { eraseCommand, exportCommand } from "./privacy.ts";
import { record } from "./record.ts";
import { simulate } from "./simulate.ts";

const ROLES: readonly Role[] = ["agent", "supervisor", "editor", "admin", "auditor"];

async function opened(open: () => Promise<Deployment>): Promise<Deployment> {
  const deployment = await open();
  await seedShop(
    { ...deployment, newId, now: deployment.desk.now, hash: deployment.passwords.hash },
    deployment.config.demo,
  );
  return deployment;
}

const start: Command = {
  name: "start",
  help: "Serve the shop. What it needs to know is in the environment.",
  async run() {
    // The other commands need none of the server.
    const { startServer } = await import("./server.ts");
    await startServer();
    await new Promise(() => undefined);
  },
};

const migrate: Command = {
  name: "migrate",
  help: "Bring the database to this version.",
  async run({ open }) {
    const { store } = await open();
    return { applied: await store.appliedMigrations() };
  },
};

const userAdd: Command = {
  name: "user add",
  takes: ["<email>"],
  help: "Add someone who can log in.",
  options: {
    name: { type: "string", help: "Their name." },
    role: { type: "string", help: `${ROLES.join(", ")}; agent by default.` },
    password: {
      type: "string",
      help: "12 to 128 characters; XIAOER_PASSWORD in the environment keeps it out of the history.",
    },
  },
  async run({ words, options, open, env }) {
    const email = need(words[0], "The e-mail");
    const password = need(options.password ?? env.XIAOER_PASSWORD, "The password");
    const role = ROLES.find((one) => one === (options.role ?? "agent"));
    if (role === undefined) throw new UsageError(`The role is one of ${ROLES.join(", ")}.`);
    if (password.length < 12 || password.length > 128) throw new UsageError("A password has 12 to 128 characters.");
    const { store, passwords, desk } = await opened(open);
    const id = newId("usr");
    const name = typeof options.name === "string" ? options.name : email;
    const made = await store.createUser(
      {
        id,
        shopId: SHOP_ID,
        email,
        name,
        role,
        groups: [],
        passwordHash: await passwords.hash(password),
        createdAt: desk.now(),
      },
      {
        shopId: SHOP_ID,
        at: desk.now(),
        actor: "command line",
        action: "user.create",
        target: id,
        result: "ok",
        data: { role },
      },
    );
    return made ? { ok: true, id, email, role } : { ok: false, error: "Somebody has this e-mail already." };
  },
};

const inboxAdd: Command = {
  name: "inbox add",
  takes: ["<channel>"],
  help: "Open an inbox; its configuration is a JSON file or standard input.",
  options: {
    id: { type: "string", help: "Its id, part of the webhook URL." },
    name: { type: "string", help: "What agents see." },
    config: { type: "string", help: "A JSON file, or - for standard input." },
  },
  async run({ words, options, open }) {
    const channel = need(words[0], "The channel");
    const file = need(options.config, "--config");
    const { inboxes, store, desk, publicUrl } = await opened(open);
    const config = inboxes.check(channel, JSON.parse(readFileSync(file === "-" ? 0 : file, "utf8")));
    const base = { id: typeof options.id === "string" ? options.id : newId("inb"), shopId: SHOP_ID, channel };
    const inbox: Inbox = {
      ...base,
      name: typeof options.name === "string" ? options.name : channel,
      config: await inboxes.sealConfig(base, config),
      state: "active",
      version: 1,
      createdAt: desk.now(),
    };
    const made = await store.createInbox(inbox, {
      shopId: SHOP_ID,
      at: desk.now(),
      actor: "command line",
      action: "inbox.create",
      target: inbox.id,
      result: "ok",
      data: { channel },
    });
    return made
      ? { ok: true, id: inbox.id, webhookUrl: `${publicUrl}/webhooks/${inbox.id}` }
      : { ok: false, error: "An inbox with this id exists." };
  },
};

const inboxList: Command = {
  name: "inbox list",
  help: "All inboxes and how they are.",
  async run({ open }) {
    const { store } = await opened(open);
    return (await store.inboxes(SHOP_ID)).map(({ id, channel, name, state }) => ({ id, channel, name, state }));
  },
};

const inboxCheck: Command = {
  name: "inbox check",
  takes: ["<id>"],
  help: "Ask the platform whether an inbox is set up.",
  async run({ words, open }) {
    const { inboxes, publicUrl } = await opened(open);
    const running = await inboxes.get(need(words[0], "The inbox"));
    if (running === undefined) return { ok: false, error: "There is no such inbox." };
    const checks = (await running.adapter.check?.({ webhookUrl: `${publicUrl}/webhooks/${running.inbox.id}` })) ?? [];
    return { ok: checks.every((check) => check.ok), checks };
  },
};

function formatOf(file: string): ImportFormat {
  const ending = /\.(csv|json|xlsx)$/i.exec(file)?.[1]?.toLowerCase();
  return ending === "csv" || ending === "json" || ending === "xlsx" ? ending : "ndjson";
}

const knowledgeImport: Command = {
  name: "knowledge import",
  takes: ["<file>"],
  help: "Import articles from NDJSON, CSV, JSON or XLSX, by the file's ending: all of them or, when one is bad, none.",
  options: {
    publish: { type: "boolean", help: "Tell shoppers at once." },
    "dry-run": { type: "boolean", help: "Only say what would happen." },
    "skip-invalid": { type: "boolean", help: "Import the good lines all the same." },
  },
  async run({ words, options, open }) {
    const file = need(words[0], "The file");
    const { desk, store } = await opened(open);
    const source = await readImport(new Uint8Array(readFileSync(file)), formatOf(file));
    const parsed = await parseImport(source.body, source.format, {
      check: () => undefined,
      newId,
    });
    const taskId = newId("tsk");
    await store.createTask({
      id: taskId,
      shopId: SHOP_ID,
      kind: "knowledge.import",
      input: { by: "command line" },
      total: parsed.rows,
      now: desk.now(),
    });
    await runImport(desk, {
      taskId,
      shopId: SHOP_ID,
      parsed,
      dryRun: options["dry-run"] === true,
      publish: options.publish === true,
      skipInvalid: options["skip-invalid"] === true,
      by: "command line",
    });
    const task = await store.task(SHOP_ID, taskId);
    return { ok: task?.state === "done", ...task?.result, errors: task?.errors ?? [] };
  },
};

const knowledgeExport: Command = {
  name: "knowledge export",
  help: "All articles.",
  options: {
    format: { type: "string", help: "ndjson (default), csv, json or xlsx." },
    out: { type: "string", help: "A file; standard output by default." },
  },
  async run({ options, open }) {
    const format = EXPORT_FORMATS.find((known) => known === (options.format ?? "ndjson"));
    if (format === undefined) throw new UsageError(`The format is one of ${EXPORT_FORMATS.join(", ")}.`);
    const { desk } = await opened(open);
    const file = new Uint8Array(await new Response(await exportArticles(desk, SHOP_ID, format)).arrayBuffer());
    if (typeof options.out === "string") writeFileSync(options.out, file);
    else process.stdout.write(file);
    return undefined;
  },
};

const knowledgeMatch: Command = {
  name: "knowledge match",
  takes: ["<question>"],
  help: "What the bot would answer, and why.",
  options: { locale: { type: "string", help: "zh-CN, zh-TW, en, ja; told from the text by default." } },
  async run({ words, options, open }) {
    const { desk } = await opened(open);
    const locale = typeof options.locale === "string" ? { locale: options.locale } : {};
    const { decision, matches } = await desk.knowledge.match({
      shopId: SHOP_ID,
      text: need(words.join(" "), "The question"),
      limit: 5,
      now: desk.now(),
      ...locale,
    });
    return {
      decision,
      matches: matches.map(({ articleId, article, score, why }) => ({
        articleId,
        question: article.question,
        score,
        why: why.map(({ term, via }) => `${term} (${via})`).join(", "),
      })),
    };
  },
};

const doctorCommand: Command = {
  name: "doctor",
  help: "Look at everything a deployment needs and say what is wrong.",
  run: ({ open, env }) => doctor(open, env),
};

export const commands: readonly Command[] = [
  start,
  migrate,
  doctorCommand,
  userAdd,
  inboxAdd,
  inboxList,
  inboxCheck,
  knowledgeImport,
  knowledgeExport,
  knowledgeMatch,
  exportCommand,
  eraseCommand,
  conform,
  createChannel,
  simulate,
  record,
];
