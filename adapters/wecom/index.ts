import { type Adapter, type AdapterDeps, defineChannel, type Received } from "../../src/core/adapter.ts";
import { plainText } from "../shared/plain-text.ts";
import { createShortValues, expandTaps } from "../shared/short-values.ts";
import { createPackets } from "../shared/weixin-crypt.ts";
import { loadXmlReader, type XmlFields } from "../shared/xml.ts";
import { createWecomApi } from "./api.ts";
import { WECOM } from "./capabilities.ts";
import { check } from "./check.ts";
import { type WecomConfig, wecomConfig } from "./config.ts";
import { pull } from "./pull.ts";
import { send } from "./send.ts";
import { createDoor } from "./verify.ts";

/** WeCom's customer service (微信客服). https://developer.work.weixin.qq.com/document/path/94638 */
export const wecomKf = defineChannel({
  channel: "wecom-kf",
  title: { zh: "微信客服", en: "WeCom customer service" },
  config: wecomConfig,
  capabilities: WECOM,
  create: createWecomAdapter,
});

export async function createWecomAdapter(config: WecomConfig, deps: AdapterDeps): Promise<Adapter> {
  const { token, corpId, openKfId, encodingAesKey } = config;
  const packets = createPackets({ encodingAesKey, receiver: corpId });
  const open = createDoor({ token, corpId, packets, now: deps.now, readXml: await loadXmlReader() });
  const api = createWecomApi(config, deps);
  const values = createShortValues(deps.state, 64);

  async function pullNow(options: { readonly token?: string; readonly signal?: AbortSignal }) {
    const pulled = await pull({ api, state: deps.state, openKfId }, options);
    return { ...pulled, events: await expandTaps(pulled.events, values) };
  }

  return {
    channel: "wecom-kf",
    capabilities: WECOM,
    async receive(request) {
      const { echo, notice } = await open(request);
      if (notice === undefined) return { events: [], response: plainText(echo) };
      const response = plainText("success");
      // The notice carries no message, only that there is one. https://developer.work.weixin.qq.com/document/path/94670
      if (!isRingFor(notice, openKfId)) return { events: [unsupported(notice)], response };
      const ring = typeof notice.Token === "string" ? { token: notice.Token } : {};
      return { ...(await pullNow(ring)), response };
    },
    pull: ({ signal } = {}) => pullNow(signal === undefined ? {} : { signal }),
    send: (message, options = {}) => send(message, { api, values, deps }, options),
    check: (options = {}) => check(api, openKfId, options),
    fetchMedia: (ref, options = {}) => api.download(ref, options),
  };
}

/** All accounts of a corp ring at one address; those of others are for their own inboxes. */
function isRingFor(notice: XmlFields, openKfId: string): boolean {
  return notice.Event === "kf_msg_or_event" && notice.OpenKfId === openKfId;
}

function unsupported(notice: XmlFields): Received["events"][number] {
  const name = [notice.Event, notice.MsgType].find((each) => typeof each === "string" && each !== "") ?? "unknown";
  return { type: "unsupported", kind: String(name).slice(0, 100), raw: notice };
}
