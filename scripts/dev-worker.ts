/** `npm run dev:worker`: the Cloudflare home on this machine, offline: workerd, D1, Queues and Durable Objects, kept in `.wrangler/state`. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { unstable_startWorker as startWorker } from "wrangler";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SECRETS = join(ROOT, ".dev.vars");
const port = Number(process.env.PORT ?? 8787);

// No reports, and no look-up of where this machine is.
process.env.WRANGLER_SEND_METRICS ??= "false";
process.env.CLOUDFLARE_CF_FETCH_ENABLED ??= "false";

/** Wrangler's own file for secrets of development; made once, since what is sealed with one secret opens with no other. */
function readSecrets(): Readonly<Record<string, string>> {
  if (!existsSync(SECRETS)) {
    const made = {
      XIAOER_SECRET: randomBytes(32).toString("base64url"),
      XIAOER_ADMIN_PASSWORD: randomBytes(12).toString("base64url"),
    };
    writeFileSync(
      SECRETS,
      Object.entries(made)
        .map(([name, value]) => `${name}="${value}"\n`)
        .join(""),
      { mode: 0o600 },
    );
  }
  const lines = readFileSync(SECRETS, "utf8").matchAll(/^\s*([A-Z_]+)\s*=\s*"?([^"\n]*?)"?\s*$/gm);
  return Object.fromEntries([...lines].map(([, name = "", value = ""]) => [name, value]));
}

const settings: Readonly<Record<string, string>> = {
  XIAOER_DEMO: "1",
  XIAOER_ADMIN_EMAIL: "admin@xiaoer.example",
  XIAOER_ALLOW_PRIVATE_HOSTS: "127.0.0.1",
  LOG_LEVEL: "info",
  ...readSecrets(),
};
const worker = await startWorker({
  config: join(ROOT, "wrangler.toml"),
  bindings: Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, { type: "plain_text", value }])),
  dev: {
    persist: join(ROOT, ".wrangler/state"),
    server: { hostname: "127.0.0.1", port },
    inspector: false,
    watch: true,
    logLevel: "warn",
  },
});

const url = (await worker.url).origin;
// The first request migrates and seeds.
const ready = await fetch(`${url}/readyz`);
if (!ready.ok) {
  console.error(`The Worker has started and is not ready: ${await ready.text()}`);
  await worker.dispose();
  process.exit(1);
}
console.log(`\n  小二 Xiaoer is open on Workers\n\n  Shop   ${url}/\n  Desk   ${url}/desk\n  API    ${url}/docs`);
console.log(
  `\n  Log in as ${settings.XIAOER_ADMIN_EMAIL}\n  Password  ${settings.XIAOER_ADMIN_PASSWORD ?? "(in the log above)"}  (kept in .dev.vars)\n`,
);

const stop = async () => {
  await worker.dispose();
  process.exit(0);
};
process.once("SIGINT", stop);
process.once("SIGTERM", stop);
