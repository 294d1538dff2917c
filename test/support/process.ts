/** A whole Xiaoer as a process of its own, which a test may kill. */
import { type ChildProcess, spawn } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { ADMIN, connect, type TestServer } from "./server.ts";

/** Far longer than a start takes, since a test's machine may be busy. */
const PATIENCE_MS = 45_000;
const START = fileURLToPath(new URL("../../src/cli/start.ts", import.meta.url));

export interface ServerProcess extends Omit<TestServer, "folder" | "stop"> {
  /** From its start to its first `/readyz` that says yes. */
  readonly readyAfterMs: number;
  readonly pid: number | undefined;
  /** Everything it wrote. */
  output(): string;
  signal(name: NodeJS.Signals): void;
  /** Answers the exit code, null when a signal ended it. */
  readonly exited: Promise<number | null>;
  /** `kill -9`, and waits until it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `node src/cli/start.ts` and waits until it is ready. */
export async function spawnServer(env: Readonly<Record<string, string>>): Promise<ServerProcess> {
  const started = launchServer(env);
  while (
    !(await isReady(started.url)) &&
    started.exitCode() === undefined &&
    performance.now() - started.at < PATIENCE_MS
  )
    await new Promise((resolve) => setTimeout(resolve, 20));
  if (started.exitCode() !== undefined) throw new Error(`The server ended at its start.\n${started.output()}`);
  return { ...started, readyAfterMs: performance.now() - started.at };
}

/** Starts it and does not wait: it may be killed before it is open. */
export function launchServer(env: Readonly<Record<string, string>>) {
  const url = `http://127.0.0.1:${env.PORT}`;
  const at = performance.now();
  const written: string[] = [];
  const child = spawn(process.execPath, [START], {
    env: {
      PATH: process.env.PATH,
      XIAOER_ADMIN_EMAIL: ADMIN.email,
      XIAOER_ADMIN_PASSWORD: ADMIN.password,
      LOG_LEVEL: "error",
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk) => written.push(String(chunk)));
  child.stderr.on("data", (chunk) => written.push(String(chunk)));
  let code: number | null | undefined;
  const exited = new Promise<number | null>((resolve) => {
    child.once("exit", (exit) => {
      code = exit;
      resolve(exit);
    });
  });
  return {
    ...connect(url),
    at,
    pid: child.pid,
    exited,
    exitCode: () => code,
    output: () => written.join(""),
    signal: (name: NodeJS.Signals) => void child.kill(name),
    kill: () => end(child, "SIGKILL", exited).then(() => undefined),
    stop: () => end(child, "SIGTERM", exited),
  };
}

function end(child: ChildProcess, signal: NodeJS.Signals, exited: Promise<number | null>): Promise<number | null> {
  child.kill(signal);
  return exited;
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/readyz`)).ok;
  } catch {
    return false; // not listening yet
  }
}

/** A port nobody listens on, to be used again by each process of a test. */
export function freePort(): Promise<number> {
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
