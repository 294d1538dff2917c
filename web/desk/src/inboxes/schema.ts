import type { JsonSchema, Words } from "../api/types.ts";
import type { Language } from "../preferences.ts";

/** What a secret reads as; sent back untouched it stays as it is. */
export const MASK = "••••";

type FieldKind = "secret" | "text" | "color" | "number" | "boolean" | "choice" | "list" | "json";

export interface ConfigField {
  readonly name: string;
  readonly kind: FieldKind;
  readonly schema: JsonSchema;
  readonly required: boolean;
  readonly options: readonly (string | number)[];
}

/** A channel's config schema as form fields: required first, secrets where they stand. */
export function fieldsOfSchema(schema: JsonSchema): readonly ConfigField[] {
  const required = new Set(schema.required ?? []);
  const branches = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const properties = new Map(branches.flatMap((branch) => Object.entries(branch.properties ?? {})));
  return [...properties]
    .map(([name, property]) => {
      const plain = withoutNull(property);
      return {
        name,
        kind: kindOf(name, plain),
        schema: { ...plain, ...metaOf(property) },
        required: required.has(name) && property.default === undefined,
        options: optionsOf(plain),
      };
    })
    .sort((a, b) => Number(b.required) - Number(a.required));
}

/** `anyOf: [T, null]` is an optional T. */
function withoutNull(schema: JsonSchema): JsonSchema {
  const options = (schema.anyOf ?? schema.oneOf)?.filter((option) => option.type !== "null");
  const [only] = options ?? [];
  return options?.length === 1 && only ? only : schema;
}

function metaOf(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema).filter(([key]) =>
      ["title", "x-title", "help", "x-help", "description", "secret", "default"].includes(key),
    ),
  );
}

function optionsOf(schema: JsonSchema): readonly (string | number)[] {
  if (schema.enum) return schema.enum;
  const constants = (schema.anyOf ?? schema.oneOf ?? []).flatMap((option) =>
    typeof option.const === "string" || typeof option.const === "number" ? [option.const] : [],
  );
  return constants;
}

function kindOf(name: string, schema: JsonSchema): FieldKind {
  const type = typeof schema.type === "string" ? schema.type : schema.type?.find((item) => item !== "null");
  if (schema.secret) return "secret";
  if (optionsOf(schema).length > 0) return "choice";
  if (type === "boolean") return "boolean";
  if (type === "number" || type === "integer") return "number";
  if (type === "array")
    return schema.items === undefined || schema.items.type === "string" || schema.items.type === undefined
      ? "list"
      : "json";
  if (type === "object") return "json";
  return /colou?r$/i.test(name) ? "color" : "text";
}

export function wordsOf(words: Words | undefined, language: Language): string | undefined {
  return typeof words === "string" ? words : (words?.[language] ?? words?.zh ?? words?.en);
}

export function labelOf(field: ConfigField, language: Language): string {
  return wordsOf(field.schema["x-title"] ?? field.schema.title, language) ?? field.name;
}

export function helpOf(field: ConfigField, language: Language): string | undefined {
  return wordsOf(field.schema["x-help"] ?? field.schema.help, language) ?? field.schema.description;
}

/** Only what has a value is sent; an untouched secret goes back as its mask. */
export function toConfig(
  fields: readonly ConfigField[],
  values: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const { name, kind } of fields) {
    const value = values[name];
    if (value === undefined || value === null || value === "") continue;
    config[name] =
      kind === "json" && typeof value === "string"
        ? JSON.parse(value)
        : typeof value === "string"
          ? value.trim()
          : value;
  }
  return config;
}

export function toValues(
  fields: readonly ConfigField[],
  config: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  return Object.fromEntries(
    fields.map(({ name, kind, schema }) => {
      const value = config[name] ?? schema.default;
      return [name, kind === "json" && value !== undefined ? JSON.stringify(value, null, 2) : value];
    }),
  );
}
