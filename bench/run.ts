/** `npm run bench`: every measurement but those of retrieval, one after the other, each in a process of its own. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const BENCHES: readonly (readonly [name: string, ...flags: string[]])[] = [
  ["exchanges"],
  ["match", "--expose-gc"],
  ["history"],
  ["start"],
  ["desk"],
];
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (!BENCHES.some(([known]) => known === name)) {
    console.error(`There is no bench ${name}; there are ${BENCHES.map(([known]) => known).join(", ")}.`);
    process.exit(1);
  }
}
for (const [name, ...flags] of BENCHES) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const entry = fileURLToPath(new URL(`${name}/run.ts`, import.meta.url));
  const { status } = spawnSync(process.execPath, [...flags, entry], { stdio: "inherit" });
  if (status !== 0) process.exitCode = 1;
}
