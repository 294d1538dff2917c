import { z } from "zod";
import type { Channel } from "../core/adapter.ts";
import type { TestAccount } from "./accounts.ts";
import { wordFor } from "./pattern.ts";
import { secretFieldsOf } from "./suite.ts";

/** Long enough to be found in a log, and to satisfy most who count. */
const SECRET_LENGTH = 40;
const WORD_LENGTH = 8;

interface Property {
  readonly type?: string;
  readonly pattern?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
}

/** An account made from the channel's own schema; undefined when its rules are more than patterns and lengths. */
export function exampleAccount(channel: Pick<Channel, "config">): TestAccount | undefined {
  const config = exampleConfig(channel, 1);
  const secrets = Object.fromEntries(
    secretFieldsOf(channel).map((name) => [name, exampleConfig(channel, 2)?.[name]] as const),
  );
  if (config === undefined) return undefined;
  const otherSecret = { ...config, ...Object.fromEntries(Object.entries(secrets).filter(([, value]) => value)) };
  return { config, otherSecret };
}

function exampleConfig({ config }: Pick<Channel, "config">, turn: number): Record<string, unknown> | undefined {
  const { properties = {}, required = [] } = z.toJSONSchema(config, { io: "input" });
  const made: Record<string, unknown> = {};
  for (const name of required) {
    const property = properties[name];
    if (typeof property !== "object") return undefined;
    const isSecret = property.secret === true;
    // zod's types leave `pattern` and its like open; a value of another kind fails the check below.
    const values = candidates(property as Property, { length: isSecret ? SECRET_LENGTH : WORD_LENGTH, turn });
    made[name] = values.find((value) => isTaken(config, name, { ...made, [name]: value }));
  }
  return config.safeParse(made).success ? made : undefined;
}

/** Whether a field's value has no fault of its own, whatever is still missing. */
function isTaken(config: z.ZodType, name: string, value: object): boolean {
  return config.safeParse(value).error?.issues.every(({ path }) => path[0] !== name) ?? true;
}

function candidates(property: Property, options: { readonly length: number; readonly turn: number }): unknown[] {
  if (property.const !== undefined) return [property.const];
  if (property.enum !== undefined) return [...property.enum];
  if (property.type === "boolean") return [false, true];
  if (property.type === "integer" || property.type === "number") return [property.minimum ?? 1, 1, 0];
  if (property.type !== "string") return [[], {}];
  if (property.format === "uri") return ["https://platform.example", "https://platform.example/hook"];
  const length = Math.min(Math.max(options.length, property.minLength ?? 0), property.maxLength ?? 200);
  const word = wordFor("[a-zA-Z0-9]+", { ...options, length });
  const base64 = btoa(wordFor("[a-z]+", { ...options, length: 24 }));
  const fitting = property.pattern === undefined ? [] : [wordFor(property.pattern, { ...options, length })];
  return [...fitting, word, `whsec_${base64}`, base64, `${word}@shop.example`, "1".repeat(length)];
}
