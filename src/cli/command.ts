import type { Deployment } from "../node/open.ts";

/** Wrong words on the command line: exit 2, with the usage. */
export class UsageError extends Error {}

export interface Option {
  readonly type: "string" | "boolean";
  readonly help: string;
}

export interface Command {
  /** What is typed: `inbox add`. */
  readonly name: string;
  /** Named words after it, for the usage line: `<file>`. */
  readonly takes?: readonly string[];
  readonly help: string;
  readonly options?: Readonly<Record<string, Option>>;
  run(call: Call): Promise<unknown>;
  /** The answer for people, where a line for each field is not enough. */
  print?(answer: unknown): string;
}

export interface Call {
  readonly words: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
  /** Opened only by commands that need the database. */
  readonly open: () => Promise<Deployment>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** @throws {UsageError} the word or option is missing */
export function need(value: string | boolean | undefined, what: string): string {
  if (typeof value !== "string" || value === "") throw new UsageError(`${what} is missing.`);
  return value;
}
