import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Fixture } from "./suite.ts";

/** The JSON files of a folder, each `{ source, request, events }`; none when there is no such folder. */
export function readFixtures(folder: string | URL): readonly Fixture[] {
  const path = folder instanceof URL ? fileURLToPath(folder) : folder;
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter((file) => file.endsWith(".json"))
    .sort()
    .map((file) => ({ name: file.slice(0, -".json".length), ...JSON.parse(readFileSync(join(path, file), "utf8")) }));
}
