import { readdirSync, readFileSync } from "node:fs";
import type { Fixture } from "./adapter-suite.ts";

/** The files of `test/fixtures/<channel>`, each `{ source, request, events }`. */
export function readFixtures(channel: string): readonly Fixture[] {
  const folder = new URL(`../fixtures/${channel}/`, import.meta.url);
  return readdirSync(folder)
    .sort()
    .map((file) => ({ name: file.replace(".json", ""), ...JSON.parse(readFileSync(new URL(file, folder), "utf8")) }));
}
