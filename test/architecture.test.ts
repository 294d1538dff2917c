/** Who may import whom: reads every import of the sources and holds the table of the house. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { withErrorTable } from "../scripts/error-table.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

interface Rule {
  /** Files it speaks of. */
  readonly of: RegExp;
  /** Own files they may import. */
  readonly own: RegExp;
  /** Packages they may import; `node:` modules count as packages. */
  readonly packages: RegExp;
}

/** The first rule that fits a file holds. */
const RULES: readonly Rule[] = [
  { of: /^src\/core\//, own: /^src\/core\//, packages: /^zod$/ },
  { of: /^adapters\/shared\//, own: /^(src\/core|adapters\/shared)\//, packages: /^(zod|fast-xml-parser|jose)$/ },
  // A channel fresh from `create-channel` has its test beside it.
  {
    of: /^adapters\/[\w-]+\/[\w-]+\.test\.ts$/,
    own: /^(src\/(core|testing)|adapters\/(shared|[\w-]+))\b/,
    packages: /^$/,
  },
  { of: /^adapters\/index\.ts$/, own: /^(adapters|src\/core)\//, packages: /^$/ },
  {
    of: /^adapters\/([\w-]+)\//,
    own: /^(src\/core|adapters\/(shared|SAME))\//,
    packages:
      /^(zod|telegraf|telegraf\/.+|@telegraf\/types|@line\/bot-sdk|botbuilder|botbuilder-core|botframework-\w+|adaptivecards|fast-xml-parser|jose|postal-mime|nodemailer\/lib\/.+)$/,
  },
  { of: /^knowledge\//, own: /^knowledge\//, packages: /^re2js$/ },
  {
    of: /^src\/store\/engines\//,
    own: /^src\/(core|store)\//,
    packages: /^(better-sqlite3|pg|node:.+|@cloudflare\/workers-types)$/,
  },
  { of: /^src\/store\//, own: /^src\/(core|store)\//, packages: /^drizzle-orm(\/.+)?$/ },
  {
    of: /^src\/(desk|skills|insights)\//,
    own: /^src\/(core|desk|skills|insights)\//,
    packages: /^(zod|liquidjs|jose)$/,
  },
  {
    of: /^src\/live\/(node-stream|postgres-hub)\.ts$/,
    own: /^src\/(core|live)\//,
    packages: /^(@hono\/node-server|hono|ws|pg)$/,
  },
  {
    of: /^src\/live\/durable/,
    own: /^src\/(core|live|desk|http)\//,
    packages: /^(cloudflare:workers|@cloudflare\/workers-types|hono)$/,
  },
  { of: /^src\/(commerce|live)\//, own: /^src\/(core|commerce|live)\//, packages: /^(cockatiel|zod)$/ },
  {
    of: /^src\/http\//,
    own: /^src\/(core|desk|insights|http|live\/stream)/,
    packages: /^(hono(\/.+)?|@hono\/zod-openapi|zod)$/,
  },
  { of: /^src\/xiaoer\.ts$/, own: /^(src\/(core|commerce|desk|skills)|adapters|knowledge)\//, packages: /^$/ },
  { of: /^src\/testing/, own: /^(src\/(core|testing)|adapters)\//, packages: /^(zod|node:.+)$/ },
  { of: /^src\/(node|worker|cli)/, own: /./, packages: /./ },
];

function sources(folder: string): string[] {
  return readdirSync(join(root, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(root, path)).isDirectory()) return name === "packs" ? [] : sources(path);
    return /\.tsx?$/.test(name) ? [path] : [];
  });
}

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|(?:^|\n)import\s+"([^"]+)"/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

function faultsOf(file: string): string[] {
  const rule = RULES.find((one) => one.of.test(file));
  if (rule === undefined) return [`${file}: no rule speaks of it`];
  const vendor = /^adapters\/([\w-]+)\//.exec(file)?.[1] ?? "";
  const own = new RegExp(rule.own.source.replace("SAME", vendor));
  return importsOf(file).flatMap((target) => {
    if (!target.startsWith(".")) return rule.packages.test(target) ? [] : [`${file}: ${target}`];
    const path = relative(root, normalize(join(root, dirname(file), target)));
    return own.test(path) ? [] : [`${file}: ${path}`];
  });
}

it("imports follow the table", () => {
  const files = ["src", "adapters", "knowledge"].flatMap(sources);
  expect(files.length).toBeGreaterThan(100);
  expect(files.flatMap(faultsOf)).toEqual([]);
});

it("only the entry files read the clock, the environment or chance", () => {
  const files = ["src", "adapters", "knowledge"]
    .flatMap(sources)
    .filter((file) => !/^src\/(node|worker|cli)|^adapters\/(shared|[\w-]+)\/fake|\/fake\.ts$/.test(file));
  const faults = files.filter((file) =>
    /\bDate\.now\(|process\.env|Math\.random\(/.test(
      readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ""),
    ),
  );
  expect(faults).toEqual([]);
});

/** Of one adapter: without blank lines, comments and its fake platform. */
const MOST_LINES = 800;

function linesOfCode(file: string): number {
  const text = readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "");
  return text.split("\n").filter((line) => line.trim() !== "" && !line.trim().startsWith("//")).length;
}

/** A file and what it reaches inside its own folder. */
function within(entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const target of importsOf(entry).filter((one) => one.startsWith("./"))) {
    within(relative(root, normalize(join(root, dirname(entry), target))), seen);
  }
  return seen;
}

it("no adapter is over 800 lines, and all are alike in their files", () => {
  const folders = readdirSync(join(root, "adapters")).filter((name) =>
    statSync(join(root, "adapters", name)).isDirectory(),
  );
  const vendors = folders.filter((name) => name !== "shared");
  expect(vendors.length).toBeGreaterThan(10);
  const sizes = vendors.flatMap((vendor) => {
    const index = `adapters/${vendor}/index.ts`;
    // A vendor's folder may hold two adapters, which its index only names.
    const isList = readFileSync(join(root, index), "utf8")
      .trim()
      .split("\n")
      .every((line) => line.startsWith("export {"));
    const entries = isList
      ? [...within(index)].filter((file) => importsOf(index).some((one) => file.endsWith(one.slice(1))))
      : [index];
    return entries.map((entry) => {
      const files = [...within(entry)];
      return { entry, lines: files.reduce((sum, file) => sum + linesOfCode(file), 0), files };
    });
  });
  expect(sizes.filter(({ lines }) => lines > MOST_LINES).map(({ entry, lines }) => `${entry}: ${lines}`)).toEqual([]);
  for (const vendor of vendors) {
    const names = readdirSync(join(root, "adapters", vendor));
    for (const wanted of ["README.md", "index.ts", "config.ts"]) expect(names, vendor).toContain(wanted);
  }
  for (const { entry, files } of sizes) {
    const names = files.join(" ");
    // The two whose people write on our own page speak to no platform.
    if (/adapters\/(web|alipay)\//.test(entry)) continue;
    for (const wanted of [/capabilities\.ts/, /config\.ts/, /parse\.ts/]) expect(names, entry).toMatch(wanted);
  }
});

it("The README names every error code.", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  expect(withErrorTable(readme), "run node scripts/error-table.ts").toBe(readme);
});
