import { z } from "zod";
import type { AdapterDeps, Check } from "../../src/core/adapter.ts";
import { callPlatform, type PlatformCall } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { GraphConfig } from "./config.ts";

export type GraphAnswer =
  | { readonly ok: true; readonly body: unknown; readonly status: number }
  /** `aboutContent`: Meta would not take the picture or file, while the same words may go through. */
  | { readonly ok: false; readonly receipt: FailedReceipt; readonly aboutContent: boolean };

/** Calls `path` of the Graph API in the inbox's name. */
export type Graph = (
  call: Pick<PlatformCall, "method" | "json" | "signal"> & { readonly path: string },
) => Promise<GraphAnswer>;

export function createGraph(config: GraphConfig, deps: Pick<AdapterDeps, "fetch" | "timeoutMs">): Graph {
  const root = `${config.apiRoot.replace(/\/+$/, "")}/${config.apiVersion}`;
  return async ({ path, ...call }) => {
    const headers = { authorization: `Bearer ${config.accessToken}` };
    const answer = await callPlatform(deps, { url: `${root}/${path}`, headers, ...call });
    if (!answer.answered) return { ok: false, receipt: answer.receipt, aboutContent: false };
    const error = errorSchema.safeParse(answer.body).data?.error;
    if (error === undefined && answer.status < 300) return { ok: true, body: answer.body, status: answer.status };
    // Graph quotes a malformed token in its message.
    const words = (error?.message ?? "").replaceAll(config.accessToken, "…").slice(0, 200);
    const detail = error === undefined ? `Meta answered ${answer.status}.` : `Meta: ${words} (${codeOf(error)})`;
    return {
      ok: false,
      receipt: toReceipt({ status: answer.status, headers: answer.headers, error, detail }),
      aboutContent: error !== undefined && isAboutContent(error),
    };
  };
}

/** https://developers.facebook.com/docs/graph-api/guides/error-handling */
const errorSchema = z.object({
  error: z.object({ code: z.number(), error_subcode: z.number().optional(), message: z.string().optional() }),
});
export type GraphError = z.output<typeof errorSchema>["error"];

const codeOf = ({ code, error_subcode: subcode }: GraphError) =>
  subcode === undefined ? `${code}` : `${code}/${subcode}`;

/** Files Meta could not fetch or read. https://developers.facebook.com/docs/messenger-platform/error-codes */
function isAboutContent({ code, error_subcode: subcode = 0 }: GraphError): boolean {
  return [131052, 131053].includes(code) || [2018007, 2018008, 2018047, 2018074, 2018294].includes(subcode);
}

type Meaning = FailedReceipt["code"];

/**
 * https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes and
 * https://developers.facebook.com/docs/messenger-platform/error-codes; what is not here has its HTTP status say it.
 */
const MEANINGS: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  ...[4, 17, 32, 613, 80006, 80007, 130429, 131056].map((code) => [code, "delivery.rate_limited"] as const),
  ...[1, 2, 1200, 131000, 131016].map((code) => [code, "delivery.unavailable"] as const),
  // Marked as spam, or too many messages of shops already: trying again makes it worse.
  ...[131048, 131049].map((code) => [code, "delivery.quota_exhausted"] as const),
  [131047, "delivery.window_closed"],
  ...[551, 131026, 131030].map((code) => [code, "delivery.recipient_gone"] as const),
  ...[0, 3, 10, 102, 190, 368, 131005, 131031].map((code) => [code, "delivery.unauthorized"] as const),
]);

/** Seconds to wait where Meta names none: one message every 6 s to the same person. */
const PAIR_RATE_LIMIT = 131056;

/** What a code means, in a failed call as in a failed status of a webhook. */
export function meaningOf({ code, error_subcode: subcode, message = "" }: GraphError): Meaning | undefined {
  if (code === 10 && subcode === 2018278) return "delivery.window_closed";
  if (code === 100 && subcode === 2018001) return "delivery.recipient_gone";
  if (code >= 200 && code <= 299) {
    const isGone = /isn't receiving|not receiving|unavailable/i.test(message) || subcode === 1545041;
    return isGone ? "delivery.recipient_gone" : "delivery.unauthorized";
  }
  return MEANINGS.get(code);
}

export function toReceipt(answer: {
  readonly status: number;
  readonly headers: Headers;
  readonly error: GraphError | undefined;
  readonly detail: string;
}): FailedReceipt {
  const { status, headers, error, detail } = answer;
  const meaning = error === undefined ? undefined : meaningOf(error);
  if (meaning === undefined) return refusedByStatus(status, headers, detail);
  if (meaning !== "delivery.rate_limited") return refused(meaning, detail);
  const wait = error?.code === PAIR_RATE_LIMIT ? 6000 : (regainMs(headers) ?? 1000);
  return refused(meaning, detail, { retryAfterMs: wait });
}

/** https://developers.facebook.com/docs/graph-api/overview/rate-limiting#headers: minutes, in JSON inside a header. */
function regainMs(headers: Headers): number | undefined {
  const usage = headers.get("x-business-use-case-usage") ?? "";
  const [, minutes] = /"estimated_time_to_regain_access":\s*(\d{1,4})/.exec(usage) ?? [];
  return minutes === undefined || Number(minutes) === 0 ? undefined : Number(minutes) * 60_000;
}

export function failedCheck({ receipt }: Extract<GraphAnswer, { ok: false }>): Check {
  return { check: receipt.code === "delivery.unauthorized" ? "token" : "api", ok: false, detail: receipt.detail };
}
