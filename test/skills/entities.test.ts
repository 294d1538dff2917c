import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { extractEntities } from "../../src/core/entities.ts";

describe("order numbers", () => {
  test.each([
    ["20881234", ["20881234"]],
    ["我的20881234到哪了", ["20881234"]],
    ["订单号：２０８８１２３４ 快点", ["20881234"]],
    ["訂單編號 20881234", ["20881234"]],
    ["order #8812 please", ["8812"]],
    ["#8812", ["8812"]],
    ["Order no. XE20260612001", ["XE20260612001"]],
    ["注文番号は20881234です", ["20881234"]],
    ["TB-123456 和 20881234", ["TB-123456", "20881234"]],
    ["3578264400199283746 这单", ["3578264400199283746"]],
    ["20881234, 20881234", ["20881234"]],
    ["订单号是20260615", ["20260615"]],
  ])("%s", (text, orderIds) => {
    expect(extractEntities(text).orderIds).toEqual(orderIds);
  });
});

describe("no order numbers", () => {
  test.each([
    ["a date", "20260615 下的单"],
    ["a month", "202606 的账单"],
    ["dashed dates", "2026-06-15 到 2026/06/20"],
    ["a price in yuan", "这个要 100000 元吗"],
    ["a price with a sign", "¥129900 和 $123456"],
    ["a decimal", "123456.78"],
    ["grouped thousands", "1,299,000"],
    ["a time", "13:40:55"],
    ["five digits", "12345"],
    ["a mobile", "13812346721"],
    ["a mobile after the word order", "查订单 13812346721"],
    ["a web address", "https://shop.example/item/20881234?id=99887766"],
    ["an e-mail address", "20881234@qq.com"],
    ["letters inside", "abc123456def"],
    ["21 digits", "123456789012345678901"],
    ["nothing", ""],
  ])("in %s", (_, text) => {
    expect(extractEntities(text).orderIds).toEqual([]);
  });
});

describe("tracking numbers", () => {
  test.each([
    ["SF1443208866172 到哪了", ["SF1443208866172"], []],
    ["yt7528814036629", ["YT7528814036629"], []],
    ["JDVB29417730658", ["JDVB29417730658"], []],
    ["EA123456789CN", ["EA123456789CN"], []],
    ["1Z999AA10123456784", ["1Z999AA10123456784"], []],
    ["快递单号 75831920046281", ["75831920046281"], []],
    ["tracking number is 3908146625", ["3908146625"], []],
    // May be either; a lookup tells.
    ["75831920046281", ["75831920046281"], ["75831920046281"]],
    ["订单号 758319200462", [], ["758319200462"]],
  ])("%s", (text, trackingNumbers, orderIds) => {
    expect(extractEntities(text)).toMatchObject({ trackingNumbers, orderIds });
  });
});

describe("phones and e-mail addresses come masked", () => {
  test.each([
    ["13812346721", ["138****6721"]],
    ["138 1234 6721", ["138****6721"]],
    ["138-1234-6721", ["138****6721"]],
    ["+86 138 1234 6721", ["138****6721"]],
    ["１３８１２３４６７２１", ["138****6721"]],
    ["0912-345-678", ["091****5678"]],
    ["090-1234-5678", ["090****5678"]],
    ["call (202) 555-0147", ["202****0147"]],
    ["+12025550147", ["+12****0147"]],
    ["20881234 13812346721", ["138****6721"]],
  ])("%s", (text, phones) => {
    expect(extractEntities(text).phones).toEqual(phones);
  });

  test("an e-mail address", () => {
    const found = extractEntities("mei.lin@shop.example, 谢谢");
    expect(found).toEqual({ orderIds: [], trackingNumbers: [], phones: [], emails: ["m****@shop.example"] });
  });
});

test("any text is read, in time that grows with its length only", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      extractEntities(text);
    }),
  );
  for (const unit of ["1", "1 ", "1-", "1,", "a.", "+1", "SF1", "订单", "@a.", "#1", "(1)"]) {
    const startedAt = performance.now();
    extractEntities(unit.repeat(10_000));
    expect(performance.now() - startedAt, unit).toBeLessThan(250);
  }
});
