import type { z } from "zod";

/** How the desk shows one configuration field. */
export interface FieldInfo {
  readonly title: { readonly zh: string; readonly en: string };
  /** Where to find the value at the platform, and what it does. */
  readonly help: { readonly zh: string; readonly en: string };
  /** Stored encrypted, never read back. */
  readonly secret?: boolean;
}

/** Describes a configuration field for the form the desk makes of it; goes on the field itself, outside `optional` and `default`. */
export function field<T extends z.ZodType>(schema: T, info: FieldInfo): T {
  // zod types `title` as one string; its registry and JSON Schema carry any value, and ours has two languages.
  return schema.meta(info as unknown as z.GlobalMeta);
}
