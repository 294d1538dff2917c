/** The door out for what is no HTTP (SMTP): the same addresses as `safe-fetch.ts`, checked once and connected to by number; `security.md` CN-1, CN-2. */
import { lookup } from "node:dns/promises";
import type { AdapterDeps } from "../core/adapter.ts";
import { isAddress, isGlobalAddress } from "../core/addresses.ts";
import { ForbiddenError } from "../core/errors.ts";

type Lookup = (host: string) => Promise<readonly { readonly address: string }[]>;

/** @param allowed `host[:port]` that may be private: the deployer's word alone */
export function createSafeConnect(
  allowed: readonly string[],
  resolve: Lookup = (host) => lookup(host, { all: true }),
): NonNullable<AdapterDeps["resolve"]> {
  const trusted = new Set(allowed.map((host) => host.trim().toLowerCase()).filter((host) => host !== ""));
  return async ({ host, port }) => {
    const name = host.replace(/^\[|\]$/g, "").toLowerCase();
    const isTrusted = [name, `[${name}]`].some((one) => trusted.has(one) || trusted.has(`${one}:${port}`));
    const addresses = isAddress(name) ? [name] : (await resolve(name)).map(({ address }) => address);
    const [first] = addresses;
    // Every one of them: a name with one good and one bad address would be a matter of luck.
    if (first === undefined || !(isTrusted || addresses.every(isGlobalAddress))) {
      throw new ForbiddenError("outbound.address_not_allowed", "This address may not be connected to.");
    }
    return first;
  };
}
