/** What wrangler.toml binds, and the settings among it. */
import type { D1Database, Fetcher, Queue } from "@cloudflare/workers-types";
import { z } from "zod";
import { ConfigError } from "../core/errors.ts";
import type { Job } from "../desk/deps.ts";
import type { LiveObject, ObjectNamespace } from "../live/durable-hub.ts";
import type { KeeperObject } from "./reminder.ts";

export interface Bindings {
  readonly DB: D1Database;
  readonly JOBS: Queue<Job>;
  readonly LIVE: ObjectNamespace<LiveObject>;
  readonly KEEPER: ObjectNamespace<KeeperObject>;
  readonly ASSETS: Fetcher;
  /** Variables and secrets. */
  readonly [name: string]: unknown;
}

const optional = <T extends z.ZodType>(type: T) =>
  z.preprocess((value) => (value === "" ? undefined : value), type.optional());

const schema = z.object({
  PUBLIC_URL: optional(z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""))),
  XIAOER_SECRET: z.string("set it with `wrangler secret put XIAOER_SECRET`").min(32, "at least 32 characters"),
  XIAOER_ADMIN_EMAIL: optional(z.email()),
  XIAOER_ADMIN_PASSWORD: optional(z.string().min(12, "at least 12 characters").max(128)),
  XIAOER_DEMO: z.enum(["0", "1"]).default("0"),
  XIAOER_ALLOW_PRIVATE_HOSTS: z.string().default(""),
  METRICS_TOKEN: optional(z.string()),
  LOG_LEVEL: z.enum(["debug", "info", "warn", "error", "silent"]).default("info"),
});

export interface WorkerConfig {
  readonly publicUrl: string | undefined;
  readonly secret: string;
  readonly admin: { readonly email?: string; readonly password?: string };
  readonly demo: boolean;
  readonly privateHosts: readonly string[];
  readonly metricsToken: string | undefined;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

/** @throws {ConfigError} `config.invalid`, naming each variable that is wrong */
export function readConfig(env: Readonly<Record<string, unknown>>): WorkerConfig {
  const result = schema.safeParse(env);
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => ({ path: path.join("."), message }));
    throw new ConfigError("config.invalid", issues.map(({ path, message }) => `${path}: ${message}`).join("\n"), {
      issues,
    });
  }
  const given = result.data;
  return {
    publicUrl: given.PUBLIC_URL,
    secret: given.XIAOER_SECRET,
    admin: {
      ...(given.XIAOER_ADMIN_EMAIL === undefined ? {} : { email: given.XIAOER_ADMIN_EMAIL }),
      ...(given.XIAOER_ADMIN_PASSWORD === undefined ? {} : { password: given.XIAOER_ADMIN_PASSWORD }),
    },
    demo: given.XIAOER_DEMO === "1",
    privateHosts: given.XIAOER_ALLOW_PRIVATE_HOSTS.split(",")
      .map((host) => host.trim())
      .filter((host) => host !== ""),
    metricsToken: given.METRICS_TOKEN,
    logLevel: given.LOG_LEVEL,
  };
}
