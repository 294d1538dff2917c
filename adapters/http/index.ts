import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { refused } from "../shared/receipts.ts";
import { createWebhookPost, createWebhookVerify } from "../shared/standard-webhooks.ts";
import { pingWebhook, sendByWebhook } from "../shared/webhook-send.ts";
import { HTTP } from "./capabilities.ts";
import { type HttpConfig, httpConfig } from "./config.ts";
import { parseEvent } from "./parse.ts";

/** Any other system, by Standard Webhooks both ways. https://www.standardwebhooks.com */
export const http = defineChannel({
  channel: "http",
  title: { zh: "自有系统（HTTP）", en: "Your own system (HTTP)" },
  config: httpConfig,
  capabilities: HTTP,
  create: createHttpAdapter,
});

export function createHttpAdapter(config: HttpConfig, deps: AdapterDeps): Adapter {
  const verify = createWebhookVerify(config, deps.now);
  const sending = { post: createWebhookPost(deps, { url: config.sendUrl, secret: config.secret }), now: deps.now };
  return {
    channel: "http",
    capabilities: HTTP,
    async receive(request) {
      const webhookId = await verify(request);
      if (webhookId === undefined) throw new SignatureError();
      const event = parseEvent(parseJson(request.body), { webhookId, now: deps.now() });
      return { events: [event], response: new Response(null, { status: 204 }) };
    },
    async send(message, options = {}) {
      if (!message.address.userId) return refused("delivery.bad_request", "The address names nobody.");
      return sendByWebhook(message, sending, options);
    },
    check: (options = {}) => pingWebhook(sending, options),
  };
}
