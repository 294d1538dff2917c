import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ROOT } from "../node/files.ts";
import { type Command, need, UsageError } from "./command.ts";

/** A project of its own imports the package by its name; a clone imports the files beside it. */
const isInstalled = /[\\/]node_modules[\\/]/.test(ROOT);
const TEMPLATES = fileURLToPath(new URL("./scaffold/", import.meta.url));

export const createChannel: Command = {
  name: "create-channel",
  takes: ["<name>"],
  help: "Make the folder of a new channel, which passes the conformance kit and waits for its platform.",
  options: {
    dir: { type: "string", help: "Where the folder goes; adapters by default." },
    title: { type: "string", help: "What people call the platform; the name by default." },
  },
  async run({ words, options }) {
    const name = need(words[0], "The name");
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40)
      throw new UsageError("A name is lower-case words with hyphens between: wechat-official.");
    const folder = resolve(typeof options.dir === "string" ? options.dir : "adapters", name);
    if (existsSync(folder) && readdirSync(folder).length > 0) throw new UsageError(`${folder} is there already.`);
    const files = scaffold({ name, folder, title: typeof options.title === "string" ? options.title : undefined });
    const shown = relative(process.cwd(), folder) || ".";
    return { ok: true, folder: shown, files, next: `xiaoer conform ${shown}` };
  },
};

/** Where a template ends up; the fixture and the test are named otherwise than their templates. */
const PLACES: Readonly<Record<string, (name: string) => string>> = {
  "text.json": () => join("fixtures", "text.json"),
  "channel.test.ts": (name) => `${name}.test.ts`,
};

function scaffold({
  name,
  folder,
  title,
}: {
  readonly name: string;
  readonly folder: string;
  readonly title: string | undefined;
}): readonly string[] {
  const pascal = name.replaceAll(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
  const beside = (path: string) => relative(folder, join(ROOT, path)).replaceAll("\\", "/");
  const values: Readonly<Record<string, string>> = {
    name,
    Pascal: pascal,
    camel: pascal.charAt(0).toLowerCase() + pascal.slice(1),
    CAPS: name.replaceAll("-", "_").toUpperCase(),
    title: title ?? pascal,
    folder: relative(process.cwd(), folder) || ".",
    core: isInstalled ? "xiaoer/core" : beside("src/core"),
    shared: isInstalled ? "xiaoer/adapters/shared" : beside("adapters/shared"),
    testing: isInstalled ? "xiaoer/testing" : beside("src/testing.ts"),
  };
  return readdirSync(TEMPLATES).map((template) => {
    const file = template.slice(0, -".txt".length);
    const path = PLACES[file]?.(name) ?? file;
    const text = readFileSync(join(TEMPLATES, template), "utf8");
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(
      join(folder, path),
      text
        .replaceAll(/__([A-Za-z]+)__/g, (mark, key: string) => values[key] ?? mark)
        .replaceAll(/"(xiaoer\/[\w/-]+)\.ts"/g, '"$1"'),
    );
    return path;
  });
}
