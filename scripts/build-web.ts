/** Builds the browser parts into `dist/web`, each only when its sources are newer than what was built. `--force` builds all. */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

const root = fileURLToPath(new URL("..", import.meta.url));
const outDir = join(root, "dist/web");
const force = process.argv.includes("--force");

function newest(path: string): number {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function isStale(output: string, sources: readonly string[]): boolean {
  const built = join(outDir, output);
  if (force || !existsSync(built)) return true;
  const at = statSync(built).mtimeMs;
  return sources.some((source) => existsSync(join(root, source)) && newest(join(root, source)) > at);
}

async function step(
  name: string,
  output: string,
  sources: readonly string[],
  build: () => Promise<unknown>,
): Promise<void> {
  if (!isStale(output, sources)) return;
  const began = performance.now();
  process.stdout.write(`building ${name} … `);
  await build();
  process.stdout.write(`${((performance.now() - began) / 1000).toFixed(1)} s\n`);
}

mkdirSync(outDir, { recursive: true });
await step("the widget and the demo shop", "widget.js", ["web/widget", "web/demo", "src/core"], async () => {
  await (await import("./build-widget.ts")).buildWidget({ outDir });
  const widget = readFileSync(join(outDir, "widget.js"));
  writeFileSync(join(outDir, "widget.js.br"), brotliCompressSync(widget));
  writeFileSync(join(outDir, "widget.js.gz"), gzipSync(widget, { level: 9 }));
});
await step("the desk", "desk/index.html", ["web/desk"], async () =>
  (await import("./build-desk.ts")).buildDesk({ outDir: join(outDir, "desk") }),
);
await step("the simulator", "simulator/index.html", ["web/simulator", "src/http/simulator-contract.ts"], async () =>
  (await import("./build-simulator.ts")).buildSimulator({ outDir }),
);
