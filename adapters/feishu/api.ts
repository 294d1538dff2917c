import { z } from "zod";
import type { AdapterDeps } from "../../src/core/adapter.ts";
import { type AccessTokens, createAccessTokens } from "../shared/access-token.ts";
import { callPlatform, type PlatformAnswer, type PlatformCall } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { FeishuConfig } from "./config.ts";

export type FeishuAnswer =
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly receipt: FailedReceipt; readonly code?: number };

export interface FeishuApi {
  call(
    call: Pick<PlatformCall, "method" | "json" | "body" | "signal"> & { readonly path: string },
  ): Promise<FeishuAnswer>;
  readonly tokens: AccessTokens;
}

/** https://open.feishu.cn/document/server-docs/getting-started/server-error-codes: the token ended or was replaced. */
const STALE_TOKEN = new Set([99991661, 99991663, 99991664, 99991668, 99991671]);

export function createApi(config: FeishuConfig, deps: AdapterDeps): FeishuApi {
  const root = `${config.apiRoot.replace(/\/+$/, "")}/open-apis`;
  const tokens = createAccessTokens(deps, "tenant_access_token", async () => {
    const json = { app_id: config.appId, app_secret: config.appSecret };
    const answer = toAnswer(await callPlatform(deps, { url: `${root}/auth/v3/tenant_access_token/internal`, json }));
    // Nothing of the message has left, whatever became of the token.
    if (!answer.ok) return { ok: false, receipt: notSent(answer.receipt) };
    const token = tokenSchema.safeParse(answer.data).data;
    if (token === undefined) return { ok: false, receipt: refused("delivery.unavailable", "Feishu gave no token.") };
    return { ok: true, token: token.tenant_access_token, expiresInMs: token.expire * 1000 };
  });
  return {
    tokens,
    async call({ path, signal, ...call }) {
      if (signal?.aborted)
        return {
          ok: false,
          receipt: refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true }),
        };
      const token = await tokens.get();
      if (!token.ok) return token;
      const post = async (bearer: string) =>
        toAnswer(
          await callPlatform(deps, {
            url: `${root}/${path}`,
            headers: { authorization: `Bearer ${bearer}` },
            signal,
            ...call,
          }),
        );
      const answer = await post(token.token);
      if (answer.ok || answer.code === undefined || !STALE_TOKEN.has(answer.code)) return answer;
      const renewed = await tokens.renew(token.token);
      return renewed.ok ? post(renewed.token) : renewed;
    },
  };
}

const tokenSchema = z.object({ tenant_access_token: z.string().min(1), expire: z.number().positive() });
const answerSchema = z.looseObject({ code: z.number(), msg: z.string().optional() });

function toAnswer(answer: PlatformAnswer): FeishuAnswer {
  if (!answer.answered) return { ok: false, receipt: answer.receipt };
  const body = answerSchema.safeParse(answer.body).data;
  if (body === undefined)
    return { ok: false, receipt: refusedByStatus(answer.status, answer.headers, `Feishu answered ${answer.status}.`) };
  if (body.code === 0) return { ok: true, data: body.data ?? body };
  const detail = `Feishu: ${(body.msg ?? "").slice(0, 200)} (${body.code})`;
  return {
    ok: false,
    code: body.code,
    receipt: toReceipt({ code: body.code, status: answer.status, headers: answer.headers, detail }),
  };
}

const RATE_LIMITED = new Set([99991400, 230020, 11232, 11233]);
/** The bot is not in the chat, the person left it or may not see it, the group is dissolved, they stopped its messages. */
const GONE = new Set([230002, 230013, 230029, 230034, 230053, 232009]);
const UNAUTHORIZED = new Set([10003, 10012, 10014, 230006, 230027, 99991401, 99991672, 99991679, ...STALE_TOKEN]);

/** https://open.feishu.cn/document/server-docs/im-v1/message/create#error-codes */
function toReceipt(answer: {
  readonly code: number;
  readonly status: number;
  readonly headers: Headers;
  readonly detail: string;
}): FailedReceipt {
  const { code, status, headers, detail } = answer;
  if (RATE_LIMITED.has(code) || status === 429) {
    // Seconds until the limit is lifted; said with 429 and with 400. https://open.feishu.cn/document/server-docs/api-call-guide/frequency-control
    const reset = headers.get("x-ogw-ratelimit-reset") ?? "";
    return refused("delivery.rate_limited", detail, {
      retryAfterMs: /^\d{1,5}$/.test(reset) ? Math.max(1, Number(reset)) * 1000 : 1000,
    });
  }
  if (GONE.has(code)) return refused("delivery.recipient_gone", detail);
  if (UNAUTHORIZED.has(code)) return refused("delivery.unauthorized", detail);
  // A code in a 200 is an answer of the message service: it has not taken it.
  return status < 400 ? refused("delivery.bad_request", detail) : refusedByStatus(status, headers, detail);
}

function notSent(receipt: FailedReceipt): FailedReceipt {
  return receipt.code === "delivery.outcome_unknown" ? { ...receipt, code: "delivery.unavailable" } : receipt;
}
