/** Log lines as JSON on the console, where `wrangler tail` and Workers Logs read them; secrets and personal data left out. */
import type { Logger } from "../core/ports.ts";
import type { WorkerConfig } from "./env.ts";

const LEVELS = ["debug", "info", "warn", "error", "silent"] as const;
const SECRET = new Set([
  "authorization",
  "cookie",
  "token",
  "password",
  "secret",
  "text",
  "phone",
  "email",
  "config",
  "request",
  "response",
]);
const MAX_DEPTH = 5;

export function createLogger(level: WorkerConfig["logLevel"]): Logger {
  const from = LEVELS.indexOf(level);
  const at = (name: (typeof LEVELS)[number] & keyof Logger) => (data: object, message: string) => {
    if (LEVELS.indexOf(name) >= from)
      console[name](JSON.stringify({ level: name, message, ...(redacted(data, 0) as object) }));
  };
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

function redacted(value: unknown, depth: number): unknown {
  if (value instanceof Error) return errorOf(value, depth);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= MAX_DEPTH) return "[deep]";
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, SECRET.has(key) ? "[redacted]" : redacted(field, depth + 1)]),
  );
}

function errorOf(error: Error, depth: number): object {
  const code = "code" in error ? { code: String(error.code) } : {};
  const cause = error.cause instanceof Error && depth < MAX_DEPTH ? { cause: errorOf(error.cause, depth + 1) } : {};
  const stack = error.stack?.split("\n").slice(1, 6).join("\n");
  return {
    name: error.name,
    ...code,
    message: error.message.slice(0, 300),
    ...(stack === undefined ? {} : { stack }),
    ...cause,
  };
}
