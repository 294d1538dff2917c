import { z } from "zod";
import {
  type Adapter,
  type AdapterDeps,
  type Check,
  defineChannel,
  type FetchedMedia,
  type SendOptions,
} from "../../src/core/adapter.ts";
import { SignatureError, UnavailableError } from "../../src/core/errors.ts";
import { fetchMediaFile } from "../shared/fetch-media.ts";
import { parseJson } from "../shared/json.ts";
import { createApi, type DingtalkApi } from "./api.ts";
import { DINGTALK } from "./capabilities.ts";
import { type DingtalkConfig, dingtalkConfig } from "./config.ts";
import { parseMessage, parseSession } from "./parse.ts";
import { keepSession, send } from "./send.ts";
import { createVerify } from "./verify.ts";

/** A DingTalk robot, by its HTTP mode. https://open.dingtalk.com/document/orgapp/robot-overview */
export const dingtalk = defineChannel({
  channel: "dingtalk",
  title: { zh: "钉钉", en: "DingTalk" },
  config: dingtalkConfig,
  capabilities: DINGTALK,
  create: createDingtalkAdapter,
});

export function createDingtalkAdapter(config: DingtalkConfig, deps: AdapterDeps): Adapter {
  const { state, now, fetch } = deps;
  const { robotCode } = config;
  const verify = createVerify(config.appSecret, deps);
  const api = createApi(config, deps);
  return {
    channel: "dingtalk",
    capabilities: DINGTALK,
    async receive(request) {
      const proof = await verify(request);
      if (proof === undefined) throw new SignatureError();
      const body = parseJson(request.body);
      const events = parseMessage(body, robotCode);
      const session = parseSession(body);
      if (session !== undefined) await keepSession(session, { state, now });
      return { events, response: Response.json({}), commit: proof.remember };
    },
    send: (message, options = {}) => send(message, { api, state, now, robotCode }, options),
    check: async (options = {}) => [await checkApp(api, options)],
    fetchMedia: (ref, options = {}) => fetchMedia(ref, { api, fetch, robotCode }, options),
  };
}

/** https://open.dingtalk.com/document/orgapp/obtain-the-access_token-of-an-internal-app */
async function checkApp(api: DingtalkApi, { signal }: SendOptions): Promise<Check> {
  const answer = await api.authorize(signal);
  return {
    check: "token",
    ok: answer.ok,
    detail: answer.ok ? "The app's key and secret are right." : answer.receipt.detail,
  };
}

interface MediaDeps extends Pick<AdapterDeps, "fetch"> {
  readonly api: DingtalkApi;
  readonly robotCode: string;
}

/** https://open.dingtalk.com/document/orgapp/download-the-file-content-of-the-robot-receiving-message */
async function fetchMedia(
  downloadCode: string,
  { api, fetch, robotCode }: MediaDeps,
  { signal }: SendOptions,
): Promise<FetchedMedia | undefined> {
  const answer = await api.post("v1.0/robot/messageFiles/download", { downloadCode, robotCode }, signal);
  if (!answer.ok) {
    if (answer.receipt.code === "delivery.bad_request") return undefined;
    throw unavailable(answer.receipt.detail);
  }
  const url = z.object({ downloadUrl: z.string() }).safeParse(answer.body).data?.downloadUrl ?? "";
  if (!api.isDingtalks(url)) return undefined;
  return fetchMediaFile({ fetch }, { url }, { ...(signal === undefined ? {} : { signal }) });
}

function unavailable(detail: string): UnavailableError {
  return new UnavailableError("channel.media_unavailable", detail);
}
