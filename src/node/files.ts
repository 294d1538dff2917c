/** What the Node home keeps on disk besides the database: built pages, migrations, the secret made at first start. */
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
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

/** Encodings the build leaves beside a file, best first. */
const ENCODINGS = [
  ["br", ".br"],
  ["gzip", ".gz"],
] as const;

export function createAssets(folder = join(ROOT, "dist/web")) {
  const cache = new Map<string, { body: Uint8Array<ArrayBuffer>; type: string }>();
  const read = async (path: string, type: string) => {
    const known = cache.get(path);
    if (known !== undefined) return known;
    const body = await readFile(join(folder, path)).catch(() => undefined); // not built, or no such file
    if (body === undefined) return undefined;
    const asset = { body: new Uint8Array(body), type };
    // Only what never changes under its name is kept: a rebuild below a running server is seen at once.
    if (/-[\w-]{8}\.\w+(\.br|\.gz)?$/.test(path)) cache.set(path, asset);
    return asset;
  };
  return async (path: string, accepted = "") => {
    const file = normalize(path);
    const type = TYPES[extname(file)];
    if (file.startsWith("..") || type === undefined) return undefined;
    for (const [encoding, ending] of ENCODINGS) {
      const encoded = accepted.includes(encoding) ? await read(`${file}${ending}`, type) : undefined;
      if (encoded !== undefined) return { ...encoded, encoding };
    }
    return read(file, type);
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
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    // Whole or not at all: half a secret would open nothing that the whole one has sealed.
    const draft = `${path}.${process.pid}`;
    writeFileSync(draft, `${randomBytes(32).toString("base64url")}\n`, { mode: 0o600, flush: true });
    if (!existsSync(path)) renameSync(draft, path);
  }
  return readFileSync(path, "utf8").trim();
}

export function readPack(locale: string): string {
  return readFileSync(join(ROOT, `knowledge/packs/general.${locale}.ndjson`), "utf8");
}

export const VERSION: string = (JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string })
  .version;
