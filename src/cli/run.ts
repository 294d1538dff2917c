import { parseArgs } from "node:util";
import { XiaoerError } from "../core/errors.ts";
import { VERSION } from "../node/files.ts";
import { type Deployment, openDeployment } from "../node/open.ts";
import { type Call, type Command, UsageError } from "./command.ts";
import { commands } from "./commands.ts";

/** Finds the command, reads its options, runs it, prints its answer: as JSON with `--json`, else for people. */
export async function run(argv: readonly string[]): Promise<number> {
  const command = commands.find(({ name }) => name.split(" ").every((word, i) => argv[i] === word));
  if (argv[0] === "--version") {
    console.log(VERSION);
    return 0;
  }
  if (command === undefined) {
    const wanted = argv.find((word) => !word.startsWith("-"));
    if (wanted !== undefined) console.error(`There is no command ${wanted}.\n`);
    (wanted === undefined ? console.log : console.error)(overview());
    return wanted === undefined ? 0 : 2;
  }
  let deployment: Promise<Deployment> | undefined;
  try {
    const { values, positionals } = parse(command, argv.slice(command.name.split(" ").length));
    if (values.help === true) {
      console.log(usage(command));
      return 0;
    }
    const call: Call = {
      words: positionals,
      options: values,
      env: process.env,
      open: () => {
        deployment ??= openDeployment({ LOG_LEVEL: "warn", ...process.env });
        return deployment;
      },
    };
    const answer = await command.run(call);
    if (answer !== undefined)
      console.log(values.json === true ? JSON.stringify(answer, null, 2) : (command.print ?? forPeople)(answer));
    return typeof answer === "object" && answer !== null && "ok" in answer && answer.ok === false ? 1 : 0;
  } catch (error) {
    if (error instanceof UsageError) {
      console.error(`${error.message}\n\n${usage(command)}`);
      return 2;
    }
    console.error(error instanceof Error ? error.message : String(error));
    if (error instanceof XiaoerError)
      for (const issue of error.issues) console.error(`  ${issue.path}: ${issue.message}`);
    return 1;
  } finally {
    const opened = await deployment?.catch(() => undefined); // said above
    if (opened !== undefined) {
      while (opened.pending.size > 0) await Promise.allSettled(opened.pending);
      await opened.close();
    }
  }
}

function parse(command: Command, args: readonly string[]) {
  try {
    const options = Object.fromEntries(
      Object.entries({
        ...command.options,
        help: { type: "boolean" as const },
        json: { type: "boolean" as const },
      }).map(([name, { type }]) => [name, { type }]),
    );
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : "The options cannot be read.");
  }
}

function usage(command: Command): string {
  const options = Object.entries({
    ...command.options,
    json: { type: "boolean" as const, help: "Answer as JSON." },
    help: { type: "boolean" as const, help: "Show this." },
  });
  const width = Math.max(...options.map(([name]) => name.length)) + 2;
  return [
    `Usage: xiaoer ${[command.name, ...(command.takes ?? [])].join(" ")} [options]`,
    "",
    command.help,
    "",
    ...options.map(([name, { help }]) => `  --${name.padEnd(width)}${help}`),
  ].join("\n");
}

function overview(): string {
  const width = Math.max(...commands.map(({ name, takes }) => [name, ...(takes ?? [])].join(" ").length)) + 2;
  return [
    "Usage: xiaoer <command> [options]",
    "",
    ...commands.map(({ name, takes, help }) => `  ${[name, ...(takes ?? [])].join(" ").padEnd(width)}${help}`),
    "",
    "xiaoer <command> --help says more.",
  ].join("\n");
}

function forPeople(answer: unknown): string {
  if (typeof answer === "string") return answer;
  if (Array.isArray(answer)) return answer.map(line).join("\n");
  return typeof answer === "object" && answer !== null
    ? Object.entries(answer)
        .map(([key, value]) => `${key}: ${typeof value === "object" ? JSON.stringify(value) : value}`)
        .join("\n")
    : String(answer);
}

function line(item: unknown): string {
  return typeof item === "object" && item !== null
    ? Object.values(item)
        .map((value) => (typeof value === "object" ? JSON.stringify(value) : String(value)))
        .join("\t")
    : String(item);
}
