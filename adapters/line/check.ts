import type { Check, CheckOptions, SendOptions } from "../../src/core/adapter.ts";
import { type LineApi, toLineError } from "./api.ts";

/** https://developers.line.biz/en/reference/messaging-api/#get-bot-info, #get-webhook-endpoint-information, #get-quota */
export async function check(api: LineApi, { signal, webhookUrl }: CheckOptions): Promise<readonly Check[]> {
  const client = api({ signal });
  try {
    const bot = await client.getBotInfo();
    return [
      { check: "token", ok: true, detail: `${bot.displayName} ${bot.basicId}` },
      await checkWebhook(client, webhookUrl),
      await checkQuota(client),
    ];
  } catch (error) {
    const { receipt } = toLineError(error);
    return [{ check: receipt.code === "delivery.unauthorized" ? "token" : "api", ok: false, detail: receipt.detail }];
  }
}

type Client = ReturnType<LineApi>;

async function checkWebhook(client: Client, webhookUrl: string | undefined): Promise<Check> {
  const hook = await client.getWebhookEndpoint().catch((error: unknown) => {
    if (toLineError(error).status === 404) return { endpoint: "", active: false };
    throw error;
  });
  const pointsHere = webhookUrl === undefined ? hook.endpoint !== "" : hook.endpoint === webhookUrl;
  // Only the console has the switch.
  const detail = [hook.endpoint || "Not set.", hook.active ? "" : '"Use webhook" is off in the console.'];
  return { check: "webhook", ok: pointsHere && hook.active, detail: detail.filter(Boolean).join(" ") };
}

/** Pushes are counted; replies are not. */
async function checkQuota(client: Client): Promise<Check> {
  const { type, value } = await client.getMessageQuota();
  const { totalUsage } = await client.getMessageQuotaConsumption();
  const limit = type === "limited" && value !== undefined ? value : Number.POSITIVE_INFINITY;
  return { check: "quota", ok: totalUsage < limit, detail: `${totalUsage} pushes this month; the limit is ${limit}.` };
}

/** https://developers.line.biz/en/reference/messaging-api/#set-webhook-endpoint-url: https only, at most 500 characters. */
export async function register(api: LineApi, endpoint: string, { signal }: SendOptions): Promise<Check> {
  try {
    await api({ signal }).setWebhookEndpoint({ endpoint });
    return { check: "webhook", ok: true, detail: endpoint };
  } catch (error) {
    return { check: "webhook", ok: false, detail: toLineError(error).receipt.detail };
  }
}
