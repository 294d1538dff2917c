/** What the Node home keeps on disk besides the database: built pages, migrations, the secret made at first start. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { type Migration, parseMigration } from "../store/engine.ts";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".map": "application/json",
};

export function createAssets(folder = join(ROOT, "dist/web")) {
  const cache = new Map<string, { body: Uint8Array<ArrayBuffer>; type: string }>();
  return async (path: string) => {
    const known = cache.get(path);
    if (known !== undefined) return known;
    const file = normalize(join(folder, path));
    const type = TYPES[extname(file)];
    if (!file.startsWith(normalize(folder)) || type === undefined) return undefined;
    const body = await readFile(file).catch(() => undefined); // not built, or no such file
    if (body === undefined) return undefined;
    const asset = { body: new Uint8Array(body), type };
    cache.set(path, asset);
    return asset;
  };
}

export function loadMigrations(dialect: "sqlite" | "postgres", folder = join(ROOT, "migrations")): Migration[] {
  return readdirSync(join(folder, dialect))
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => parseMigration(name.slice(0, -4), readFileSync(join(folder, dialect, name), "utf8")));
}

/** The secret beside the database, made once. */
export function keptSecret(path: string): string {
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  const secret = randomBytes(32).toString("base64url");
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, `${secret}\n`, { mode: 0o600, flag: "wx" });
  return secret;
}

export function readPack(locale: string): string {
  return readFileSync(join(ROOT, `knowledge/packs/general.${locale}.ndjson`), "utf8");
}

export const VERSION: string = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string })
  .version;
