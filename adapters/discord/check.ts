import type { Check, CheckOptions, SendOptions } from "../../src/core/adapter.ts";
import type { DiscordApi } from "./api.ts";
import type { DiscordConfig } from "./config.ts";

/** The one way to say something to a bot that is reached by webhooks. https://docs.discord.com/developers/interactions/application-commands */
const ASK = {
  name: "ask",
  description: "Ask the shop",
  description_localizations: { "zh-CN": "咨询客服", "zh-TW": "諮詢客服", ja: "お店に質問する" },
  options: [
    { type: 3, name: "text", description: "Your question", description_localizations: { "zh-CN": "您的问题" } },
    { type: 11, name: "file", description: "A picture or file", description_localizations: { "zh-CN": "图片或文件" } },
  ],
};

/** https://docs.discord.com/developers/resources/application#get-current-application */
export async function check(api: DiscordApi, config: DiscordConfig, options: CheckOptions): Promise<readonly Check[]> {
  const { signal, webhookUrl } = options;
  const answer = await api("GET", "/applications/@me", { ...(signal && { signal }) });
  if (!answer.ok) {
    const isToken = answer.receipt.code === "delivery.unauthorized";
    return [{ check: isToken ? "token" : "api", ok: false, detail: answer.receipt.detail }];
  }
  const { id, name, verify_key, interactions_endpoint_url: hook } = Object(answer.body);
  const isSame = String(verify_key).toLowerCase() === config.publicKey.toLowerCase();
  const pointsHere = webhookUrl === undefined ? Boolean(hook) : hook === webhookUrl;
  return [
    { check: "token", ok: String(id) === config.applicationId, detail: `${name} (${id})` },
    { check: "publicKey", ok: isSame, detail: isSame ? "Same." : "The public key is another application's." },
    { check: "webhook", ok: pointsHere, detail: hook ? String(hook) : "Not set." },
  ];
}

/** Discord calls the address before it answers, rightly and wrongly signed. https://docs.discord.com/developers/resources/application#edit-current-application */
export async function register(
  api: DiscordApi,
  { applicationId, url }: { readonly applicationId: string; readonly url: string },
  options: SendOptions,
): Promise<Check> {
  const set = await api("PATCH", "/applications/@me", { json: { interactions_endpoint_url: url }, ...options });
  if (!set.ok) return { check: "webhook", ok: false, detail: set.receipt.detail };
  const named = await api("POST", `/applications/${applicationId}/commands`, { json: ASK, ...options });
  if (!named.ok) return { check: "command", ok: false, detail: named.receipt.detail };
  return { check: "webhook", ok: true, detail: `${url} (/${ASK.name})` };
}
