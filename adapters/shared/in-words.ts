import { PLAIN_TEXT, type Receipt } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { lower } from "../../src/core/lower.ts";
import type { TextUnit } from "../../src/core/text.ts";
import { refused } from "./receipts.ts";

export interface TextLimits {
  readonly maxTextLength: number;
  /** @default "utf16" */
  readonly textUnit?: TextUnit;
}

/** What remains of a content that a platform will not take as it is: the same in nothing but texts, as many as it takes. */
export function textsOf(content: Content, { maxTextLength, textUnit = "utf16" }: TextLimits): readonly string[] {
  const parts = lower(content, { ...PLAIN_TEXT, maxTextLength, textUnit });
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : []));
}

/** One after another: the first that fails ends it, and the last one's receipt stands for all. */
export async function sayInTurn<T>(
  parts: readonly T[],
  say: (part: T, index: number) => Promise<Receipt>,
): Promise<Receipt> {
  let receipt: Receipt = refused("delivery.bad_request", "There is nothing to say.");
  for (const [index, part] of parts.entries()) {
    receipt = await say(part, index);
    if (!receipt.ok) break;
  }
  return receipt;
}

/** Platforms fetch pictures and files themselves, and know addresses of the web only. */
export function isWebUrl(url: string | undefined): url is string {
  return url !== undefined && /^https?:\/\//.test(url);
}
