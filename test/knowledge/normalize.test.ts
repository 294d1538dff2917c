import { expect, it } from "vitest";
import { buildIndex, normalize } from "../../knowledge/index.ts";

it.each([
  ["請問什麼時候發貨？", "请问什么时候发货?"],
  ["ＡＢＣ　１２３", "abc 123"],
  ["ﾍﾝﾋﾟﾝ", "ヘンピン"],
  ["订单号 2024-08-0012345", "订单号 2024-08-0012345"],
  ["👍🏽 ok", "👍🏽 ok"],
  ["退\u200b\u2060货\u0000", "退货"],
  ["\ud800退", "\ufffd退"],
  ["網路連線 資料庫", "网络连接 数据库"],
  ["什么", "什么"],
])("%j is compared as %j", (text, expected) => {
  expect(normalize(text)).toBe(expected);
});

it("of a very long text the beginning and the end are compared", () => {
  const long = `開始${"很長".repeat(10_000)}結束`;
  const normal = normalize(long);
  expect(normal.length).toBeLessThanOrEqual(6000);
  expect(normal).toMatch(/^开始很长.*很长结束$/);
  expect(normalize(normal)).toBe(normal);
});

it("numbers and codes are one word each: a part of one is not the same", () => {
  const index = buildIndex([
    { id: "5", question: "型号 A-1005 怎么安装" },
    { id: "15", question: "型号 A-10055 怎么安装" },
  ]);
  expect(index.match("A-1005 安装").matches[0]?.articleId).toBe("5");
  expect(index.match("A-10055 安装").matches[0]?.articleId).toBe("15");
});

it("what can be done and what cannot are told apart", () => {
  const index = buildIndex([
    { id: "can", question: "打折商品能退吗" },
    { id: "cannot", question: "打折商品为什么不能退" },
    { id: "login", question: "how can I log in" },
    { id: "no-login", question: "I cannot log in" },
  ]);
  expect(index.match("打折的可以退吗").matches[0]?.articleId).toBe("can");
  expect(index.match("打折的不能退").matches[0]?.articleId).toBe("cannot");
  expect(index.match("how do i log in").matches[0]?.articleId).toBe("login");
  expect(index.match("can't log in").matches[0]?.articleId).toBe("no-login");
});
