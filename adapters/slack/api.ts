import { z } from "zod";
import type { AdapterDeps, DeliveryCode, SendOptions } from "../../src/core/adapter.ts";
import { callPlatform } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { SlackConfig } from "./config.ts";

/** Slack answers 200 to nearly everything. https://docs.slack.dev/apis/web-api/#slack-web-api__evaluating-responses */
const answerSchema = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true) }).loose(),
  z.object({
    ok: z.literal(false),
    error: z.string().default("unknown_error"),
    needed: z.string().optional(),
    response_metadata: z.object({ messages: z.array(z.string()).optional() }).optional(),
  }),
]);

export type SlackAnswer =
  | { readonly ok: true; readonly body: Readonly<Record<string, unknown>>; readonly headers: Headers }
  /** `error` is Slack's own code. */
  | { readonly ok: false; readonly receipt: FailedReceipt; readonly error?: string };

/** One method of the Web API. */
export type SlackApi = (method: string, json: object, options: SendOptions) => Promise<SlackAnswer>;

export function createApi(config: SlackConfig, deps: AdapterDeps): SlackApi {
  const root = config.apiRoot.replace(/\/+$/, "").replace(/\/api$/, "");
  const headers = { authorization: `Bearer ${config.botToken}`, "content-type": "application/json; charset=utf-8" };
  return async (method, json, { signal }) => {
    const answer = await callPlatform(deps, { url: `${root}/api/${method}`, headers, json, signal });
    if (!answer.answered) return { ok: false, receipt: answer.receipt };
    const { status } = answer;
    const body = answerSchema.safeParse(answer.body).data;
    if (body?.ok === true) return { ok: true, body, headers: answer.headers };
    const detail = `Slack ${status}: ${describe(body).slice(0, 200)}`;
    const known = body === undefined || status === 429 ? undefined : CODES[body.error];
    const code = known ?? (body !== undefined && status < 400 ? "delivery.bad_request" : undefined);
    const receipt = code === undefined ? refusedByStatus(status, answer.headers, detail) : refused(code, detail);
    return { ok: false, receipt, ...(body && { error: body.error }) };
  };
}

function describe(body: Exclude<z.output<typeof answerSchema>, { ok: true }> | undefined): string {
  if (body === undefined) return "the answer is not Slack's";
  // Its messages name the place in the blocks, and quote nothing of them.
  return [body.error, body.needed, ...(body.response_metadata?.messages ?? [])].filter(Boolean).join("; ");
}

const codes = (code: DeliveryCode, ...errors: readonly string[]) => errors.map((error) => [error, code] as const);

/** https://docs.slack.dev/reference/methods/chat.postMessage#errors; all others are about the message. */
const CODES: Readonly<Record<string, DeliveryCode>> = Object.fromEntries([
  ...codes("delivery.rate_limited", "ratelimited", "rate_limited", "message_limit_exceeded"),
  ...codes("delivery.unavailable", "service_unavailable", "team_added_to_org"),
  // "It's possible some aspect of the operation succeeded before the error was raised."
  ...codes("delivery.outcome_unknown", "internal_error", "fatal_error", "request_timeout"),
  ...codes("delivery.recipient_gone", "channel_not_found", "not_in_channel", "is_archived", "user_not_found"),
  ...codes("delivery.recipient_gone", "user_disabled", "cannot_dm_bot", "messages_tab_disabled", "is_inactive"),
  ...codes("delivery.recipient_gone", "restricted_action", "restricted_action_read_only_channel"),
  ...codes("delivery.unauthorized", "invalid_auth", "not_authed", "account_inactive", "token_revoked"),
  ...codes("delivery.unauthorized", "token_expired", "missing_scope", "no_permission", "not_allowed_token_type"),
  ...codes(
    "delivery.unauthorized",
    "access_denied",
    "org_login_required",
    "ekm_access_denied",
    "team_access_not_granted",
  ),
]);
