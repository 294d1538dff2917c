import { vi } from "vitest";
import { run } from "../../src/cli/run.ts";

/** Runs the command as typed, in this process: its exit code and what it said. */
export async function xiaoer(...argv: readonly string[]) {
  const said: string[] = [];
  const complained: string[] = [];
  const log = vi.spyOn(console, "log").mockImplementation((line: unknown) => void said.push(String(line)));
  const error = vi.spyOn(console, "error").mockImplementation((line: unknown) => void complained.push(String(line)));
  try {
    const code = await run(argv);
    return { code, out: said.join("\n"), err: complained.join("\n"), json: () => JSON.parse(said.join("\n")) };
  } finally {
    log.mockRestore();
    error.mockRestore();
  }
}
