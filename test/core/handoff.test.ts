import { describe, expect, it } from "vitest";
import { moodOf, riskOf, wantsPerson } from "../../src/core/handoff.ts";

describe("an explicit wish for a person", () => {
  it.each([
    "转人工",
    "人工",
    "人工客服",
    "转 人 工！",
    "我要转人工",
    "帮我转人工客服",
    "能不能转接真人",
    "找个真人",
    "要人工",
    "真人客服",
    "客服在吗",
    "有人吗？",
    "不要机器人",
    "我要和客服沟通",
    "轉真人客服",
    "我要找真人",
    "專人服務",
    "轉人工",
    "agent",
    "Human please",
    "I want to talk to a human",
    "can i speak with someone?",
    "Transfer me to a representative",
    "real person",
    "is there a human agent",
    "no more bots",
    "オペレーターにつないで",
    "担当者",
    "人間と話したい",
  ])("%s", (text) => expect(wantsPerson(text)).toBe(true));

  it.each([
    "客服电话是多少",
    "人工费多少钱",
    "多久发货",
    "我的订单到哪了",
    "这件衣服是人工缝制的吗",
    "你们客服几点上班",
    "真人模特身高多少",
    "这是真人实拍吗",
    "How long does shipping take?",
    "is the agent fee included",
    "what is your return policy",
    "human hair wig",
    "返品したい",
    "20881234",
    "😀",
    "",
  ])("not: %s", (text) => expect(wantsPerson(text)).toBe(false));
});

describe("matters that must not wait", () => {
  it.each([
    ["我的账号被盗了", "security", "urgent"],
    ["有人盗刷我的卡", "security", "urgent"],
    ["my account was hacked", "security", "urgent"],
    ["I didn't place this order", "security", "urgent"],
    ["充电宝冒烟了", "safety", "urgent"],
    ["宝宝用了过敏", "safety", "urgent"],
    ["the charger caught fire", "safety", "urgent"],
    ["再不处理我打12315", "complaints", "high"],
    ["我要起诉你们", "complaints", "high"],
    ["I will call my lawyer", "complaints", "high"],
  ])("%s → %s, %s", (text, group, priority) =>
    expect(riskOf(text)).toMatchObject({ code: "risk_word", group, priority }),
  );

  it.each(["账号怎么注册", "可以防火吗", "how do I change my account email", "订单 20123450", "SN123456"])(
    "not: %s",
    (text) => expect(riskOf(text)).toBeUndefined(),
  );
});

it.each([
  ["什么垃圾东西", "angry"],
  ["this is ridiculous", "angry"],
  ["怎么还不发货？？？", "unhappy"],
  ["多久发货", "calm"],
])("%s sounds %s", (text, mood) => expect(moodOf(text)).toBe(mood));
