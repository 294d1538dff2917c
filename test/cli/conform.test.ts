import { expect, test } from "vitest";
import { exampleAccount } from "../../src/testing/example-config.ts";
import { wordFor } from "../../src/testing/pattern.ts";
import { conformanceScores } from "../../src/testing.ts";
import { pigeon } from "../adapters/example/pigeon.ts";
import { xiaoer } from "./command-line.ts";

test("every channel that comes with Xiaoer has full marks", { timeout: 300_000 }, async () => {
  const scores = await conformanceScores();
  expect(
    scores.flatMap(({ channel, failures }) => failures.map(({ name, reason }) => `${channel}: ${name}: ${reason}`)),
  ).toEqual([]);
  // Those that no platform calls have only a configuration to look at.
  const small = scores.filter(({ total }) => total < 20).map(({ channel }) => channel);
  expect(small).toEqual(["alipay-miniprogram", "web"]);
  expect(scores.length).toBeGreaterThan(15);
});

test("a folder is scored by section", async () => {
  const { code, out } = await xiaoer("conform", "adapters/telegram");
  expect(code).toBe(0);
  expect(out).toMatch(/^telegram {2}(\d+)\/\1$/m);
  expect(out).toMatch(/signature +█{20} 5\/5, 1 skipped/);
  expect(out).toContain("refuses a body changed by one byte: Telegram signs no body");
});

test("a careless adapter is told what is wrong with it, and the exit code says so", async () => {
  const { code, json } = await xiaoer("conform", "test/cli/careless", "--json");
  expect(code).toBe(1);
  const [score] = json().scores;
  expect(score.ok).toBe(false);
  const failed = score.failures.map(({ name }: { name: string }) => name);
  expect(failed).toEqual(
    expect.arrayContaining([
      "refuses a request without its signature",
      "refuses a body changed by one byte",
      "refuses what another secret signed",
      "takes a replayed request for the same, or refuses it",
      "answers garbage with PayloadError or takes it as unsupported",
      "reports 500",
    ]),
  );
  expect(score.passed + score.failures.length).toBe(score.total);
});

test("a folder that holds no adapter is wrong usage", async () => {
  for (const folder of ["test/support", "no/such/folder"]) {
    const { code, err } = await xiaoer("conform", folder);
    expect(code).toBe(2);
    expect(err).toContain("has no index.ts");
  }
  expect((await xiaoer("conform")).code).toBe(2);
});

test("an account can be made up from a schema", () => {
  const made = exampleAccount(pigeon);
  expect(pigeon.config.safeParse(made?.config).success).toBe(true);
  expect(made?.otherSecret).not.toEqual(made?.config);
});

test.each([
  "^[0-9a-fA-F]{64}$",
  "^xox[\\w.-]{10,500}$",
  "^ww[0-9a-z]{16}$",
  "^[\\x21-\\x7e]{16,200}$",
  "^[\\w-]+(?::[\\w-]+)?$",
  "^(?:ab|cd){3}\\d+\\.?$",
  "^\\S{8,}$",
])("a word can be made that fits %s", (pattern) => {
  for (const turn of [1, 2]) expect(wordFor(pattern, { length: 12, turn })).toMatch(new RegExp(pattern));
});
