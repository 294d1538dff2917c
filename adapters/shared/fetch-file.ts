import type { AdapterDeps, SendOptions } from "../../src/core/adapter.ts";

const DEFAULT_TIMEOUT_MS = 10_000;

/** A file by its public url, for platforms that want its bytes; undefined when it cannot be had or is too large. */
export async function fetchFile(
  deps: Pick<AdapterDeps, "fetch" | "timeoutMs">,
  { url, name, maxBytes }: { readonly url: string; readonly name?: string; readonly maxBytes: number },
  { signal }: SendOptions = {},
): Promise<{ readonly blob: Blob; readonly name: string } | undefined> {
  if (!/^https?:\/\//.test(url)) return undefined;
  const timeout = AbortSignal.timeout(deps.timeoutMs ?? DEFAULT_TIMEOUT_MS);
  try {
    const response = await deps.fetch(url, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const blob = await readUpTo(response, maxBytes);
    const last = decodeURIComponent(new URL(url).pathname.split("/").at(-1) ?? "");
    return blob && { blob, name: name ?? (last || "file") };
  } catch {
    // Whatever is in the way (a host that is down or not allowed, a bad escape in the path), the caller says the url in words instead.
    return undefined;
  }
}

async function readUpTo(response: Response, maxBytes: number): Promise<Blob | undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return undefined;
  const parts: BlobPart[] = [];
  let size = 0;
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    size += next.value.length;
    if (!response.ok || size > maxBytes) {
      // Ends the transfer; nobody waits for the other side to agree.
      reader.cancel().catch(() => undefined);
      return undefined;
    }
    parts.push(new Uint8Array(next.value));
  }
  const type = response.headers.get("content-type")?.split(";")[0] ?? "";
  return response.ok && size > 0 ? new Blob(parts, { type }) : undefined;
}
