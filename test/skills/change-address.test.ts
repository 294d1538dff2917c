import { describe, expect, test } from "vitest";
import { PERSON_VALUE } from "../../src/core/skill.ts";
import { changeAddress } from "../../src/skills/change-address.ts";
import { ask, choicesOf, flowOf, member, wordsOf } from "./ask.ts";

describe("before it is sent", () => {
  const asking = () => ask(changeAddress, { ...member("m-1002"), text: "20886007 改个地址" });

  test("the new address is asked for, then handed to a person, and not said to be changed", async () => {
    const flow = flowOf(await asking());
    expect(flow).toMatchObject({ skill: "change-address", step: "address", slots: { orderId: "20886007" } });
    const text = "广东省深圳市福田区深南大道 1001 号 5 楼 陈浩 13900014508";
    const outcome = await ask(changeAddress, { ...member("m-1002"), text, flow });
    expect(outcome).toMatchObject({ kind: "handoff", code: "ineligible_action", words: "20886007 改个地址" });
    expect(wordsOf(outcome)).toContain(text);
    expect(wordsOf(outcome)).toContain("地址还没有改");
  });

  test.each(["算了不改了", "运费多少钱啊？", "转人工客服帮我看一下吧", "好的"])("%s is no address", async (text) => {
    const flow = flowOf(await asking());
    expect(await ask(changeAddress, { ...member("m-1002"), text, flow })).toEqual({ kind: "pass" });
  });

  test.each(["500 Pine Street, Seattle, WA 98101", "東京都世田谷区三軒茶屋1-2-3", "台北市大安區和平東路一段 10 號"])(
    "%s is one",
    async (text) => {
      const flow = flowOf(await asking());
      expect((await ask(changeAddress, { ...member("m-1002"), text, flow })).kind).toBe("handoff");
    },
  );
});

test("after it is sent, a person is offered", async () => {
  const outcome = await ask(changeAddress, { ...member("m-1001"), text: "改地址" });
  expect(wordsOf(outcome)).toContain("已经寄出，在这里改不了地址");
  expect(choicesOf(outcome)).toEqual([PERSON_VALUE]);
});

test("an unproven contact proves the order first", async () => {
  expect(flowOf(await ask(changeAddress, { text: "改地址" })).step).toBe("ask-order");
  const outcome = await ask(changeAddress, { text: "订单 20886007 尾号 4508 改地址" });
  expect(flowOf(outcome).step).toBe("address");
});
