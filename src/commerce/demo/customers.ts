export interface DemoCustomer {
  readonly memberId: string;
  readonly name: string;
  readonly phone: string;
  /** Of a phone written as at home, elsewhere than in China. */
  readonly callingCode?: string;
  readonly region: string;
  readonly tier: string;
  readonly tags: readonly string[];
  readonly since: string;
  /** Whose product titles are English. */
  readonly english?: boolean;
}

export const DEMO_CUSTOMERS: readonly DemoCustomer[] = [
  {
    memberId: "m-1001",
    name: "林小美",
    phone: "13812346721",
    region: "浙江省杭州市西湖区",
    tier: "金卡",
    tags: ["老客", "爱穿搭"],
    since: "2023-03-18T02:00:00.000Z",
  },
  {
    memberId: "m-1002",
    name: "陈浩",
    phone: "13900014508",
    region: "广东省深圳市南山区",
    tier: "银卡",
    tags: ["数码"],
    since: "2024-06-02T05:30:00.000Z",
  },
  {
    memberId: "m-1003",
    name: "王思远",
    phone: "13700023316",
    region: "湖北省武汉市洪山区",
    tier: "普通会员",
    tags: ["新客"],
    since: "2025-11-20T08:15:00.000Z",
  },
  {
    memberId: "m-1004",
    name: "赵雨桐",
    phone: "13600037752",
    region: "四川省成都市锦江区",
    tier: "银卡",
    tags: ["家居"],
    since: "2024-01-09T11:40:00.000Z",
  },
  {
    memberId: "m-1005",
    name: "Emma Wilson",
    phone: "+12025550147",
    region: "Seattle, WA, United States",
    tier: "Gold",
    tags: ["cross-border"],
    since: "2024-09-14T16:00:00.000Z",
    english: true,
  },
  {
    memberId: "m-1006",
    name: "黃怡君",
    phone: "0912345678",
    callingCode: "886",
    region: "台灣台北市大安區",
    tier: "金卡",
    tags: ["跨境"],
    since: "2024-04-27T03:20:00.000Z",
  },
  {
    memberId: "m-1007",
    name: "佐藤 健",
    phone: "09000001284",
    callingCode: "81",
    region: "東京都世田谷区",
    tier: "普通会员",
    tags: ["跨境"],
    since: "2025-05-05T01:00:00.000Z",
    english: true,
  },
  {
    memberId: "m-1008",
    name: "周建国",
    phone: "13500049960",
    region: "北京市朝阳区",
    tier: "黑卡",
    tags: ["VIP", "高客单"],
    since: "2022-08-30T09:10:00.000Z",
  },
];
