import { z } from "zod";
import type { SendOptions } from "../../src/core/adapter.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import type { PlatformProof } from "../../src/core/identity.ts";
import type { WeixinApi } from "../shared/weixin-api.ts";

/** Only where the account is bound to an Open Platform account. */
const followerSchema = z.object({ unionid: z.string().min(1).max(200) });

/**
 * The person's id across all accounts of one company.
 * https://developers.weixin.qq.com/doc/offiaccount/User_Management/Get_users_basic_information_UnionID.html
 * @throws {UnavailableError} `channel.identify_failed`: not now, ask again
 */
export async function identify(
  api: WeixinApi,
  openid: string,
  options: SendOptions,
): Promise<readonly PlatformProof[]> {
  const answer = await api.call("/cgi-bin/user/info", { method: "GET", query: { openid }, signal: options.signal });
  if (!answer.ok) {
    // An account without the right will not have it a moment later.
    if (!answer.receipt.retryable) return [];
    throw new UnavailableError("channel.identify_failed", answer.receipt.detail);
  }
  const follower = followerSchema.safeParse(answer.body).data;
  return follower === undefined ? [] : [{ kind: "unionid", value: follower.unionid }];
}
