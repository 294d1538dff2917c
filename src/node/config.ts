import { z } from "zod";

const flag = z.enum(["0", "1"]).transform((value) => value === "1");

const schema = z
  .object({
    PORT: z.coerce.number().int().min(0).max(65_535).default(8787),
    HOST: z.string().min(1).default("127.0.0.1"),
    PUBLIC_URL: z
      .url({ protocol: /^https?$/ })
      .transform((url) => url.replace(/\/+$/, ""))
      .optional(),
    DATABASE_URL: z
      .string()
      .regex(/^(file:.+|postgres(ql)?:\/\/.+)$/, "file:PATH or postgres://…")
      .default("file:data/xiaoer.db"),
    XIAOER_SECRET: z.string().min(32, "at least 32 characters").optional(),
    XIAOER_ADMIN_EMAIL: z.email().optional(),
    XIAOER_ADMIN_PASSWORD: z.string().min(12, "at least 12 characters").max(128).optional(),
    XIAOER_DEMO: flag.optional(),
    XIAOER_ALLOW_PRIVATE_HOSTS: z.string().optional(),
    XIAOER_CONFIG: z.string().optional(),
    XIAOER_RECORD_WEBHOOKS: z.coerce.number().int().min(0).max(200).default(0),
    METRICS_TOKEN: z.string().min(1).optional(),
    LOG_LEVEL: z.enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"]).default("info"),
    NODE_ENV: z.string().optional(),
  })
  .refine((env) => env.NODE_ENV !== "production" || env.XIAOER_SECRET !== undefined, {
    path: ["XIAOER_SECRET"],
    message: "required when NODE_ENV=production",
  });

export interface NodeConfig {
  readonly port: number;
  readonly host: string;
  readonly publicUrl: string | undefined;
  readonly database:
    | { readonly kind: "sqlite"; readonly path: string }
    | { readonly kind: "postgres"; readonly url: string };
  readonly secret: string | undefined;
  readonly admin: { readonly email?: string; readonly password?: string };
  readonly demo: boolean;
  readonly privateHosts: readonly string[];
  readonly configFile: string | undefined;
  /** How many webhooks of each inbox a demo keeps for `xiaoer record`. */
  readonly recordWebhooks: number;
  readonly metricsToken: string | undefined;
  readonly logLevel: string;
}

/** @throws {Error} one line for each variable that is wrong */
export function readConfig(env: Readonly<Record<string, string | undefined>>): NodeConfig {
  const result = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== "")));
  if (!result.success)
    throw new Error(result.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`).join("\n"));
  const given = result.data;
  const demo = given.XIAOER_DEMO ?? given.NODE_ENV !== "production";
  const hosts = given.XIAOER_ALLOW_PRIVATE_HOSTS ?? (demo ? "127.0.0.1" : "");
  return {
    port: given.PORT,
    host: given.HOST,
    publicUrl: given.PUBLIC_URL,
    database: given.DATABASE_URL.startsWith("file:")
      ? { kind: "sqlite", path: given.DATABASE_URL.slice("file:".length) }
      : { kind: "postgres", url: given.DATABASE_URL },
    secret: given.XIAOER_SECRET,
    admin: {
      ...(given.XIAOER_ADMIN_EMAIL === undefined ? {} : { email: given.XIAOER_ADMIN_EMAIL }),
      ...(given.XIAOER_ADMIN_PASSWORD === undefined ? {} : { password: given.XIAOER_ADMIN_PASSWORD }),
    },
    demo,
    privateHosts: hosts
      .split(",")
      .map((host) => host.trim())
      .filter((host) => host !== ""),
    configFile: given.XIAOER_CONFIG,
    recordWebhooks: given.XIAOER_RECORD_WEBHOOKS,
    metricsToken: given.METRICS_TOKEN,
    logLevel: given.LOG_LEVEL,
  };
}
