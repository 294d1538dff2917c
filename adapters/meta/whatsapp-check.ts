import { z } from "zod";
import type { Check, CheckOptions, SendOptions } from "../../src/core/adapter.ts";
import { failedCheck, type Graph } from "./graph.ts";
import type { WhatsAppConfig } from "./whatsapp-config.ts";

/** https://developers.facebook.com/docs/whatsapp/business-management-api/manage-phone-numbers */
export async function checkNumber(
  { phoneNumberId }: WhatsAppConfig,
  graph: Graph,
  { signal, webhookUrl }: CheckOptions,
): Promise<readonly Check[]> {
  const fields = "display_phone_number,verified_name,quality_rating,webhook_configuration";
  const answer = await graph({ path: `${phoneNumberId}?fields=${fields}`, method: "GET", signal });
  if (!answer.ok) return [failedCheck(answer)];
  const number = numberSchema.safeParse(answer.body).data;
  const shown = [number?.display_phone_number, number?.verified_name].filter(Boolean).join(" ");
  const quality = number?.quality_rating ?? "UNKNOWN";
  const hooks = Object.values(number?.webhook_configuration ?? {});
  const token: Check = { check: "token", ok: shown !== "", detail: shown || "The number shows nothing." };
  const rating: Check = { check: "quality", ok: quality !== "RED", detail: quality };
  if (webhookUrl === undefined || hooks.length === 0) return [token, rating];
  return [token, rating, { check: "webhook", ok: hooks.includes(webhookUrl), detail: hooks.join(" ") }];
}

const numberSchema = z.object({
  display_phone_number: z.string().optional(),
  verified_name: z.string().optional(),
  quality_rating: z.string().optional(),
  webhook_configuration: z.record(z.string(), z.string()).optional(),
});

/** A number may have a webhook of its own, beside its app's. https://developers.facebook.com/docs/whatsapp/embedded-signup/webhooks/override */
export async function register(
  { phoneNumberId, verifyToken }: WhatsAppConfig,
  graph: Graph,
  { webhookUrl, signal }: SendOptions & { readonly webhookUrl: string },
): Promise<Check> {
  const json = { webhook_configuration: { override_callback_uri: webhookUrl, verify_token: verifyToken } };
  const answer = await graph({ path: phoneNumberId, json, signal });
  return { check: "webhook", ok: answer.ok, detail: answer.ok ? webhookUrl : answer.receipt.detail };
}
