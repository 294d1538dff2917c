/** A deployment with a channel that cannot run on Node. */
import { defineChannel } from "../../src/core/adapter.ts";
import { builtInChannels, createXiaoer } from "../../src/xiaoer.ts";

const [web] = builtInChannels;
if (web === undefined) throw new Error("There are no channels.");
const owl = defineChannel({
  ...web,
  channel: "owl",
  title: { zh: "猫头鹰", en: "Owl post" },
  notOn: { node: { zh: "猫头鹰只认 Workers", en: "owls only nest on Workers" } },
});

export default createXiaoer({ channels: [...builtInChannels, owl] });
