import { z } from "zod";
import type { AdapterDeps, DeliveryCode, SendOptions } from "../../src/core/adapter.ts";
import { callPlatform, type PlatformCall } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { DiscordConfig } from "./config.ts";

export type DiscordAnswer =
  | { readonly ok: true; readonly body: unknown }
  /** `code` is Discord's own. */
  | { readonly ok: false; readonly receipt: FailedReceipt; readonly code?: number };

/** One call of the API: with the bot's token, or none where the path holds an interaction's. */
export type DiscordApi = (
  method: NonNullable<PlatformCall["method"]>,
  path: string,
  request: SendOptions & { readonly json?: object; readonly asBot?: boolean },
) => Promise<DiscordAnswer>;

const errorSchema = z.object({
  message: z.string().default(""),
  code: z.number().optional(),
  retry_after: z.number().optional(),
});

export function createApi(config: DiscordConfig, deps: AdapterDeps): DiscordApi {
  const root = config.apiRoot.replace(/\/+$/, "").replace(/\/api(?:\/v\d+)?$/, "");
  return async (method, path, { json, signal, asBot = true }) => {
    const headers = {
      "user-agent": "DiscordBot (xiaoer, 1)",
      ...(json && { "content-type": "application/json" }),
      ...(asBot && { authorization: `Bot ${config.botToken}` }),
    };
    const answer = await callPlatform(deps, { url: `${root}/api/v10${path}`, method, headers, json, signal });
    if (!answer.answered) return { ok: false, receipt: answer.receipt };
    const { status, body } = answer;
    if (status >= 200 && status < 300) return { ok: true, body };
    const { message, code, retry_after } = errorSchema.safeParse(body).data ?? { message: "" };
    const detail = `Discord ${status}: ${[code, message].filter(Boolean).join(" ").slice(0, 200)}`;
    const receipt = toRefusal(status, code, detail) ?? refusedByStatus(status, answer.headers, detail);
    // Its own figure is in seconds with a fraction; the header is rounded up.
    const wait = status === 429 && retry_after !== undefined ? { retryAfterMs: Math.ceil(retry_after * 1000) } : {};
    return { ok: false, receipt: { ...receipt, ...wait }, ...(code !== undefined && { code }) };
  };
}

function toRefusal(status: number, code: number | undefined, detail: string): FailedReceipt | undefined {
  const meaning = status === 429 || code === undefined ? undefined : CODES[code];
  return meaning && refused(meaning, detail);
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#json */
const CODES: Readonly<Record<number, DeliveryCode>> = {
  // Unknown channel, server, user; missing access or permission; cannot message this user.
  10003: "delivery.recipient_gone",
  10004: "delivery.recipient_gone",
  10013: "delivery.recipient_gone",
  50001: "delivery.recipient_gone",
  50007: "delivery.recipient_gone",
  50013: "delivery.recipient_gone",
  50278: "delivery.recipient_gone",
  50035: "delivery.bad_request",
  130000: "delivery.unavailable",
};

/** Unknown webhook, unknown interaction, invalid webhook token: the fifteen minutes are over. */
export function isExpired(answer: DiscordAnswer): boolean {
  return !answer.ok && answer.code !== undefined && [10008, 10015, 10062, 50027].includes(answer.code);
}
