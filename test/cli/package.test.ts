/** The package as a stranger has it: built, put into a project's `node_modules`, used from there. */
import { execFile, spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ROOT } from "../../src/node/files.ts";

const execute = promisify(execFile);
const { NODE_OPTIONS: _, VITEST: __, ...env } = process.env;
let project: string;

const xiaoer = (...args: readonly string[]) =>
  execute(process.execPath, ["node_modules/xiaoer/src/cli/xiaoer.js", ...args], { cwd: project, env });

beforeAll(async () => {
  await execute(process.execPath, [join(ROOT, "scripts/build-package.ts")], { cwd: ROOT, env });
  project = await mkdtemp(join(tmpdir(), "xiaoer-project-"));
  const modules = join(project, "node_modules");
  await mkdir(modules);
  await cp(join(ROOT, "dist/package"), join(modules, "xiaoer"), { recursive: true });
  const { dependencies } = JSON.parse(await readFile(join(modules, "xiaoer/package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  // What npm would install beside it; `@types/node` is what a TypeScript project has anyway.
  for (const name of [...Object.keys(dependencies), "@types/node"]) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(ROOT, "node_modules", name), join(modules, name));
  }
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "owl-shop", type: "module", private: true }));
}, 120_000);
afterAll(() => rm(project, { recursive: true, force: true }));

test("the command says its version and a new channel passes the kit", { timeout: 60_000 }, async () => {
  const { version } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string };
  expect((await xiaoer("--version")).stdout.trim()).toBe(version);
  await xiaoer("create-channel", "carrier-owl", "--dir", "channels");
  const { scores } = JSON.parse((await xiaoer("conform", "channels/carrier-owl", "--json")).stdout) as {
    scores: readonly { channel: string; failures: readonly unknown[]; passed: number }[];
  };
  expect(scores.map(({ channel, failures }) => ({ channel, failures }))).toEqual([
    { channel: "carrier-owl", failures: [] },
  ]);
  const kit = await execute(process.execPath, ["--test", "channels/carrier-owl/carrier-owl.test.ts"], {
    cwd: project,
    env,
  });
  expect(kit.stdout).toMatch(/fail 0/);
});

test("a shop of its own type-checks and answers", { timeout: 120_000 }, async () => {
  await writeFile(
    join(project, "xiaoer.config.ts"),
    [
      'import { builtInChannels, builtInSkills, createXiaoer } from "xiaoer";',
      'import { web } from "xiaoer/adapters/web";',
      'import { carrierOwl } from "./channels/carrier-owl/index.ts";',
      "",
      "const others = builtInChannels.filter((channel) => channel.channel !== web.channel);",
      "export default createXiaoer({ channels: [web, ...others, carrierOwl], skills: builtInSkills });",
      "",
    ].join("\n"),
  );
  await writeFile(
    join(project, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        target: "es2024",
        module: "nodenext",
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        allowImportingTsExtensions: true,
        types: ["node"],
      },
      include: ["*.ts", "channels"],
    }),
  );
  await execute(join(ROOT, "node_modules/.bin/tsc"), ["-p", project]);

  const server = spawn(process.execPath, ["node_modules/xiaoer/src/cli/xiaoer.js", "start"], {
    cwd: project,
    env: { ...env, PORT: "0", XIAOER_DEMO: "1", DATABASE_URL: "file:data/owl.db" },
  });
  try {
    const url = await new Promise<string>((resolve, reject) => {
      let said = "";
      server.stdout.on("data", (chunk) => {
        said += String(chunk);
        const open = /"url":"([^"]+)"/.exec(said);
        if (open?.[1] !== undefined && said.includes("/desk")) resolve(open[1]);
      });
      server.stderr.on("data", (chunk) => {
        said += String(chunk);
      });
      server.once("exit", (code) => reject(new Error(`The server ended with ${code}: ${said}`)));
    });
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: "ok" });
    expect((await fetch(`${url}/desk`)).headers.get("content-type")).toContain("text/html");
    expect((await (await fetch(`${url}/widget.js`)).text()).length).toBeGreaterThan(10_000);
  } finally {
    server.kill("SIGTERM");
    await new Promise((resolve) => server.once("exit", resolve));
  }
});
