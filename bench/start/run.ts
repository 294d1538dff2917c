/** From `node` to the first answer a shopper reads, and what the process holds when nobody asks it anything. */

import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median, ms, printTable } from "../support/table.ts";

const RUNS = 5;
const PORT = 18_703;
const ENTRY = fileURLToPath(new URL("../../src/cli/start.ts", import.meta.url));
const url = `http://127.0.0.1:${PORT}`;

interface Started {
  readonly readyMs: number;
  readonly answerMs: number;
  readonly idleMb: number;
}

async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (;;) {
    const found = await look().catch(() => undefined); // not listening yet
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const call = async (path: string, options: { readonly token?: string; readonly body?: unknown } = {}) => {
  const response = await fetch(url + path, {
    method: options.body === undefined ? "GET" : "POST",
    headers: {
      "content-type": "application/json",
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  return (await response.json()) as Record<string, never>;
};

async function startOnce(folder: string): Promise<Started> {
  const env = {
    PATH: process.env.PATH,
    PORT: String(PORT),
    DATABASE_URL: `file:${join(folder, "xiaoer.db")}`,
    LOG_LEVEL: "silent",
  };
  const begun = performance.now();
  const child = spawn(process.execPath, [ENTRY], { env, stdio: "ignore" });
  try {
    await until(async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined));
    const readyMs = performance.now() - begun;
    const { token, cursor } = await call("/v1/visitor/sessions", { body: { inboxId: "web" } });
    await call("/v1/visitor/messages", {
      token,
      body: { clientId: crypto.randomUUID(), content: { type: "text", text: "多久发货" } },
    });
    await until(async () => {
      const { items } = await call(`/v1/visitor/messages?after=${cursor}`, { token });
      return (items as unknown as readonly { readonly direction: string }[]).find(
        ({ direction }) => direction === "outbound",
      );
    });
    const answerMs = performance.now() - begun;
    await new Promise((resolve) => setTimeout(resolve, 2000));
    return { readyMs, answerMs, idleMb: residentMb(child.pid) };
  } finally {
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await gone;
  }
}

/** Where the system tells (Linux). */
function residentMb(pid: number | undefined): number {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
  } catch {
    return Number.NaN; // no /proc here
  }
}

const folder = mkdtempSync(join(tmpdir(), "xiaoer-start-"));
try {
  const first = await startOnce(folder);
  const again: Started[] = [];
  for (let i = 0; i < RUNS; i += 1) again.push(await startOnce(folder));
  const row = (name: string, runs: readonly Started[]) => [
    name,
    ms(median(runs.map(({ readyMs }) => readyMs))),
    ms(median(runs.map(({ answerMs }) => answerMs))),
    `${median(runs.map(({ idleMb }) => idleMb)).toFixed(0)} MB`,
  ];
  printTable(
    "Start",
    ["", "ready", "first answer", "idle memory"],
    [row("empty disk: migrations, admin, starter articles", [first]), row(`again, median of ${RUNS}`, again)],
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
