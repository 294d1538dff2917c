import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../src/node/files.ts";
import { xiaoer } from "./command-line.ts";

const execute = promisify(execFile);
let folder: string;

beforeAll(async () => {
  // Inside the repository, where its dependencies are found, and outside what git and the type check look at.
  await mkdir(join(ROOT, "dist"), { recursive: true });
  folder = await mkdtemp(join(ROOT, "dist/scaffold-"));
  expect((await xiaoer("create-channel", "carrier-owl", "--dir", folder, "--title", "猫头鹰 Owl")).code).toBe(0);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("the new folder has the files every adapter has, and nothing left to fill in by a mark", async () => {
  const names = await readdir(join(folder, "carrier-owl"), { recursive: true });
  expect(names.toSorted()).toEqual([
    "README.md",
    "capabilities.ts",
    "carrier-owl.test.ts",
    "config.ts",
    "fake.ts",
    "fixtures",
    "fixtures/text.json",
    "index.ts",
    "parse.ts",
    "send.ts",
    "verify.ts",
  ]);
  for (const name of names.filter((one) => one.includes("."))) {
    const text = await readFile(join(folder, "carrier-owl", name), "utf8");
    expect(text, name).not.toMatch(/__\w+__|TODO/);
  }
});

test("it passes the conformance kit", async () => {
  const { code, json } = await xiaoer("conform", join(folder, "carrier-owl"), "--json");
  expect(json().scores[0].failures).toEqual([]);
  expect(json().scores[0].channel).toBe("carrier-owl");
  expect(code).toBe(0);
});

test("its own test runs with node alone", async () => {
  const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
  const { stdout } = await execute(process.execPath, ["--test", join(folder, "carrier-owl/carrier-owl.test.ts")], {
    env,
  });
  expect(stdout).toMatch(/fail 0/);
  expect(stdout).toMatch(/pass [3-9]\d/);
});

test("it type-checks", { timeout: 120_000 }, async () => {
  const extend = { extends: "../../tsconfig.json", include: ["."], exclude: [] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(extend));
  await execute(join(ROOT, "node_modules/.bin/tsc"), ["-p", folder]);
});

test("a name that is taken or is no name is wrong usage", async () => {
  expect((await xiaoer("create-channel", "carrier-owl", "--dir", folder)).code).toBe(2);
  for (const name of ["", "Owl", "-owl", "../owl", "a b"])
    expect((await xiaoer("create-channel", "--dir", folder, "--", name)).code).toBe(2);
});
