import type { Order } from "../../core/commerce.ts";
import type { DemoClock } from "./clock.ts";

type Times = Pick<Order, "createdAt" | "paidAt" | "shippedAt" | "deliveredAt" | "promisedShipAt">;

/** An order before its prices and recipient are looked up. */
export interface DemoOrder extends Times {
  readonly orderId: string;
  readonly memberId: string;
  readonly status: Order["status"];
  /** Product id and quantity. */
  readonly lines: readonly (readonly [string, number])[];
  readonly trackingNumbers?: readonly string[];
}

/** Orders of every status, believable on whatever day they are read. */
export function demoOrders({ on, ago }: DemoClock): readonly DemoOrder[] {
  const shipped = (created: number, sent: number) => ({
    createdAt: on(created, "20:05"),
    paidAt: on(created, "20:06"),
    promisedShipAt: on(created + 2, "20:06"),
    shippedAt: on(sent, "16:40"),
  });
  const delivered = (created: number, sent: number, signed: number, time = "11:26") => ({
    ...shipped(created, sent),
    deliveredAt: on(signed, time),
  });
  const waiting = (created: number, promised: number) => ({
    createdAt: on(created, "19:12"),
    paidAt: on(created, "19:13"),
    promisedShipAt: on(promised, "19:13"),
  });
  return [
    // m-1001: one order under way, one long done.
    {
      orderId: "20881234",
      memberId: "m-1001",
      status: "shipped",
      lines: [
        ["p-101", 1],
        ["p-103", 1],
      ],
      ...shipped(-2, -1),
      trackingNumbers: ["SF1443208866172"],
    },
    {
      orderId: "20774410",
      memberId: "m-1001",
      status: "completed",
      lines: [["p-302", 2]],
      ...delivered(-48, -47, -45),
      trackingNumbers: ["75831920046281"],
    },
    // m-1002: three under way at once, one done.
    {
      orderId: "20885521",
      memberId: "m-1002",
      status: "shipped",
      lines: [["p-201", 1]],
      ...shipped(-3, -2),
      trackingNumbers: ["JDVB29417730658"],
    },
    {
      orderId: "20886007",
      memberId: "m-1002",
      status: "preparing",
      lines: [["p-203", 2]],
      ...waiting(-1, 1),
    },
    {
      orderId: "20886118",
      memberId: "m-1002",
      status: "paid",
      lines: [
        ["p-202", 1],
        ["p-304", 1],
      ],
      createdAt: ago(95),
      paidAt: ago(94),
      promisedShipAt: on(2, "18:00"),
    },
    {
      orderId: "20791365",
      memberId: "m-1002",
      status: "completed",
      lines: [["p-203", 1]],
      ...delivered(-36, -35, -33),
      trackingNumbers: ["JDVB28830165524"],
    },
    // m-1003: none yet.
    // m-1004: returns on both sides of the seventh day, and goods that cannot come back.
    {
      orderId: "20879903",
      memberId: "m-1004",
      status: "delivered",
      lines: [["p-303", 1]],
      ...delivered(-9, -8, -5),
      trackingNumbers: ["YT7528814036629"],
    },
    {
      orderId: "20878846",
      memberId: "m-1004",
      status: "delivered",
      lines: [["p-301", 1]],
      ...delivered(-13, -12, -9, "15:48"),
      trackingNumbers: ["75840177352906"],
    },
    {
      orderId: "20881077",
      memberId: "m-1004",
      status: "delivered",
      lines: [
        ["p-104", 2],
        ["p-302", 1],
      ],
      ...delivered(-5, -4, -2, "18:03"),
      trackingNumbers: ["75841260993174"],
    },
    {
      orderId: "20860512",
      memberId: "m-1004",
      status: "refunded",
      lines: [["p-105", 1]],
      ...delivered(-31, -30, -28),
      trackingNumbers: ["YT7526620198834"],
    },
    // m-1005: an English customer abroad.
    {
      orderId: "20883316",
      memberId: "m-1005",
      status: "shipped",
      lines: [
        ["p-102", 1],
        ["p-103", 1],
      ],
      ...shipped(-6, -5),
      trackingNumbers: ["3908146625"],
    },
    {
      orderId: "20865540",
      memberId: "m-1005",
      status: "completed",
      lines: [["p-201", 1]],
      ...delivered(-41, -40, -33),
      trackingNumbers: ["3905528174"],
    },
    {
      orderId: "20884402",
      memberId: "m-1005",
      status: "cancelled",
      lines: [["p-105", 1]],
      createdAt: on(-6, "09:31"),
    },
    // m-1006: traditional Chinese; delivered today, one still unpaid.
    {
      orderId: "20880095",
      memberId: "m-1006",
      status: "delivered",
      lines: [["p-102", 1]],
      ...shipped(-6, -5),
      deliveredAt: ago(130),
      trackingNumbers: ["SF1443197720355"],
    },
    {
      orderId: "20886240",
      memberId: "m-1006",
      status: "pending_payment",
      lines: [
        ["p-301", 1],
        ["p-302", 1],
      ],
      createdAt: ago(40),
    },
    {
      orderId: "20802218",
      memberId: "m-1006",
      status: "completed",
      lines: [["p-101", 2]],
      ...delivered(-27, -26, -22),
      trackingNumbers: ["SF1441926608413"],
    },
    // m-1007: the carrier reports trouble.
    {
      orderId: "20882751",
      memberId: "m-1007",
      status: "shipped",
      lines: [["p-304", 1]],
      ...shipped(-8, -7),
      trackingNumbers: ["3908091733"],
    },
    {
      orderId: "20830047",
      memberId: "m-1007",
      status: "completed",
      lines: [["p-301", 1]],
      ...delivered(-60, -59, -52),
      trackingNumbers: ["3903370582"],
    },
    // m-1008: a VIP with an overdue order and a refund under way.
    {
      orderId: "20882009",
      memberId: "m-1008",
      status: "paid",
      lines: [
        ["p-102", 2],
        ["p-303", 1],
      ],
      ...waiting(-4, -2),
    },
    {
      orderId: "20877730",
      memberId: "m-1008",
      status: "refunding",
      lines: [["p-201", 1]],
      ...delivered(-10, -9, -7),
      trackingNumbers: ["SF1443120094587"],
    },
    {
      orderId: "20885880",
      memberId: "m-1008",
      status: "pending_payment",
      lines: [["p-202", 1]],
      createdAt: ago(20),
    },
    {
      orderId: "20851146",
      memberId: "m-1008",
      status: "completed",
      lines: [["p-303", 2]],
      ...delivered(-35, -34, -32),
      trackingNumbers: ["SF1442700863198"],
    },
    {
      orderId: "20812993",
      memberId: "m-1008",
      status: "completed",
      lines: [
        ["p-101", 3],
        ["p-103", 1],
      ],
      ...delivered(-75, -74, -72),
      trackingNumbers: ["SF1440053381726"],
    },
    {
      orderId: "20846671",
      memberId: "m-1008",
      status: "refunded",
      lines: [["p-105", 1]],
      ...delivered(-39, -38, -36),
      trackingNumbers: ["SF1442316679024"],
    },
    {
      orderId: "20858305",
      memberId: "m-1008",
      status: "cancelled",
      lines: [["p-203", 1]],
      createdAt: on(-33, "22:47"),
    },
  ];
}
