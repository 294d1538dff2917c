import { z } from "zod";
import type { Check, CheckOptions } from "../../src/core/adapter.ts";
import type { WeixinApi } from "../shared/weixin-api.ts";

const listSchema = z.object({ account_list: z.array(z.object({ open_kfid: z.string(), name: z.string() })) });

/** The callback's address is set in WeCom's console and cannot be asked for. https://developer.work.weixin.qq.com/document/path/94661 */
export async function check(api: WeixinApi, openKfId: string, { signal }: CheckOptions): Promise<readonly Check[]> {
  const answer = await api.call("/cgi-bin/kf/account/list", { json: { offset: 0, limit: 100 }, signal });
  if (!answer.ok) return [{ check: "credentials", ok: false, detail: answer.receipt.detail }];
  const accounts = listSchema.safeParse(answer.body).data?.account_list ?? [];
  const ours = accounts.find((account) => account.open_kfid === openKfId);
  return [
    { check: "credentials", ok: true, detail: "WeCom takes the corp ID and secret." },
    {
      check: "account",
      ok: ours !== undefined,
      detail: ours?.name ?? "The secret opens no account with this openKfId.",
    },
  ];
}
