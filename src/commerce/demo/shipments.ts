import type { Shipment } from "../../core/commerce.ts";
import type { DemoClock } from "./clock.ts";
import type { DemoOrder } from "./orders.ts";

type Node = Shipment["nodes"][number];

/** What the carriers say. Orders under way are told node by node; finished ones get the usual four. */
export function demoShipments(
  clock: DemoClock,
  orders: readonly DemoOrder[],
): ReadonlyMap<string, readonly Shipment[]> {
  const told = underWay(clock);
  const byOrder = new Map<string, readonly Shipment[]>();
  for (const order of orders) {
    const shipments = (order.trackingNumbers ?? []).map(
      (number) => told.find((shipment) => shipment.trackingNumber === number) ?? finished(order, number),
    );
    byOrder.set(order.orderId, shipments);
  }
  return byOrder;
}

function underWay({ on, ago }: DemoClock): readonly Shipment[] {
  const node = (at: string, place: string, text: string): Node => ({ at, place, text });
  return [
    {
      trackingNumber: "SF1443208866172",
      carrier: "顺丰速运",
      status: "in_transit",
      estimatedAt: on(1, "18:00"),
      nodes: [
        node(ago(70), "杭州市", "快件到达【杭州萧山转运中心】"),
        node(on(-1, "20:15"), "苏州市", "快件在【苏州工业园区集散中心】完成分拣，准备发往【杭州萧山转运中心】"),
        node(on(-1, "17:30"), "苏州市", "顺丰速运已收取快件"),
        node(on(-1, "16:40"), "苏州市", "商家已发货，等待顺丰速运揽收"),
      ],
    },
    {
      trackingNumber: "JDVB29417730658",
      carrier: "京东物流",
      status: "out_for_delivery",
      estimatedAt: on(0, "21:00"),
      nodes: [
        node(ago(30), "深圳市", "您的快件正在派送中，快递员【李师傅】，请保持电话畅通"),
        node(ago(150), "深圳市", "快件到达【深圳南山科技园营业部】"),
        node(on(-1, "19:20"), "东莞市", "快件由【东莞虎门分拣中心】发往【深圳南山科技园营业部】"),
        node(on(-2, "18:10"), "上海市", "京东快递已收取快件"),
      ],
    },
    {
      trackingNumber: "YT7528814036629",
      carrier: "圆通速递",
      status: "delivered",
      nodes: [
        node(on(-5, "11:26"), "成都市", "您的快件已签收，签收人：本人。感谢使用圆通速递"),
        node(on(-5, "08:40"), "成都市", "【成都锦江春熙路分部】的张师傅正在派件"),
        node(on(-6, "21:12"), "成都市", "快件到达【四川成都转运中心】"),
        node(on(-8, "17:05"), "嘉兴市", "【浙江嘉兴公司】已揽收"),
      ],
    },
    {
      trackingNumber: "75841260993174",
      carrier: "中通快递",
      status: "delivered",
      nodes: [
        node(on(-2, "18:03"), "成都市", "快件已暂存至【春熙苑 3 号丰巢柜】，请及时领取；签收方式：自提柜"),
        node(on(-2, "09:17"), "成都市", "【成都锦江二部】的业务员王师傅正在派件"),
        node(on(-3, "20:44"), "成都市", "快件已到达【成都中转部】"),
        node(on(-4, "17:52"), "金华市", "【义乌北苑】已揽收"),
      ],
    },
    {
      trackingNumber: "3908146625",
      carrier: "DHL Express",
      status: "in_transit",
      estimatedAt: on(3, "12:00"),
      nodes: [
        node(ago(160), "Los Angeles, CA", "Customs clearance processing completed"),
        node(on(-1, "15:30"), "Los Angeles, CA", "Arrived at DHL sort facility"),
        node(on(-3, "22:05"), "Hong Kong SAR", "Departed facility"),
        node(on(-4, "10:18"), "Shanghai", "Processed at DHL origin facility"),
        node(on(-5, "18:22"), "Shanghai", "Shipment picked up"),
      ],
    },
    {
      trackingNumber: "SF1443197720355",
      carrier: "順豐速運",
      status: "delivered",
      nodes: [
        node(ago(130), "台北市", "您的快件已簽收，簽收方式：管理室代收"),
        node(on(-1, "16:20"), "桃園市", "快件到達【桃園轉運中心】，清關完成"),
        node(on(-3, "14:02"), "深圳市", "快件離開【深圳寶安轉運中心】，發往【桃園轉運中心】"),
        node(on(-5, "17:40"), "蘇州市", "順豐速運已收取快件"),
      ],
    },
    {
      trackingNumber: "3908091733",
      carrier: "DHL Express",
      status: "exception",
      nodes: [
        node(on(-1, "13:05"), "Tokyo", "Delivery attempted; recipient not home. Held at DHL service point"),
        node(on(-2, "08:50"), "Tokyo", "Arrived at DHL delivery facility"),
        node(on(-4, "23:15"), "Shanghai", "Departed facility"),
        node(on(-7, "18:31"), "Shanghai", "Shipment picked up"),
      ],
    },
  ];
}

const CARRIERS: readonly (readonly [RegExp, string])[] = [
  [/^SF/, "顺丰速运"],
  [/^JD/, "京东物流"],
  [/^YT/, "圆通速递"],
  [/^\d{10}$/, "DHL Express"],
];

function finished(order: DemoOrder, trackingNumber: string): Shipment {
  const carrier = CARRIERS.find(([pattern]) => pattern.test(trackingNumber))?.[1] ?? "中通快递";
  const english = carrier === "DHL Express";
  const deliveredAt = order.deliveredAt ?? order.createdAt;
  const shippedAt = order.shippedAt ?? order.createdAt;
  const hours = (at: string, count: number) => new Date(Date.parse(at) + count * 3_600_000).toISOString();
  return {
    trackingNumber,
    carrier,
    status: "delivered",
    nodes: [
      { at: deliveredAt, text: english ? "Delivered. Signed for by recipient" : "您的快件已签收，签收人：本人" },
      { at: hours(deliveredAt, -3), text: english ? "With delivery courier" : "快递员正在派件，请保持电话畅通" },
      { at: hours(shippedAt, 6), text: english ? "Departed facility" : "快件已从始发地转运中心发出" },
      { at: hours(shippedAt, 1), text: english ? "Shipment picked up" : `${carrier}已收取快件` },
    ],
  };
}
