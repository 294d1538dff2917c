import type { DeliveryCode, Receipt } from "../../src/core/adapter.ts";

export type FailedReceipt = Extract<Receipt, { ok: false }>;

/** What the same message may meet better luck with later. */
const RETRYABLE: ReadonlySet<DeliveryCode> = new Set([
  "delivery.rate_limited",
  "delivery.unavailable",
  "delivery.outcome_unknown",
]);

export function delivered(channelMessageId: string): Receipt {
  return { ok: true, channelMessageId };
}

/** `detail` is shown to agents: never a token, a url with credentials or the message's words. */
export function refused(
  code: DeliveryCode,
  detail: string,
  extra: { readonly retryable?: boolean; readonly retryAfterMs?: number } = {},
): FailedReceipt {
  return { ok: false, code, retryable: RETRYABLE.has(code), detail, ...extra };
}

/**
 * What an HTTP status means where the platform's own code says nothing better. 502 and 504 come from a gateway that may have passed the
 * request on, so whether it was sent is unknown (`security.md` RL-3).
 */
export function refusedByStatus(status: number, headers: Headers, detail: string): FailedReceipt {
  if (status === 429) {
    return refused("delivery.rate_limited", detail, { retryAfterMs: retryAfterMs(headers) ?? 1000 });
  }
  // An answer below 400 that the caller could not read says as little.
  if (status < 400 || status === 502 || status === 504) return refused("delivery.outcome_unknown", detail);
  if (status >= 500) {
    const wait = retryAfterMs(headers);
    return refused("delivery.unavailable", detail, wait === undefined ? {} : { retryAfterMs: wait });
  }
  return refused(status === 401 || status === 403 ? "delivery.unauthorized" : "delivery.bad_request", detail);
}

/** `Retry-After` in whole seconds, the form platforms send. https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfterMs(headers: Headers): number | undefined {
  const value = headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(value) ? Number(value) * 1000 : undefined;
}
