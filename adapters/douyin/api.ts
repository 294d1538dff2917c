import { z } from "zod";
import type { AdapterDeps, DeliveryCode } from "../../src/core/adapter.ts";
import { createAccessTokens } from "../shared/access-token.ts";
import { callPlatform, type PlatformCall } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { DouyinConfig } from "./config.ts";

export interface DouyinApi {
  /** A token refused is renewed and the call repeated once. */
  call(path: string, call: Pick<PlatformCall, "json" | "signal" | "method">): Promise<DouyinAnswer>;
  /** Asks for a new token: whether the credentials hold today. */
  check(): Promise<FailedReceipt | undefined>;
}

type DouyinAnswer =
  | { readonly ok: true; readonly data: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly receipt: FailedReceipt; readonly code?: number };

/** Answers come as `data` with its own outcome, some with `extra` beside it. */
const answerSchema = z.object({
  data: z.object({ error_code: z.int().default(0), description: z.string().default("") }).loose(),
});
const tokenSchema = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() });

/** https://developer.open-douyin.com/docs/resource/zh-CN/dop/develop/openapi/error-code; what is not here is a fault of the request. */
const MEANINGS: Readonly<Record<number, DeliveryCode>> = {
  2100001: "delivery.rate_limited",
  2100004: "delivery.unavailable",
  28001005: "delivery.unavailable",
  2190001: "delivery.quota_exhausted",
  2100007: "delivery.unauthorized",
  2190002: "delivery.unauthorized",
  2190003: "delivery.unauthorized",
  2190004: "delivery.unauthorized",
  2190008: "delivery.unauthorized",
  28001003: "delivery.unauthorized",
  28001008: "delivery.unauthorized",
  28001018: "delivery.unauthorized",
  2100009: "delivery.recipient_gone",
};
const TOKEN_REFUSED = new Set([2190002, 2190008, 28001003, 28001008]);

export function createDouyinApi(config: DouyinConfig, deps: AdapterDeps): DouyinApi {
  const root = config.apiRoot.replace(/\/+$/, "");
  // https://developer.open-douyin.com/docs/resource/zh-CN/dop/develop/openapi/account-permission/client-token
  const tokens = createAccessTokens(deps, "access_token", async () => {
    const json = { client_key: config.clientKey, client_secret: config.clientSecret, grant_type: "client_credential" };
    const answer = await post("/oauth/client_token/", { json });
    if (!answer.ok) return { ok: false, receipt: notSent(answer.receipt) };
    const token = tokenSchema.safeParse(answer.data).data;
    return token === undefined
      ? { ok: false, receipt: refused("delivery.unavailable", "Douyin gave no access token.") }
      : { ok: true, token: token.access_token, expiresInMs: token.expires_in * 1000 };
  });

  async function post(path: string, call: Omit<PlatformCall, "url">): Promise<DouyinAnswer> {
    const answer = await callPlatform(deps, { url: `${root}${path}`, ...call });
    if (!answer.answered) return { ok: false, receipt: answer.receipt };
    const data = answerSchema.safeParse(answer.body).data?.data;
    if (data === undefined) {
      return {
        ok: false,
        receipt: refusedByStatus(answer.status, answer.headers, `Douyin answered ${answer.status}.`),
      };
    }
    if (data.error_code === 0) return { ok: true, data };
    const code = MEANINGS[data.error_code] ?? "delivery.bad_request";
    const wait = code === "delivery.rate_limited" ? { retryAfterMs: 60_000 } : {};
    const detail = `Douyin ${data.error_code}: ${data.description.slice(0, 200)}`;
    return { ok: false, code: data.error_code, receipt: refused(code, detail, wait) };
  }

  return {
    async call(path, call) {
      if (call.signal?.aborted) {
        return {
          ok: false,
          receipt: refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true }),
        };
      }
      const token = await tokens.get();
      if (!token.ok) return token;
      const answer = await post(path, { ...call, headers: { "access-token": token.token } });
      if (answer.ok || answer.code === undefined || !TOKEN_REFUSED.has(answer.code)) return answer;
      const renewed = await tokens.renew(token.token);
      return renewed.ok ? post(path, { ...call, headers: { "access-token": renewed.token } }) : renewed;
    },
    async check() {
      const token = await tokens.get();
      const renewed = token.ok ? await tokens.renew(token.token) : token;
      return renewed.ok ? undefined : renewed.receipt;
    },
  };
}

/** A token is no message: when its outcome is unknown, nothing has been said. */
function notSent(receipt: FailedReceipt): FailedReceipt {
  return receipt.code === "delivery.outcome_unknown" ? { ...receipt, code: "delivery.unavailable" } : receipt;
}
