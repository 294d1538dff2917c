import type { AdapterDeps, FetchedMedia, SendOptions } from "../../src/core/adapter.ts";
import { UnavailableError } from "../../src/core/errors.ts";

/**
 * A file somebody sent, from the platform that keeps it; undefined when it is gone for good (403, 404, 410).
 * @throws {UnavailableError} `channel.media_unavailable`: not now. The cause stays out: its words may quote a url that holds a token.
 */
export async function fetchMediaFile(
  { fetch }: Pick<AdapterDeps, "fetch">,
  { url, headers = {} }: { readonly url: string; readonly headers?: Readonly<Record<string, string>> },
  { signal }: SendOptions,
): Promise<FetchedMedia | undefined> {
  const response = await fetch(url, { headers: { ...headers }, signal: signal ?? null }).catch(() => {
    throw new UnavailableError("channel.media_unavailable", "The file could not be fetched.");
  });
  if ([403, 404, 410].includes(response.status)) return undefined;
  if (response.status !== 200 || response.body === null) {
    throw new UnavailableError("channel.media_unavailable", `The file was answered with ${response.status}.`);
  }
  return { body: response.body, ...factsOf(response) };
}

/** What an answer says of the file in it. */
export function factsOf({ headers }: Response): Omit<FetchedMedia, "body"> {
  const mime = headers.get("content-type");
  const length = headers.get("content-length") ?? "";
  return { ...(mime === null ? {} : { mime }), ...(/^\d{1,15}$/.test(length) ? { size: Number(length) } : {}) };
}
