/** A whole Xiaoer on Cloudflare's own runtime, from the repository's wrangler.toml, on storage of its own; nothing of it leaves this machine. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unstable_startWorker as startWorker } from "wrangler";
import { ADMIN, connect, type TestServer } from "./server.ts";

const START_MS = 30_000;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface TestWorker extends Omit<TestServer, "folder" | "stop"> {
  /** The cron trigger, now. */
  tick(): Promise<void>;
  /** Unloads the object with the shop's streams, as happens after seconds of quiet. */
  hibernate(): Promise<void>;
  /** Any SQL on its database, around the store. */
  query(sql: string): Promise<Record<string, unknown>[]>;
  /** Ends the runtime as it stands; what is not stored is lost. */
  kill(): Promise<void>;
}

export interface WorkerOptions {
  /** Kept between two workers: the machine that is started again. */
  readonly folder: string;
  /** False: jobs are enqueued and nobody takes them. */
  readonly consumes?: boolean;
  readonly vars?: Readonly<Record<string, string>>;
}

export async function workerFolder(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), "xiaoer-worker-"));
  return { folder, remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export async function startTestWorker({ folder, consumes = true, vars = {} }: WorkerOptions): Promise<TestWorker> {
  // No reports, no look-up of where this machine is, no logs in the home folder.
  Object.assign(process.env, {
    WRANGLER_SEND_METRICS: "false",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    WRANGLER_LOG_PATH: join(folder, "logs"),
  });
  const settings = {
    XIAOER_DEMO: "1",
    XIAOER_SECRET: "a secret for tests and nothing else",
    XIAOER_ADMIN_EMAIL: ADMIN.email,
    XIAOER_ADMIN_PASSWORD: ADMIN.password,
    XIAOER_ALLOW_PRIVATE_HOSTS: "127.0.0.1",
    LOG_LEVEL: "silent",
    ...vars,
  };
  const worker = await startWorker({
    config: await writeConfig(folder, consumes),
    bindings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [name, { type: "plain_text", value }]),
    ),
    dev: {
      persist: join(folder, "state"),
      server: { hostname: "127.0.0.1", port: 0 },
      inspector: false,
      watch: false,
      logLevel: "error",
    },
  });
  const url = (await worker.url).origin;
  // The first request starts the runtime itself.
  await within(START_MS, fetch(`${url}/readyz`));
  const runtime = worker.raw.runtimes[0]?.mf;
  if (runtime === undefined) throw new Error("The runtime has not started.");
  return {
    ...connect(url),
    async tick() {
      await (await runtime.getWorker()).scheduled({ cron: "* * * * *" });
    },
    hibernate: () =>
      runtime.unsafeEvictDurableObject("xiaoer", "LiveHub", { name: "default", webSockets: "hibernate" }),
    async query(sql) {
      return (await (await runtime.getD1Database("DB")).prepare(sql).all<Record<string, unknown>>()).results;
    },
    kill: () => worker.dispose(),
  };
}

/** A Worker that cannot be bundled never answers. */
async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error("The Worker did not start: `npx wrangler deploy --dry-run` tells why.")),
      ms,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** The repository's own configuration, with pages that need no build. */
async function writeConfig(folder: string, consumes: boolean): Promise<string> {
  const assets = join(folder, "assets");
  await mkdir(join(assets, "demo"), { recursive: true });
  await writeFile(
    join(assets, "demo/index.html"),
    '<!doctype html><script nonce="__CSP_NONCE__"></script><h1>shop</h1>',
  );
  await writeFile(join(assets, "widget.js"), "// the widget");
  await writeFile(join(assets, "_headers"), await readFile(join(ROOT, "web/_headers")));
  const own = await readFile(join(ROOT, "wrangler.toml"), "utf8");
  const block = (name: string) => new RegExp(`^\\[+${name.replace(".", "\\.")}\\]+\\n(?:[^[\\n].*\\n|\\n)*`, "m");
  const config = (consumes ? own : own.replace(block("queues.consumers"), ""))
    .replace(block("build"), "")
    .replace('main = "src/worker.ts"', `main = ${JSON.stringify(join(ROOT, "src/worker.ts"))}`)
    .replace('directory = "dist/web"', `directory = ${JSON.stringify(assets)}`);
  const path = join(folder, consumes ? "wrangler.toml" : "wrangler.idle.toml");
  await writeFile(path, config);
  return path;
}
