import type { D1Database } from "@cloudflare/workers-types";
import { describe, expect, test } from "vitest";
import { createD1Engine } from "../../src/store/engines/d1.ts";
import { testStore } from "../conformance/store.ts";
import { d1Engine } from "../support/engines.ts";

testStore("D1", () => d1Engine({ databases: 4 }));

describe("a fault of D1", () => {
  const LOST = "D1_ERROR: Network connection lost.";
  /** A database whose batches fail with these words, one after the other, and then answer. */
  function failing(...faults: readonly string[]) {
    const left = [...faults];
    let tries = 0;
    const answer = async () => {
      tries += 1;
      const fault = left.shift();
      if (fault !== undefined) throw new Error(fault);
      return [{ results: [{ id: 7 }] }];
    };
    const statement = { bind: () => statement, raw: answer };
    // Only what the engine calls.
    const database = { prepare: () => statement, batch: answer } as unknown as D1Database;
    return { engine: createD1Engine(database), tries: () => tries };
  }
  const write = { sql: "", params: [], decode: (rows: unknown[][]) => rows };

  test("that passes is tried again, as every write may be", async () => {
    const { engine, tries } = failing(LOST, LOST);
    expect(await engine.atomic([write])).toEqual([[[7]]]);
    expect(tries()).toBe(3);
  });

  test("that does not pass is an outage", async () => {
    const { engine, tries } = failing(LOST, LOST, LOST);
    await expect(engine.atomic([write])).rejects.toMatchObject({ code: "store.unavailable" });
    expect(tries()).toBe(3);
    await expect(failing(LOST).engine.all(write)).rejects.toMatchObject({ code: "store.unavailable" });
  });

  test("of ours is told as it is, once", async () => {
    const { engine, tries } = failing("D1_ERROR: UNIQUE constraint failed: users.email");
    await expect(engine.atomic([write])).rejects.toThrow(/UNIQUE/);
    expect(tries()).toBe(1);
  });
});
