import type { messagingApi } from "@line/bot-sdk";
import { z } from "zod";
import type { AdapterDeps, SendOptions } from "../../src/core/adapter.ts";
import { callPlatform, type PlatformCall } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { LineConfig } from "./config.ts";

/** The SDK's client with all its typed methods, its calls made through our own door under the caller's signal. */
export type LineApi = (options: SendOptions) => messagingApi.MessagingApiClient;

/** LINE refused, or did not answer. */
export class LineError extends Error {
  readonly receipt: FailedReceipt;
  readonly status: number | undefined;
  /** What LINE says of it; there is no machine-readable code. */
  readonly said: z.output<typeof errorSchema>;
  constructor(receipt: FailedReceipt, status?: number, said: z.output<typeof errorSchema> = { message: "" }) {
    super(receipt.detail);
    this.receipt = receipt;
    this.status = status;
    this.said = said;
  }
}

/** https://developers.line.biz/en/reference/messaging-api/#error-responses; a repeated retry key brings what was sent. */
const errorSchema = z.object({
  message: z.string(),
  details: z.array(z.object({ message: z.string().optional(), property: z.string().optional() })).optional(),
  sentMessages: z.array(z.object({ id: z.string() })).optional(),
});

/**
 * The SDK calls the global `fetch` without a time limit, and so would pass by `deps.fetch` and its address checks. All its methods go through
 * one small client of its own, `httpClient`, so that one is ours.
 */
export async function createApi(config: LineConfig, deps: AdapterDeps): Promise<LineApi> {
  const { messagingApi } = await import("@line/bot-sdk");
  const { channelAccessToken } = config;
  const baseURL = new URL(config.apiRoot).origin;
  const headers = { authorization: `Bearer ${channelAccessToken}` };
  return ({ signal }) => {
    const client = new messagingApi.MessagingApiClient({ channelAccessToken, baseURL });
    const call = async (path: string, request: Omit<PlatformCall, "url">) => {
      const allHeaders = { ...headers, ...request.headers };
      return read(await callPlatform(deps, { ...request, url: new URL(path, baseURL), headers: allHeaders, signal }));
    };
    // All that the SDK's methods in use here ask of it. It is private only to TypeScript, and tests send through it, so a new name is noticed.
    const httpClient = {
      get: (path: string) => call(path, { method: "GET" }),
      post: (path: string, json: unknown, more?: Pick<PlatformCall, "headers">) => call(path, { json, ...more }),
      put: (path: string, json: unknown) => call(path, { method: "PUT", json }),
    };
    return Object.assign(client, { httpClient });
  };
}

function read(answer: Awaited<ReturnType<typeof callPlatform>>): Response {
  if (!answer.answered) throw new LineError(answer.receipt);
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300 && typeof body === "object") return Response.json(body);
  const said = errorSchema.safeParse(body).data;
  throw new LineError(toRefusal(status, headers, said), status, said);
}

/** https://developers.line.biz/en/reference/messaging-api/#status-codes, and LINE's own wording where the status says too little. */
function toRefusal(status: number, headers: Headers, said: LineError["said"] = { message: "" }): FailedReceipt {
  const places = (said.details ?? []).map(({ property, message }) => [property, message].filter(Boolean).join(": "));
  const detail = `LINE ${status}: ${[said.message, ...places].join("; ").slice(0, 200)}`;
  if (status === 429 && said.message.includes("monthly limit")) return refused("delivery.quota_exhausted", detail);
  const namesNobody = /Failed to send messages|The property, 'to',/.test(said.message);
  if (status === 400 && (namesNobody || said.details?.some(({ property }) => property === "to"))) {
    return refused("delivery.recipient_gone", detail);
  }
  return refusedByStatus(status, headers, detail);
}

/** What a failed call means. Anything else that was thrown is a fault of ours. */
export function toLineError(error: unknown): LineError {
  if (error instanceof LineError) return error;
  throw error;
}
