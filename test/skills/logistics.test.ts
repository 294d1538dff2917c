import { expect, test } from "vitest";
import { PERSON_VALUE } from "../../src/core/skill.ts";
import { logistics } from "../../src/skills/logistics.ts";
import { ask, choicesOf, flowOf, member, wordsOf } from "./ask.ts";

test("the last three nodes of the one parcel under way", async () => {
  const outcome = await ask(logistics, { ...member("m-1005"), text: "where is my parcel", locale: "en" });
  expect(wordsOf(outcome).split("\n").slice(0, 6)).toEqual([
    "Order 20883316 (Light Down Jacket + 1 more) shipped on Jun 10, 16:40.",
    "DHL Express 3908146625",
    "Jun 15, 11:00: Customs clearance processing completed",
    "Jun 14, 15:30: Arrived at DHL sort facility",
    "Jun 12, 22:05: Departed facility",
    "Expected on Jun 18.",
  ]);
});

test("parcels under way come before orders not sent", async () => {
  expect(await ask(logistics, { ...member("m-1002"), text: "物流" })).toMatchObject({ orderIds: ["20885521"] });
});

test("nothing sent yet: says by when it is promised", async () => {
  const outcome = await ask(logistics, { ...member("m-1008"), text: "物流到哪了" });
  expect(wordsOf(outcome)).toContain("已经超时还没有发出");
});

test("a parcel in trouble offers a person", async () => {
  const outcome = await ask(logistics, { ...member("m-1007"), text: "荷物はどこですか", locale: "ja" });
  expect(wordsOf(outcome)).toContain("担当者の対応が必要です");
  expect(choicesOf(outcome)).toEqual([PERSON_VALUE]);
});

test("a flow of its own, not of its sister's", async () => {
  const flow = flowOf(await ask(logistics, { text: "物流" }));
  expect(flow).toMatchObject({ skill: "logistics", step: "ask-order" });
  expect(await ask(logistics, { text: "20881234 尾号 6721", flow })).toMatchObject({ orderIds: ["20881234"] });
});
