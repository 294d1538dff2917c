import { z } from "zod";
import type { AdapterDeps } from "../../src/core/adapter.ts";
import { callPlatform } from "../shared/call.ts";

const MAX_AGE_MS = 24 * 3_600_000;
const UNKNOWN_EVERY_MS = 60_000;
const FAILED_EVERY_MS = 5000;
const TIMEOUT_MS = 5000;

const keySchema = z.object({
  kid: z.string().min(1),
  kty: z.literal("RSA"),
  n: z.string(),
  e: z.string(),
  /** The channels it may speak for. */
  endorsements: z.array(z.string()).optional(),
});
export type Key = z.output<typeof keySchema>;

/** Microsoft's signing keys, kept for a day at most. */
export interface Keys {
  /** Undefined when there is no such key, or none can be had now. An unknown id asks again once a minute, in one flight. */
  find(kid: string): Promise<Key | undefined>;
  /** Asks now; whether there was an answer. */
  refresh(): Promise<boolean>;
}

export function createKeys(openIdMetadataUrl: string, deps: AdapterDeps): Keys {
  const { now } = deps;
  let keys: readonly Key[] = [];
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let nextAskAt = Number.NEGATIVE_INFINITY;
  let flight: Promise<boolean> | undefined;

  async function load(): Promise<boolean> {
    nextAskAt = now() + UNKNOWN_EVERY_MS;
    const fetched = await fetchKeys(openIdMetadataUrl, deps);
    if (fetched.length === 0) {
      nextAskAt = now() + FAILED_EVERY_MS;
      return false;
    }
    keys = fetched;
    fetchedAt = now();
    return true;
  }

  function refresh(): Promise<boolean> {
    flight ??= load().finally(() => {
      flight = undefined;
    });
    return flight;
  }

  const lookUp = (kid: string) => (now() - fetchedAt < MAX_AGE_MS ? keys.find((key) => key.kid === kid) : undefined);

  return {
    refresh,
    async find(kid) {
      if (lookUp(kid) === undefined && (flight !== undefined || now() >= nextAskAt)) await refresh();
      return lookUp(kid);
    },
  };
}

/** https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#openid-metadata-document */
async function fetchKeys(openIdMetadataUrl: string, deps: AdapterDeps): Promise<readonly Key[]> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const get = async (url: string) => {
    const answer = await callPlatform(deps, { url, method: "GET", signal });
    return answer.answered && answer.status === 200 ? answer.body : undefined;
  };
  const metadata = z.object({ jwks_uri: z.url({ protocol: /^https?$/ }) }).safeParse(await get(openIdMetadataUrl)).data;
  if (metadata === undefined) return [];
  const jwks = z.object({ keys: z.array(z.unknown()) }).safeParse(await get(metadata.jwks_uri)).data;
  return (jwks?.keys ?? []).flatMap((key) => keySchema.safeParse(key).data ?? []);
}
