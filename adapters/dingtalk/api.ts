import { z } from "zod";
import type { AdapterDeps } from "../../src/core/adapter.ts";
import { createAccessTokens } from "../shared/access-token.ts";
import { callPlatform, type PlatformAnswer, type PlatformCall } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { DingtalkConfig } from "./config.ts";

export type DingtalkAnswer =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly receipt: FailedReceipt; readonly code?: string };

type Signal = PlatformCall["signal"];

export interface DingtalkApi {
  /** The new API, with the app's token. */
  post(path: string, json: object, signal: Signal): Promise<DingtalkAnswer>;
  /** An address that a message brought: allowed by itself, for a while. */
  postToSession(url: string, json: object, signal: Signal): Promise<DingtalkAnswer>;
  /** Whether the app's key and secret are taken. */
  authorize(signal: Signal): Promise<DingtalkAnswer>;
  /** Addresses in payloads are followed to DingTalk only (`security.md` CN-1). */
  isDingtalks(url: string): boolean;
}

/** Files are at Alibaba's object store. */
const HOSTS = /(?:^|\.)(?:dingtalk\.com|aliyuncs\.com)$/;
const SESSION_HOSTS = /(?:^|\.)dingtalk\.com$/;

export function createApi(config: DingtalkConfig, deps: AdapterDeps): DingtalkApi {
  const root = config.apiRoot.replace(/\/+$/, "");
  const isAllowed = (address: string, hosts: RegExp) => {
    const url = URL.canParse(address) ? new URL(address) : undefined;
    return (
      url !== undefined &&
      ((url.protocol === "https:" && hosts.test(url.hostname)) || url.origin === new URL(root).origin)
    );
  };
  const authorize = async (signal: Signal) => {
    const json = { appKey: config.appKey, appSecret: config.appSecret };
    return toAnswer(await callPlatform(deps, { url: `${root}/v1.0/oauth2/accessToken`, json, signal }));
  };
  const tokens = createAccessTokens(deps, "access_token", async () => {
    const answer = await authorize(undefined);
    // Nothing of the message has left, whatever became of the token.
    if (!answer.ok) return { ok: false, receipt: notSent(answer.receipt) };
    const token = tokenSchema.safeParse(answer.body).data;
    if (token === undefined) return { ok: false, receipt: refused("delivery.unavailable", "DingTalk gave no token.") };
    return { ok: true, token: token.accessToken, expiresInMs: token.expireIn * 1000 };
  });
  return {
    authorize,
    isDingtalks: (url) => isAllowed(url, HOSTS),
    async post(path, json, signal) {
      if (signal?.aborted)
        return {
          ok: false,
          receipt: refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true }),
        };
      const token = await tokens.get();
      if (!token.ok) return token;
      const call = async (bearer: string) => {
        const headers = { "x-acs-dingtalk-access-token": bearer };
        return toAnswer(await callPlatform(deps, { url: `${root}/${path}`, headers, json, signal }));
      };
      const answer = await call(token.token);
      if (answer.ok || !STALE_TOKEN.test(answer.code ?? "")) return answer;
      const renewed = await tokens.renew(token.token);
      return renewed.ok ? call(renewed.token) : renewed;
    },
    async postToSession(url, json, signal) {
      if (!isAllowed(url, SESSION_HOSTS))
        return { ok: false, receipt: refused("delivery.bad_request", "Not DingTalk's."), code: SESSION_OVER };
      return toAnswer(await callPlatform(deps, { url, json, signal }));
    },
  };
}

const tokenSchema = z.object({ accessToken: z.string().min(1), expireIn: z.number().positive() });
/** The new API says `code` with a 4xx, the old one `errcode` with 200. */
const faultSchema = z.union([
  z.object({ errcode: z.number(), errmsg: z.string().optional() }),
  z.object({ code: z.string(), message: z.string().optional() }),
]);

const STALE_TOKEN = /^(?:InvalidAuthentication|invalidAccessToken|40014|42001|88)$/i;
/** The session's own key is unknown or over: the API may still be allowed to write. */
export const SESSION_OVER = "400101";

/** https://open.dingtalk.com/document/orgapp/custom-robot-access: the codes of robots. */
const OLD_CODES: Readonly<Record<string, readonly [FailedReceipt["code"], waitMs?: number]>> = {
  "-1": ["delivery.unavailable"],
  "88": ["delivery.unauthorized"],
  "40014": ["delivery.unauthorized"],
  "42001": ["delivery.unauthorized"],
  "300001": ["delivery.unauthorized"],
  "310000": ["delivery.unauthorized"],
  "400013": ["delivery.recipient_gone"],
  "400101": ["delivery.unauthorized"],
  "400102": ["delivery.unauthorized"],
  "400106": ["delivery.unauthorized"],
  // Twenty a minute; the robot is silenced for ten.
  "130101": ["delivery.rate_limited", 600_000],
  "410100": ["delivery.rate_limited", 60_000],
};

function toAnswer(answer: PlatformAnswer): DingtalkAnswer {
  if (!answer.answered) return { ok: false, receipt: answer.receipt };
  const { status, headers, body } = answer;
  const fault = faultSchema.safeParse(body).data;
  if (fault !== undefined && "errcode" in fault) {
    if (fault.errcode === 0) return { ok: true, body };
    const [code, retryAfterMs] = OLD_CODES[String(fault.errcode)] ?? (["delivery.bad_request"] as const);
    const detail = `DingTalk: ${(fault.errmsg ?? "").slice(0, 200)} (${fault.errcode})`;
    return {
      ok: false,
      code: String(fault.errcode),
      receipt: refused(code, detail, retryAfterMs === undefined ? {} : { retryAfterMs }),
    };
  }
  if (status < 300 && typeof body === "object" && body !== null) return { ok: true, body };
  if (fault === undefined)
    return { ok: false, receipt: refusedByStatus(status, headers, `DingTalk answered ${status}.`) };
  const detail = `DingTalk: ${(fault.message ?? "").slice(0, 200)} (${fault.code.slice(0, 100)})`;
  return { ok: false, code: fault.code, receipt: toReceipt({ status, headers, code: fault.code, detail }) };
}

/** https://open.dingtalk.com/document/orgapp/error-code: names, whose first words say the kind. */
function toReceipt(answer: {
  readonly status: number;
  readonly headers: Headers;
  readonly code: string;
  readonly detail: string;
}): FailedReceipt {
  const { status, headers, code, detail } = answer;
  if (status === 429 || /QpsLimit|Throttl|FlowControl|TooManyRequests/i.test(code)) {
    return refusedByStatus(429, headers, detail);
  }
  if (
    /staff(?:Id)?\.?(?:not|in)|userid\.?(?:not|in)|user\.?notexist|conversation\.?(?:not|in)|group\.?(?:not|dis)/i.test(
      code,
    )
  ) {
    return refused("delivery.recipient_gone", detail);
  }
  return refusedByStatus(status, headers, detail);
}

function notSent(receipt: FailedReceipt): FailedReceipt {
  return receipt.code === "delivery.outcome_unknown" ? { ...receipt, code: "delivery.unavailable" } : receipt;
}
