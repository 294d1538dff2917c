import { z } from "zod";
import type { AdapterDeps } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { fromBase64 } from "../shared/hmac.ts";
import { SERVICE_URLS, type TeamsConfig } from "./config.ts";
import type { Key, Keys } from "./keys.ts";
import type { Origin } from "./schema.ts";

const MAX_TOKEN_LENGTH = 8192;
const ISSUER = "https://api.botframework.com";
const RULES = { algorithms: ["RS256"], issuer: ISSUER, requiredClaims: ["exp"], clockTolerance: 300 };
const BEARER = /^Bearer ([\w-]+\.[\w-]+\.([\w-]+))$/i;
/** Where a token could bring its own key, or ask for rules we do not know. */
const REFUSED_HEADERS = ["jku", "x5u", "jwk", "crit"] as const;

/** What a token says of the request that carries it; it signs no body. Without `endorsements` its key may speak for any channel. */
export type Claims = Pick<Origin, "serviceUrl"> & Pick<Key, "endorsements">;

/**
 * Proves that the Bot Connector sent a request. Stricter than botbuilder, which answers 500 to a bad signature and takes a token without `exp`.
 * https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#connector-to-bot
 * @throws {SignatureError} for every cause alike.
 */
export async function createVerify(
  { appId }: TeamsConfig,
  keys: Keys,
  { now }: Pick<AdapterDeps, "now">,
): Promise<(headers: Headers) => Promise<Claims>> {
  const { importJWK, jwtVerify } = await import("jose");
  return async (headers) => {
    // A header sent twice arrives joined with a comma, which no token contains.
    const [, token = "", signature = ""] = BEARER.exec(headers.get("authorization") ?? "") ?? [];
    if (token === "" || token.length > MAX_TOKEN_LENGTH || !isCanonical(signature)) throw new SignatureError();
    let found: Key | undefined;
    try {
      const { payload } = await jwtVerify(
        token,
        async (header) => {
          if (REFUSED_HEADERS.some((name) => Object.hasOwn(header, name))) throw new SignatureError();
          found = await keys.find(header.kid ?? "");
          if (found === undefined) throw new SignatureError();
          return importJWK({ kty: found.kty, n: found.n, e: found.e }, "RS256");
        },
        { ...RULES, currentDate: new Date(now()) },
      );
      const claims = z.object({ aud: z.literal(appId), serviceurl: z.string().min(1) }).parse(payload);
      return { serviceUrl: claims.serviceurl, endorsements: found?.endorsements };
    } catch {
      // One wording for every cause: which check failed is nobody's business.
      throw new SignatureError();
    }
  };
}

/** Of the last character of base64 some bits count for nothing; the one right spelling has them zero. */
function isCanonical(base64Url: string): boolean {
  const base64 = base64Url.replaceAll("-", "+").replaceAll("_", "/");
  return fromBase64(base64.padEnd(Math.ceil(base64.length / 4) * 4, "=")) !== undefined;
}

/** Whether an activity may come from where it says (`security.md` WH-4). Without claims only the address is asked for. */
export function isAllowed(origin: Origin, claims: Claims | undefined, config: TeamsConfig): boolean {
  const { serviceUrl, channelId, tenants } = origin;
  if (!isAllowedUrl(serviceUrl, config)) return false;
  if (claims === undefined) return true;
  if (claims.serviceUrl !== serviceUrl || claims.endorsements?.includes(channelId) === false) return false;
  const { tenantId } = config;
  return tenantId === undefined || (tenants.length > 0 && tenants.every((tenant) => tenant === tenantId));
}

/** Answers, with our access token, go nowhere else; without authentication there is no token. */
export function isAllowedUrl(url: string, { allowedServiceUrls, auth }: TeamsConfig): boolean {
  if (!URL.canParse(url)) return false;
  return (allowedServiceUrls ?? (auth === "none" ? [new URL(url).origin] : SERVICE_URLS)).includes(new URL(url).origin);
}
