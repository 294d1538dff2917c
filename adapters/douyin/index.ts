import { z } from "zod";
import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { wireId } from "../shared/wire.ts";
import { createDouyinApi } from "./api.ts";
import { DOUYIN } from "./capabilities.ts";
import { type DouyinConfig, douyinConfig } from "./config.ts";
import { parsePush } from "./parse.ts";
import { send } from "./send.ts";
import { createVerify } from "./verify.ts";

/** The private messages of a Douyin mini-program's operator. https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/tutorial/open-capabilities/management/im-messaging-access */
export const douyinMiniprogram = defineChannel({
  channel: "douyin-miniprogram",
  title: { zh: "抖音小程序", en: "Douyin mini-program" },
  config: douyinConfig,
  capabilities: DOUYIN,
  create: createDouyinAdapter,
});

export function createDouyinAdapter(config: DouyinConfig, deps: AdapterDeps): Adapter {
  const isDouyins = createVerify(config.clientSecret);
  const api = createDouyinApi(config, deps);
  return {
    channel: "douyin-miniprogram",
    capabilities: DOUYIN,
    async receive({ method, headers, body }) {
      if (method !== "POST" || !(await isDouyins(headers, body))) throw new SignatureError();
      const push = parseJson(body);
      const challenge = challengeSchema.safeParse(push).data?.content.challenge;
      if (challenge !== undefined) return { events: [], response: Response.json({ challenge }) };
      const messageId = wireId.safeParse(headers.get("msg-id")).data;
      return { events: [parsePush(push, { messageId, now: deps.now() })], response: Response.json({ success: true }) };
    },
    send: (message, options = {}) => send(message, api, options),
    async check() {
      const receipt = await api.check();
      const detail = receipt?.detail ?? "Douyin takes the AppID and AppSecret.";
      return [{ check: "credentials", ok: receipt === undefined, detail }];
    },
  };
}

/** The check of the address; what is a number stays one. https://developer.open-douyin.com/docs/resource/zh-CN/dop/develop/webhooks/overview */
const challengeSchema = z.object({
  event: z.literal("verify_webhook"),
  content: z.object({ challenge: z.union([z.number(), z.string().max(100)]) }),
});
