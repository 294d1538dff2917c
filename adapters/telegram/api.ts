import type { Telegram, TelegramError } from "telegraf";
import type { Telegram as Methods, Opts } from "telegraf/types";
import { z } from "zod";
import type { AdapterDeps } from "../../src/core/adapter.ts";
import { callPlatform, type PlatformCall } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { TelegramConfig } from "./config.ts";

/** telegraf's client with all its typed methods, its calls made through our own door. */
export interface TelegramApi extends Omit<Telegram, "callApi"> {
  /** @throws {TelegramError | UnansweredError} which `toReceipt` reads. */
  callApi<M extends keyof Methods>(
    method: M,
    payload: Opts<M>,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ReturnType<Methods[M]>>;
  /** The same with a file in the form: telegraf's own forms are node-fetch's. */
  upload<M extends keyof Methods>(
    method: M,
    form: FormData,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ReturnType<Methods[M]>>;
}

/** No answer came from Telegram. */
export class UnansweredError extends Error {
  readonly receipt: FailedReceipt;
  constructor(receipt: FailedReceipt) {
    super(receipt.detail);
    this.receipt = receipt;
  }
}

/** https://core.telegram.org/bots/api#making-requests */
const answerSchema = z.union([
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    error_code: z.number(),
    description: z.string().default(""),
    parameters: z.object({ retry_after: z.number().optional(), migrate_to_chat_id: z.number().optional() }).optional(),
  }),
]);

/**
 * telegraf calls node-fetch with a 500 s timeout, and so would pass by `deps.fetch` and its address checks (`security.md` CN-1) and not run
 * on Workers. All its methods go through `callApi`, so that one is ours.
 */
export async function createApi(config: TelegramConfig, deps: AdapterDeps): Promise<TelegramApi> {
  const { Telegram, TelegramError } = await import("telegraf");
  const root = `${config.apiRoot.replace(/\/+$/, "")}/bot${config.token}`;
  class DoorTelegram extends Telegram {
    override async callApi<M extends keyof Methods>(
      method: M,
      payload: Opts<M>,
      options: { readonly signal?: unknown } = {},
    ): Promise<ReturnType<Methods[M]>> {
      // telegraf names the AbortSignal of an old polyfill; ours is the platform's own.
      return this.post(method, { json: payload, signal: options.signal as AbortSignal | undefined });
    }

    upload<M extends keyof Methods>(method: M, body: FormData, options: { readonly signal?: AbortSignal } = {}) {
      return this.post(method, { body, signal: options.signal });
    }

    private async post<M extends keyof Methods>(
      method: M,
      call: Pick<PlatformCall, "json" | "body" | "signal">,
    ): Promise<ReturnType<Methods[M]>> {
      const answer = await callPlatform(deps, { url: `${root}/${method}`, ...call });
      if (!answer.answered) throw new UnansweredError(answer.receipt);
      const body = answerSchema.safeParse(answer.body);
      if (!body.success) {
        // A gateway's HTML page, or none at all.
        throw new TelegramError({ error_code: answer.status, description: "The answer is not Telegram's." });
      }
      if (!body.data.ok) throw new TelegramError(body.data, { method });
      // The documented result of the method; what is read of it is checked where it is read.
      return body.data.result as ReturnType<Methods[M]>;
    }
  }
  return new DoorTelegram(config.token, { apiRoot: config.apiRoot, webhookReply: false }) as TelegramApi;
}

export function isTelegramError(error: unknown): error is TelegramError {
  // telegraf is loaded lazily, so its class is not at hand here.
  return error instanceof Error && "response" in error && "on" in error;
}

/** What a failed call means. https://core.telegram.org/bots/api#responseparameters, and the server's own wording for 400 and 403. */
export function toReceipt(error: unknown): FailedReceipt {
  if (error instanceof UnansweredError) return error.receipt;
  if (!isTelegramError(error)) throw error;
  const { code, description, parameters } = error;
  const detail = `Telegram: ${description.slice(0, 200)}`;
  if (code === 429) {
    return refused("delivery.rate_limited", detail, { retryAfterMs: (parameters?.retry_after ?? 1) * 1000 });
  }
  if (code === 403) {
    const neverStarted = description.includes("can't initiate conversation");
    return refused(neverStarted ? "delivery.window_closed" : "delivery.recipient_gone", detail);
  }
  if (code === 400 && /chat not found|user not found|PEER_ID_INVALID|deactivated/i.test(description)) {
    return refused("delivery.recipient_gone", detail);
  }
  // An unknown token is no path of the API at all.
  if (code === 401 || code === 404) return refused("delivery.unauthorized", detail);
  return refusedByStatus(code, new Headers(), detail);
}
