import { readFixtures as read } from "../../src/testing/fixtures.ts";
import type { Fixture } from "../../src/testing/suite.ts";

/** The files of `test/fixtures/<channel>`, each `{ source, request, events }`. */
export function readFixtures(channel: string): readonly Fixture[] {
  return read(new URL(`../fixtures/${channel}/`, import.meta.url));
}
