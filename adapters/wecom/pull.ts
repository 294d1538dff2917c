import { z } from "zod";
import type { AdapterState, InboundEvent, Received } from "../../src/core/adapter.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import type { WeixinApi } from "../shared/weixin-api.ts";
import { parseItem } from "./parse.ts";

export interface PullDeps {
  readonly api: WeixinApi;
  readonly state: AdapterState;
  readonly openKfId: string;
}

const PAGE = 1000;
/** A pull that finds more leaves it to the next one: WeCom waits 5 s for the answer to its ring. */
const MAX_PAGES = 5;

/** https://developer.work.weixin.qq.com/document/path/94670#读取消息 */
const pageSchema = z.object({
  next_cursor: z.string().max(500).default(""),
  has_more: z.union([z.number(), z.boolean()]).default(0),
  msg_list: z.array(z.unknown()).default([]),
});

/**
 * Reads what was said since the cursor, which moves when `commit` is called. Two pulls at once read the same messages, whose ids are the same.
 * @param token Of the notice, good for 10 minutes; without one WeCom allows fewer calls.
 * @throws {UnavailableError} `channel.pull_failed` when not even one page came.
 */
export async function pull(
  { api, state, openKfId }: PullDeps,
  { token, signal }: { readonly token?: string; readonly signal?: AbortSignal },
): Promise<Pick<Received, "events" | "more"> & { commit(): Promise<void> }> {
  const key = `cursor:${openKfId}`;
  const start = (await state.get(key)) ?? "";
  const events: InboundEvent[] = [];
  let cursor = start;
  let more = true;
  for (let count = 0; more && count < MAX_PAGES; count += 1) {
    const json = { cursor, limit: PAGE, voice_format: 0, open_kfid: openKfId, ...(token && { token }) };
    const answer = await api.call("/cgi-bin/kf/sync_msg", { json, signal });
    const page = answer.ok ? pageSchema.safeParse(answer.body).data : undefined;
    if (page === undefined) {
      if (count > 0) break;
      const detail = answer.ok ? "WeCom answered with no page." : answer.receipt.detail;
      throw new UnavailableError("channel.pull_failed", `The messages could not be fetched: ${detail}`);
    }
    events.push(...page.msg_list.map(parseItem));
    // A page may be empty and yet not the last.
    more = Boolean(page.has_more) && page.next_cursor !== cursor;
    cursor = page.next_cursor || cursor;
  }
  return {
    events,
    ...(more && { more }),
    commit: async () => {
      if (cursor !== start) await state.set(key, cursor);
    },
  };
}
