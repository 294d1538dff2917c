/** The servers under load, each a process of its own on a database of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newId } from "../../src/core/ids.ts";
import { loadMigrations } from "../../src/node/files.ts";
import { openSqlite } from "../../src/store/engines/better-sqlite3.ts";
import { createStore } from "../../src/store/store.ts";
import type { BenchArticle } from "../support/shop.ts";

export const TOKEN = "123456:TEST-token-of-a-fake-bot-0123456789";
export const SECRET = "s".repeat(40);
const ADMIN = { email: "admin@shop.test", password: "correct-horse-battery" };

export interface Served {
  readonly url: string;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

interface Options {
  readonly port: number;
  readonly platform: string;
  readonly articles: readonly BenchArticle[];
  /** For `node`, as in `--cpu-prof`. */
  readonly flags?: readonly string[];
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** A database with the shop's articles and nothing else. */
async function prepareDatabase(
  articles: readonly BenchArticle[],
): Promise<{ readonly folder: string; readonly file: string }> {
  const folder = mkdtempSync(join(tmpdir(), "xiaoer-bench-"));
  const file = join(folder, "xiaoer.db");
  const engine = openSqlite(file);
  await engine.migrate(loadMigrations("sqlite"));
  const store = createStore(engine, { newId });
  await store.createShop({
    id: "default",
    name: "Bench",
    locale: "zh-CN",
    timeZone: "Asia/Shanghai",
    settings: {},
    now: Date.now(),
  });
  const drafts = articles.map(({ id, ...draft }) => ({
    id,
    draft: { ...draft, answers: [], locale: "zh-CN", category: "bench" },
  }));
  await store.saveArticles({
    shopId: "default",
    articles: drafts as never,
    publish: true,
    by: "bench",
    now: Date.now(),
  });
  await store.close();
  return { folder, file };
}

function run(
  flags: readonly string[],
  entry: string,
  args: readonly string[],
  env: Record<string, string>,
  folder: string,
) {
  const child = spawn(process.execPath, [...flags, entry, ...args], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { PATH: process.env.PATH, ...env },
  });
  return {
    child,
    said: (word: string) =>
      new Promise<void>((resolve, reject) => {
        child.stdout?.on("data", (chunk) => {
          if (String(chunk).includes(word)) resolve();
          // A server under load has nothing to say, or something is wrong.
          else if (String(chunk).startsWith("{")) process.stderr.write(chunk);
        });
        child.once("exit", (code) => reject(new Error(`A server ended with ${code}.`)));
      }),
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export async function startBare({ port, platform, articles, flags = [] }: Options): Promise<Served> {
  const { folder, file } = await prepareDatabase(articles);
  const setting = join(folder, "bare.json");
  writeFileSync(setting, JSON.stringify({ file, port, platform, token: TOKEN, secret: SECRET, articles }));
  const { child, said, stop } = run(flags, path("bare.ts"), [setting], {}, folder);
  await said("open");
  return { url: `http://127.0.0.1:${port}/webhooks/tg`, child, stop };
}

export async function startXiaoer({ port, platform, articles, flags = [] }: Options): Promise<Served> {
  const { folder, file } = await prepareDatabase(articles);
  const env = {
    PORT: String(port),
    DATABASE_URL: `file:${file}`,
    XIAOER_DEMO: "0",
    XIAOER_ALLOW_PRIVATE_HOSTS: "127.0.0.1",
    XIAOER_ADMIN_EMAIL: ADMIN.email,
    XIAOER_ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: "warn",
  };
  const { child, said, stop } = run(flags, path("../../src/cli/start.ts"), [], env, folder);
  await said("is open");
  const call = async (route: string, body: unknown, token?: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${route}`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${route} answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as Record<string, unknown>;
  };
  const { token } = await call("/v1/auth/login", ADMIN);
  const config = { token: TOKEN, secretToken: SECRET, apiRoot: platform };
  await call("/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config }, String(token));
  return { url: `http://127.0.0.1:${port}/webhooks/tg`, child, stop };
}

/** User and system time of a process so far, where the system tells (Linux); else not a number. */
export function cpuSecondsOf({ child }: Served): number {
  try {
    const fields = readFileSync(`/proc/${child.pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return Number.NaN; // no /proc here
  }
}
