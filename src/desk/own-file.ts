import type { Content } from "../core/content.ts";
import { NotFoundError, UnsupportedTypeError } from "../core/errors.ts";
import { isFileContent, mimeFor } from "../core/media.ts";
import type { Deps } from "./deps.ts";

/**
 * A file somebody says must be theirs to say; what it is, we know better than they.
 * @param owners the conversation, or the agent who uploaded it
 * @throws {NotFoundError} `file.not_found`, also for a file that is another's
 * @throws {UnsupportedTypeError} `file.type_not_allowed`: a picture that is none
 */
export async function ownFile<C extends Content>(
  deps: Pick<Deps, "store">,
  { shopId, owners }: { readonly shopId: string; readonly owners: readonly string[] },
  content: C,
): Promise<C> {
  if (!isFileContent(content) || content.fileId === undefined) return content;
  const file = await deps.store.fileInfo(content.fileId);
  if (file === undefined || file.shopId !== shopId || !owners.includes(file.ownerId))
    throw new NotFoundError("file.not_found", "There is no such file.");
  const mime = mimeFor(content.type, file.mime);
  if (mime === undefined)
    throw new UnsupportedTypeError("file.type_not_allowed", `The file is ${file.mime}, which is no ${content.type}.`);
  // The link is made anew for whoever reads it.
  const { url: _of, ...said } = content;
  // Every field of C but the link, which is optional in each of them.
  return { ...said, name: content.name ?? file.name, mime, size: file.size } as C;
}
