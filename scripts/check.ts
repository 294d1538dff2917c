/** What CI runs, and `npm test`: the pages built, format, lint, types, dead exports, and every test on every engine. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const bin = (name: string) => join(root, "node_modules/.bin", name);
const report = join(mkdtempSync(join(tmpdir(), "xiaoer-check-")), "tests.json");

interface Step {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

const types = ["", "web/widget", "web/demo", "web/desk", "web/simulator"].map(
  (project): Step => ({
    name: `types ${project || "src"}`,
    command: [bin("tsc"), "-p", project === "" ? "." : project],
  }),
);
const steps: readonly Step[] = [
  { name: "build the pages", command: [process.execPath, "scripts/build-web.ts"] },
  { name: "format and lint", command: [bin("biome"), "ci", "--error-on-warnings", "--colors=off", "."] },
  ...types,
  { name: "dead exports", command: [bin("knip")] },
  {
    name: "tests",
    command: [
      bin("vitest"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${report}`,
      ...process.argv.slice(2),
    ],
  },
];

const failed: string[] = [];
for (const { name, command } of steps) {
  const began = performance.now();
  console.log(`\n▶ ${name}`);
  const { status } = spawnSync(command[0], command.slice(1), {
    cwd: root,
    stdio: "inherit",
    env: { ...process.env, FORCE_COLOR: process.env.CI === "true" ? "0" : "1" },
  });
  console.log(`${status === 0 ? "✓" : "✗"} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}
function readReport(): Report | undefined {
  try {
    return JSON.parse(readFileSync(report, "utf8")) as Report;
  } catch {
    return undefined; // the runner did not come so far
  }
}
const tests = readReport();
// Whatever a library made of the exit code.
if ((tests?.numFailedTests ?? 0) + (tests?.numFailedTestSuites ?? 0) > 0 && !failed.includes("tests"))
  failed.push("tests");
rmSync(join(report, ".."), { recursive: true, force: true });
const checksFailed = failed.filter((name) => name !== "tests").length + (tests === undefined ? 1 : 0);
const passed = (tests?.numPassedTests ?? 0) + steps.length - 1 - failed.filter((name) => name !== "tests").length;
// A file that does not load fails no test, and is a failure all the same.
const bad =
  (tests?.numFailedTests ?? 0) + checksFailed + (failed.includes("tests") && tests?.numFailedTests === 0 ? 1 : 0);
if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
console.log(
  `\n${passed} passed, ${bad} failed${tests === undefined || tests.numPendingTests === 0 ? "" : `, ${tests.numPendingTests} skipped`}`,
);
process.exit(failed.length === 0 ? 0 : 1);
