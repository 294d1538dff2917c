import type { Check, CheckOptions, SendOptions } from "../../src/core/adapter.ts";
import { type TelegramApi, toReceipt } from "./api.ts";

/** The kinds we read; without the list Telegram leaves some out, and with all of it sends what nobody needs. */
const ALLOWED_UPDATES = ["message", "edited_message", "callback_query", "my_chat_member"] as const;

/** https://core.telegram.org/bots/api#getme, https://core.telegram.org/bots/api#getwebhookinfo */
export async function check(api: TelegramApi, { signal, webhookUrl }: CheckOptions): Promise<readonly Check[]> {
  try {
    const bot = await api.callApi("getMe", {}, { signal });
    const hook = await api.callApi("getWebhookInfo", {}, { signal });
    const pointsHere = webhookUrl === undefined ? hook.url !== "" && hook.url !== undefined : hook.url === webhookUrl;
    const waiting = hook.pending_update_count ?? 0;
    const trouble = hook.last_error_message ?? "";
    return [
      { check: "token", ok: true, detail: `@${bot.username}` },
      { check: "webhook", ok: pointsHere, detail: hook.url || "Not set." },
      {
        check: "delivery",
        // The last error stays on record after it is over; what still waits tells the two apart.
        ok: trouble === "" || waiting === 0,
        detail: [`${waiting} waiting`, trouble].filter(Boolean).join("; "),
      },
    ];
  } catch (error) {
    const receipt = toReceipt(error);
    return [{ check: receipt.code === "delivery.unauthorized" ? "token" : "api", ok: false, detail: receipt.detail }];
  }
}

/** https://core.telegram.org/bots/api#setwebhook: https only, ports 443, 80, 88 and 8443. */
export async function register(
  api: TelegramApi,
  hook: { readonly webhookUrl: string; readonly secretToken: string },
  { signal }: SendOptions,
): Promise<Check> {
  const payload = { url: hook.webhookUrl, secret_token: hook.secretToken, allowed_updates: ALLOWED_UPDATES };
  try {
    await api.callApi("setWebhook", payload, { signal });
    return { check: "webhook", ok: true, detail: hook.webhookUrl };
  } catch (error) {
    return { check: "webhook", ok: false, detail: toReceipt(error).detail };
  }
}
