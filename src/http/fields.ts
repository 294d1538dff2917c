import { z } from "@hono/zod-openapi";
import { cleanText } from "../core/text.ts";

/** Drops absent optional fields, which the desk's types do not take as `undefined`. */
export const present = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

export const words = (max: number) => z.string().max(max).transform(cleanText);
export const moment = z.iso.datetime({ offset: true }).transform((text) => Date.parse(text));
