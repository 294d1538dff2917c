import { z } from "zod";
import { type Content, contentSchema } from "../../src/core/content.ts";
import { cleanText, shorten } from "../../src/core/text.ts";

/** A platform's id, kept as text exactly as sent (`security.md` WH-8); refuses what no database can hold. */
export const wireId = z
  .union([z.string().min(1).max(500), z.int()])
  .transform(String)
  .refine((id) => id.isWellFormed() && !id.includes("\u0000"), "An id is well-formed text.");

/** Words a platform brings: made storable, so that a NUL or half a surrogate pair never reaches SQL. */
export const wireText = z.string().transform(cleanText);

/** A person's or file's name: only shown, so a monstrous one is shortened. */
export const wireName = wireText.transform((name) => shorten(name, 255, "utf16"));

/** A content read from a webhook, or `unsupported` when it is not one we could store and show: the last step of every `parse`. */
export function soundContent(content: Content): Content {
  const checked = contentSchema.safeParse(content);
  return checked.success ? checked.data : { type: "unsupported", kind: content.type };
}
