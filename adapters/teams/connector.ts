import type { Activity } from "botbuilder";
import { z } from "zod";
import type { AdapterDeps, Address, SendOptions } from "../../src/core/adapter.ts";
import { type AccessTokens, createAccessTokens } from "../shared/access-token.ts";
import { callPlatform, type PlatformAnswer } from "../shared/call.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { TeamsConfig } from "./config.ts";
import { isAllowedUrl } from "./verify.ts";

const SCOPE = "https://api.botframework.com";

export type Posted = { readonly ok: true; readonly id: string } | FailedReceipt;

type Call = Readonly<Record<"conversationId" | "serviceUrl", string>> & { readonly activity: Partial<Activity> };

/** One message to one conversation. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-api-reference#send-to-conversation */
export type Post = (address: Address, activity: Partial<Activity>, options: SendOptions) => Promise<Posted>;

/** botbuilder's connector client, its calls made through our own door. */
export async function createPost(config: TeamsConfig, deps: AdapterDeps, tokens: AccessTokens): Promise<Post> {
  const { ConfigurationBotFrameworkAuthentication: Authentication } = await import("botbuilder");

  async function postWith(token: string, call: Call, { signal }: SendOptions): Promise<PlatformAnswer> {
    let answer: PlatformAnswer | undefined;
    const httpClient = {
      /** One attempt; what the client makes of the answer is not needed. */
      async sendRequest(request: { url: string; method: string; body?: unknown }) {
        const authorization: Record<string, string> = token === "" ? {} : { authorization: `Bearer ${token}` };
        const headers = { "content-type": "application/json; charset=utf-8", ...authorization };
        const body = String(request.body ?? "");
        answer = await callPlatform(deps, { url: request.url, method: "POST", headers, body, signal });
        if (!answer.answered) throw new Error(answer.receipt.detail);
        const toJson = () => ({});
        return { request, status: answer.status, headers: { toJson }, bodyAsText: JSON.stringify(answer.body ?? {}) };
      },
    };
    // Its types are those of a retired HTTP library; the fields above are the ones its adapter reads.
    const options = { httpClient: httpClient as never };
    const authentication = new Authentication({}, NO_CREDENTIALS, undefined, undefined, options);
    // Of the claims only the caller's own app id is read, for credentials that are ours anyway.
    const factory = authentication.createConnectorFactory({ getClaimValue: () => config.appId } as never);
    const client = await factory.create(call.serviceUrl, SCOPE);
    // It would repeat POSTs by itself, three times, on 408, 429 and 5xx: a message could be shown four times. No option stops it.
    Object(client).client.pipeline.removePolicy({ name: "defaultRetryPolicy" });
    try {
      await client.conversations.sendToConversation(call.conversationId, call.activity);
    } catch (error) {
      if (answer === undefined) throw error;
    }
    return answer ?? { answered: false, receipt: refused("delivery.unavailable", "Nothing was sent.") };
  }

  return async ({ conversationId, serviceUrl }, activity, options) => {
    if (!conversationId || !serviceUrl || !isAllowedUrl(serviceUrl, config)) {
      return refused("delivery.bad_request", "The address names no conversation at a service URL that is allowed.");
    }
    const call = { conversationId, serviceUrl, activity };
    if (config.auth === "none") return toPosted(await postWith("", call, options));
    const token = await tokens.get();
    if (!token.ok) return token.receipt;
    const answer = await postWith(token.token, call, options);
    if (!answer.answered || answer.status !== 401) return toPosted(answer);
    // A secret may have been replaced, and with it every token.
    const renewed = await tokens.renew(token.token);
    return renewed.ok ? toPosted(await postWith(renewed.token, call, options)) : renewed.receipt;
  };
}

/** The token is put in by ourselves. */
const NO_CREDENTIALS = {
  isValidAppId: async () => true,
  isAuthenticationDisabled: async () => false,
  createCredentials: async () => ({ signRequest: async <Request>(request: Request) => request }),
};

const sentSchema = z.object({ id: z.string().min(1) });
const grantSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive() });
const errorSchema = z.object({ error: z.object({ code: z.string().default(""), message: z.string().default("") }) });

/** https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes-from-bot-conversational-apis */
function toPosted(answer: PlatformAnswer): Posted {
  if (!answer.answered) return answer.receipt;
  const { status, headers, body } = answer;
  const sent = sentSchema.safeParse(body).data;
  if (status < 300 && sent !== undefined) return { ok: true, id: sent.id };
  const { code, message } = errorSchema.safeParse(body).data?.error ?? { code: "", message: "" };
  const detail = `Teams ${status}: ${[code, message].filter(Boolean).join(": ").slice(0, 200)}`;
  // Two writes met in one conversation.
  if (status === 412) return refused("delivery.unavailable", detail);
  // Blocked, removed from the roster, turned off by an administrator; or a conversation that is no more.
  if (status === 404 || (status === 403 && !/auth/i.test(code))) return refused("delivery.recipient_gone", detail);
  return refusedByStatus(status, headers, detail);
}

/** https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-authentication#step-1-request-an-access-token */
export function createTeamsTokens(config: TeamsConfig, deps: AdapterDeps): AccessTokens {
  return createAccessTokens(deps, `token:${config.appId}`, async () => {
    const body = new URLSearchParams({
      grant_type: "client_credentials",
      client_id: config.appId,
      client_secret: config.appPassword,
      scope: `${SCOPE}/.default`,
    });
    const answer = await callPlatform(deps, { url: tokenUrl(config), body });
    // Without a token nothing was sent, however the call for it ended.
    if (!answer.answered) return { ok: false, receipt: refused("delivery.unavailable", answer.receipt.detail) };
    const granted = grantSchema.safeParse(answer.body).data;
    if (granted !== undefined) return { ok: true, token: granted.access_token, expiresInMs: granted.expires_in * 1000 };
    const isOurFault = answer.status >= 400 && answer.status < 500 && answer.status !== 429;
    const reason = z.object({ error: z.string() }).safeParse(answer.body).data?.error ?? "no token";
    const detail = `Microsoft's login answered ${answer.status}: ${reason.slice(0, 100)}`;
    return { ok: false, receipt: refused(isOurFault ? "delivery.unauthorized" : "delivery.unavailable", detail) };
  });
}

/** A host gets the tenant and the path; a longer address is taken as the authority, or as the whole of it. */
function tokenUrl({ loginUrl, appType, tenantId }: TeamsConfig): string {
  const { origin, pathname } = new URL(loginUrl);
  const path = pathname.replace(/\/+$/, "");
  if (path.endsWith("/token")) return loginUrl;
  const tenant = appType === "SingleTenant" && tenantId !== undefined ? tenantId : "botframework.com";
  return `${origin}${path === "" ? `/${tenant}` : path}/oauth2/v2.0/token`;
}
