/**
 * The one door out of a Worker; `security.md` CN-4. Addresses cannot be pinned here, so names are what is judged, and the runtime
 * itself keeps calls on the public internet (`global_fetch_strictly_public`).
 */
import type { AdapterDeps } from "../core/adapter.ts";
import { isAddress } from "../core/addresses.ts";
import { ForbiddenError } from "../core/errors.ts";

const CALL_MS = 30_000;
const MAX_ANSWER = 25 * 1024 * 1024;
/** Names that mean something else inside a network than outside. https://www.iana.org/assignments/special-use-domain-names */
const INTERNAL = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|private|home\.arpa|onion|test|invalid)$/;

/** @param allowed `host[:port]` that may be private and plain http: the deployer's word alone */
export function createSafeFetch(
  allowed: readonly string[],
  fetchNow: typeof fetch = (...call) => fetch(...call),
): typeof fetch {
  const trusted = new Set(allowed.map((host) => host.toLowerCase()));
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const url = new URL(request?.url ?? String(input));
    const isTrusted = (trusted.has(url.host) || trusted.has(url.hostname)) && /^https?:$/.test(url.protocol);
    if (url.username !== "" || url.password !== "" || !(isTrusted || isPublic(url))) throw refused();
    const given = init?.signal ?? request?.signal ?? undefined;
    const deadline = AbortSignal.timeout(CALL_MS);
    const signal = given === undefined ? deadline : AbortSignal.any([given, deadline]);
    // Credentials go to the configured origin and nowhere else. A Worker's fetch knows no "error", so a redirect is made one here.
    const response = await fetchNow(input, { ...init, redirect: "manual", signal });
    if (response.status >= 300 && response.status < 400 && response.headers.has("location")) {
      await response.body?.cancel();
      throw new TypeError("fetch failed: the answer is a redirect");
    }
    return limited(response);
  };
}

/** The same for what is no HTTP: the name is judged, and is what is connected to. */
export function createNameCheck(allowed: readonly string[]): NonNullable<AdapterDeps["resolve"]> {
  const trusted = new Set(allowed.map((host) => host.toLowerCase()));
  return async ({ host, port }) => {
    const name = host.toLowerCase();
    if (!trusted.has(name) && !trusted.has(`${name}:${port}`) && !isPublicName(name)) throw refused();
    return host;
  };
}

function isPublic(url: URL): boolean {
  return url.protocol === "https:" && isPublicName(url.hostname);
}

function isPublicName(hostname: string): boolean {
  const host = hostname.replace(/\.$/, "").toLowerCase();
  return !isAddress(host.replace(/^\[|\]$/g, "")) && host.includes(".") && !INTERNAL.test(host);
}

function limited(response: Response): Response {
  if (Number(response.headers.get("content-length")) > MAX_ANSWER)
    throw new TypeError("fetch failed: the answer is too large");
  if (response.body === null) return response;
  let size = 0;
  const count = new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
    transform(chunk, controller) {
      size += chunk.byteLength;
      if (size > MAX_ANSWER) controller.error(new TypeError("the answer is too large"));
      else controller.enqueue(chunk);
    },
  });
  return new Response(response.body.pipeThrough(count), response);
}

function refused(): ForbiddenError {
  return new ForbiddenError("outbound.address_not_allowed", "This address may not be called.");
}
