/** Links to stored files: signed, with an end. */
import type { Content } from "../core/content.ts";
import { isFileContent, isOwnFile } from "../core/media.ts";
import type { Seal } from "../core/seal.ts";
import type { Deps } from "./deps.ts";

/** Platforms fetch a file when they please, and show it again from their own copy. */
const FOR_PLATFORMS_MS = 7 * 24 * 3_600_000;
/** A browser asks for a fresh link with every read of the message. `security.md` UP-2 */
const FOR_BROWSERS_MS = 10 * 60_000;

/** Ends at fixed times, so that a page that reads a message twice shows the same link, and a browser loads the file once. */
export function linkEnd(now: number, ttlMs: number): number {
  const step = ttlMs / 2;
  return Math.floor((now + ttlMs) / step) * step;
}

export async function filePath(seal: Seal, fileId: string, until: number): Promise<string> {
  return `/files/${fileId}?until=${until}&sig=${await seal.sign("file", `${fileId}|${until}`)}`;
}

export async function isGoodFileLink(
  seal: Seal,
  link: { readonly fileId: string; readonly until: number; readonly signature: string; readonly now: number },
): Promise<boolean> {
  return link.until > link.now && (await seal.verify("file", `${link.fileId}|${link.until}`, link.signature));
}

/** A file's content with a link a browser of ours can follow. A platform's own name for a file, which may hold a credential, stays here. */
export async function withBrowserLink(deps: Pick<Deps, "filePath">, content: Content): Promise<Content> {
  if (!isFileContent(content)) return content;
  if (isOwnFile(content.fileId)) return { ...content, url: await deps.filePath(content.fileId, FOR_BROWSERS_MS) };
  const { fileId: _theirs, ...shown } = content;
  return shown;
}

/** A file's content with a link a platform can follow from outside. */
export async function withPublicLink(deps: Pick<Deps, "filePath" | "publicUrl">, content: Content): Promise<Content> {
  if (!isFileContent(content) || !isOwnFile(content.fileId)) return content;
  return { ...content, url: `${deps.publicUrl()}${await deps.filePath(content.fileId, FOR_PLATFORMS_MS)}` };
}
