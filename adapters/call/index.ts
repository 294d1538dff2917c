import {
  type Adapter,
  type AdapterDeps,
  defineChannel,
  type InboundEvent,
  type WebhookRequest,
} from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { refused } from "../shared/receipts.ts";
import { createWebhookPost, createWebhookVerify } from "../shared/standard-webhooks.ts";
import { pingWebhook, sendByWebhook } from "../shared/webhook-send.ts";
import { CALL } from "./capabilities.ts";
import { type CallConfig, callConfig } from "./config.ts";
import { parseEvent } from "./parse.ts";
import { createTwilioVerify, parseTwilio } from "./twilio.ts";

/** A call centre's events: who called, who answered, what was noted. They become lines of the caller's one history. */
export const call = defineChannel({
  channel: "call",
  title: { zh: "电话", en: "Phone calls" },
  config: callConfig,
  capabilities: CALL,
  create: createCallAdapter,
});

export function createCallAdapter(config: CallConfig, deps: AdapterDeps): Adapter {
  const read = config.format === "twilio" ? createTwilioReader(config, deps) : createEventReader(config, deps);
  const { sendUrl, signingSecret } = config;
  const sending =
    sendUrl === undefined
      ? undefined
      : { post: createWebhookPost(deps, { url: sendUrl, secret: signingSecret }), now: deps.now };
  return {
    channel: "call",
    capabilities: CALL,
    receive: async (request) => ({ events: [await read(request)], response: new Response(null, { status: 204 }) }),
    async send(message, options = {}) {
      if (sending === undefined)
        return refused("delivery.bad_request", "This inbox has no send URL: a caller is told nothing in writing.");
      if (!message.address.number) return refused("delivery.recipient_gone", "The caller showed no number.");
      return sendByWebhook(message, sending, options);
    },
    ...(sending === undefined ? {} : { check: (options = {}) => pingWebhook(sending, options) }),
  };
}

type Reader = (request: WebhookRequest) => Promise<InboundEvent>;

function createEventReader(config: CallConfig, { now }: AdapterDeps): Reader {
  const { signingSecret: secret, previousSecret, secretChangedAt, callingCode } = config;
  const verify = createWebhookVerify({ secret, previousSecret, secretChangedAt }, now);
  return async (request) => {
    const webhookId = await verify(request);
    if (webhookId === undefined) throw new SignatureError();
    return parseEvent(parseJson(request.body), { webhookId, now: now(), callingCode });
  };
}

/** Twilio signs no time and numbers no delivery: a call's states and a recording's id tell repeats apart. */
function createTwilioReader({ signingSecret, publicUrl, callingCode }: CallConfig, { now }: AdapterDeps): Reader {
  const isTwilios = createTwilioVerify(signingSecret, publicUrl);
  return async (request) => {
    if (!(await isTwilios(request))) throw new SignatureError();
    return parseTwilio(request.body, { webhookId: "twilio", now: now(), callingCode });
  };
}
