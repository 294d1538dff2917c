/**
 * Makes the package others install: JavaScript and its types beside the pages, migrations and packs, in `dist/package`.
 * `npm pack ./dist/package` then makes the archive. Node runs our TypeScript as it is, but not from inside `node_modules`.
 */
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const outDir = join(root, "dist/package");

/** What is carried over as it is. The desk's maps are for whoever works on it. */
const CARRIED = [
  "src/cli/scaffold",
  "migrations",
  "knowledge/packs",
  "adapters/README.md",
  "test/fixtures",
  "web/miniprogram",
  "dist/web",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
] as const;

function run(...args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" });
  if (status !== 0) process.exit(status ?? 1);
}

/** `./src/xiaoer.ts` → its JavaScript and its types. */
const built = (target: string) => ({
  types: target.replace(/\.ts$/, ".d.ts"),
  default: target.replace(/\.ts$/, ".js"),
});

rmSync(outDir, { recursive: true, force: true });
run(join(root, "scripts/build-web.ts"));
run(join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.package.json");
for (const path of CARRIED)
  cpSync(join(root, path), join(outDir, path), {
    recursive: true,
    filter: (source) => !source.endsWith(".map") && !source.endsWith(".test.ts"),
  });

const { name, version, description, license, type, engines, bin, dependencies, exports } = JSON.parse(
  readFileSync(join(root, "package.json"), "utf8"),
) as Record<string, string> & { readonly exports: Readonly<Record<string, string>> };
const manifest = {
  ...{ name, version, description, license, type, engines, bin, dependencies },
  exports: Object.fromEntries(Object.entries(exports).map(([door, target]) => [door, built(target)])),
};
writeFileSync(join(outDir, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`${name} ${version} is in dist/package; "npm pack ./dist/package" makes the archive.`);
