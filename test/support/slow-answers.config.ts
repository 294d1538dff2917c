/** A deployment whose facts take their time, and an unverified Official Account with a tenth of WeChat's patience for them. */

import type { Channel } from "../../src/core/adapter.ts";
import { builtInChannels, builtInSkills, createXiaoer, defineSkill } from "../../src/xiaoer.ts";

const slow = defineSkill({
  name: "slow-answer",
  title: { zh: "慢慢查", en: "Takes its time" },
  gather: () => new Promise((resolve) => setTimeout(resolve, 800)),
  answer: () => ({ kind: "say", contents: [{ type: "text", text: "查到了：明天送达。" }] }),
});

const hasty = (channel: Channel): Channel => ({
  ...channel,
  async create(config, deps) {
    const adapter = await channel.create(config, deps);
    const { inlineReplyMs } = adapter.capabilities;
    if (inlineReplyMs === undefined) return adapter;
    return { ...adapter, capabilities: { ...adapter.capabilities, inlineReplyMs: 500, inlineAgainMs: 600 } };
  },
});

export default createXiaoer({ channels: builtInChannels.map(hasty), skills: [...builtInSkills, slow] });
