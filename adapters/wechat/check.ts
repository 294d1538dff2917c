import type { Check, CheckOptions } from "../../src/core/adapter.ts";
import type { WeixinApi } from "../shared/weixin-api.ts";

/** The address and mode are set in WeChat's console and cannot be asked for; what can be is whether the credentials open the API. */
export async function check(api: WeixinApi, isSealed: boolean, { signal }: CheckOptions): Promise<readonly Check[]> {
  // https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Get_the_WeChat_server_IP_address.html
  const answer = await api.call("/cgi-bin/get_api_domain_ip", { method: "GET", signal });
  return [
    {
      check: "credentials",
      ok: answer.ok,
      detail: answer.ok ? "WeChat takes the AppID and AppSecret." : answer.receipt.detail,
    },
    {
      check: "encryption",
      ok: isSealed,
      detail: isSealed
        ? "Messages are signed and sealed."
        : "Plain mode: the content of messages is not signed, so contacts are never verified.",
    },
  ];
}
