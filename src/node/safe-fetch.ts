/** The one door out: https to global addresses, each checked when it is connected to; `security.md` §9. */
import { type LookupAddress, lookup as resolve } from "node:dns";
import { Agent, request, fetch as undiciFetch } from "undici";
import { isAddress, isGlobalAddress } from "../core/addresses.ts";
import { ForbiddenError } from "../core/errors.ts";

const CONNECT_MS = 3000;
const CALL_MS = 30_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const LIMITS = {
  maxResponseSize: 25 * 1024 * 1024,
  headersTimeout: CALL_MS,
  bodyTimeout: CALL_MS,
  keepAliveTimeout: 30_000,
};

/** @param allowed `host[:port]` that may be private and plain http: the deployer's word alone */
export function createSafeFetch(allowed: readonly string[]): typeof fetch {
  const trusted = new Set(allowed.map((host) => host.trim().toLowerCase()).filter((host) => host !== ""));
  const isTrusted = (url: URL) => trusted.has(url.host) || trusted.has(url.hostname);

  const checked = new Agent({
    connect: {
      timeout: CONNECT_MS,
      // The addresses that are checked are the addresses that are connected to.
      lookup: (hostname, options, done) => {
        resolve(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
          if (error !== null) return done(error, "", 0);
          const bad = found.find(({ address }) => !isGlobalAddress(address));
          if (bad !== undefined || found.length === 0)
            return done(Object.assign(new Error("address not allowed"), { code: "EACCES" }), "", 0);
          const [first] = found;
          if (options.all) return done(null, found as never, 0);
          return done(null, first?.address ?? "", first?.family ?? 4);
        });
      },
    },
    ...LIMITS,
  });
  const open = new Agent({ connect: { timeout: CONNECT_MS }, ...LIMITS });

  const safe = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const given = input instanceof Request ? input : undefined;
    const url = new URL(given?.url ?? String(input));
    const local = isTrusted(url);
    if (
      url.username !== "" ||
      url.password !== "" ||
      !(url.protocol === "https:" || (local && url.protocol === "http:"))
    )
      throw refused();
    if (!local && isAddress(url.hostname) && !isGlobalAddress(url.hostname.replace(/^\[|\]$/g, ""))) throw refused();
    const common = {
      // A caller's own limit is the limit; the agents' are behind it.
      signal: init?.signal ?? given?.signal ?? AbortSignal.timeout(CALL_MS),
      dispatcher: local ? open : checked,
    };
    if (given === undefined && typeof init?.body === "string") return post(url, { ...init, body: init.body }, common);
    const options = {
      ...(given === undefined
        ? {}
        : {
            method: given.method,
            headers: [...given.headers],
            body: given.body === null ? undefined : new Uint8Array(await given.arrayBuffer()),
          }),
      ...init,
      // Credentials go to the configured origin and nowhere else.
      redirect: "error",
      ...common,
    };
    // undici's own types and the DOM's describe the same objects.
    return (await undiciFetch(url, options as never)) as unknown as Response;
  };
  return safe as typeof fetch;
}

function refused(): ForbiddenError {
  return new ForbiddenError("outbound.address_not_allowed", "This address may not be called.");
}

/** A text sent and its answer read whole: every message to a platform. A quarter of the work of `fetch`, which is made for more. */
async function post(
  url: URL,
  { method = "GET", headers, body }: RequestInit & { readonly body: string },
  common: { readonly signal: AbortSignal; readonly dispatcher: Agent },
): Promise<Response> {
  const answer = await request(url, {
    method: method as "POST",
    headers: {
      accept: "*/*",
      "user-agent": "xiaoer",
      "content-type": "text/plain;charset=UTF-8",
      ...Object.fromEntries(new Headers(headers)),
      "accept-encoding": "identity",
    },
    body,
    ...common,
  });
  if (REDIRECTS.has(answer.statusCode)) {
    await answer.body.dump();
    throw new TypeError("The answer is a redirect, and none is followed.");
  }
  const bytes = new Uint8Array(await answer.body.arrayBuffer());
  const named = Object.entries(answer.headers).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
  const encoding = named.find(([name]) => name === "content-encoding")?.[1] ?? "identity";
  if (encoding !== "identity") throw new TypeError(`The answer is encoded with ${encoding}, which nobody asked for.`);
  return new Response(bytes.length === 0 ? null : bytes, { status: answer.statusCode, headers: named });
}
