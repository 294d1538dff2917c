import type {
  Article,
  Contact,
  DeadDelivery,
  Inbox,
  Message,
  OrderFact,
  Session,
  Ticket,
  TicketContext,
  User,
} from "../../web/desk/src/api/types.ts";

/** The demo shop of the mock: a few shoppers in every state a desk has to show. */
export interface MockShop {
  readonly users: (User & { readonly password: string })[];
  readonly sessions: Session[];
  readonly messages: Message[];
  readonly tickets: Ticket[];
  readonly contacts: Contact[];
  readonly orders: Map<string, OrderFact[]>;
  readonly articles: Article[];
  readonly inboxes: Inbox[];
  readonly dead: DeadDelivery[];
}

const shopper = (id: string, name: string | undefined, extra: Partial<Contact> = {}): Contact => ({
  id,
  ...(name !== undefined && { name }),
  level: "verified",
  vip: false,
  tags: [],
  profile: {
    tier: "金卡",
    orderCount: 12,
    lifetimeValue: { amount: 328600, currency: "CNY" },
    since: "2023-04-02T00:00:00.000Z",
  },
  identities: [],
  tickets: [],
  memberId: `M${id.slice(-4)}`,
  phone: "138****6721",
  email: "m****@shop.example",
  masked: ["phone", "email"],
  locale: "zh-CN",
  createdAt: "2023-04-02T00:00:00.000Z",
  ...extra,
});

export function mockShop(now = Date.now()): MockShop {
  const ago = (seconds: number) => new Date(now - seconds * 1000).toISOString();
  const contacts = [
    shopper("c_lin", "林晓梅", {
      vip: true,
      tags: ["老客", "偏好顺丰"],
      identities: [
        {
          id: "i1",
          channel: "web",
          inboxId: "in_web",
          inboxName: "官网商城",
          level: "verified",
          lastInboundAt: ago(70),
        },
        {
          id: "i2",
          channel: "wechat-miniprogram",
          inboxId: "in_mp",
          inboxName: "微信小程序",
          level: "verified",
          lastInboundAt: ago(86_400 * 3),
        },
        { id: "i3", channel: "telegram", inboxId: "in_tg", inboxName: "Telegram 海外店", level: "claimed" },
      ],
      tickets: [
        {
          id: "t_old",
          number: "T-261104-0007",
          status: "resolved",
          summary: "耳机左耳无声,已补发",
          createdAt: ago(86_400 * 16),
          resolvedAt: ago(86_400 * 15),
        },
      ],
    }),
    shopper("c_zhou", "周子航"),
    shopper("c_emma", "Emma Clarke", { locale: "en", profile: { tier: "Silver", orderCount: 3 } }),
    shopper("c_anon", undefined, {
      level: "anonymous",
      profile: {},
      phone: undefined,
      email: undefined,
      memberId: undefined,
    } as Partial<Contact>),
    shopper("c_sato", "佐藤 美咲", { locale: "ja" }),
    shopper("c_wu", "吴桐"),
    shopper("c_chen", "陈 建国"),
  ];
  const order = (
    orderId: string,
    status: string,
    title: string,
    amount: number,
    extra: Partial<OrderFact> = {},
  ): OrderFact => ({
    orderId,
    status,
    items: [{ productId: `P-${orderId}`, title, quantity: 1, price: { amount, currency: "CNY" }, returnable: true }],
    total: { amount, currency: "CNY" },
    createdAt: ago(86_400 * 3),
    trackingNumbers: [],
    shipments: [],
    freshness: { state: "live", at: ago(2), source: "demo-shop" },
    ...extra,
  });
  const lin = [
    order("20261117-8812", "shipped", "云感四件套 · 雾蓝 1.8m", 59900, {
      shippedAt: ago(86_400 * 2),
      trackingNumbers: ["SF1428800913207"],
      recipient: { name: "林**", phone: "138****6721", region: "浙江省 杭州市 西湖区" },
      shipments: [
        {
          trackingNumber: "SF1428800913207",
          carrier: "顺丰速运",
          status: "in_transit",
          nodes: [
            { at: ago(3 * 3600), text: "快件到达【杭州萧山转运中心】", place: "杭州" },
            { at: ago(15 * 3600), text: "快件已发往【杭州萧山转运中心】", place: "南通" },
            { at: ago(40 * 3600), text: "商家已交付顺丰速运", place: "南通" },
            { at: ago(42 * 3600), text: "已揽收" },
          ],
          estimatedAt: ago(-20 * 3600),
        },
      ],
    }),
    order("20261119-9034", "preparing", "羽绒枕 · 中高款", 18900, {
      promisedShipAt: ago(3600),
      freshness: { state: "cached", at: ago(360), source: "demo-shop" },
    }),
    order("20261012-5520", "completed", "无线降噪耳机 · 云白", 39900, {
      items: [
        {
          productId: "P-1",
          title: "无线降噪耳机 · 云白",
          quantity: 1,
          price: { amount: 39900, currency: "CNY" },
          returnable: false,
        },
      ],
      deliveredAt: ago(86_400 * 30),
      freshness: { state: "stale", at: ago(7200), source: "demo-shop" },
    }),
  ];
  const context = (
    reason: TicketContext["reason"],
    summary: string,
    extra: Partial<TicketContext> = {},
  ): TicketContext => ({
    reason,
    summary,
    messages: [],
    attempts: [],
    entities: {},
    orders: [],
    profile: {},
    language: "zh-CN",
    mood: "calm",
    urgency: "normal",
    identityLevel: "verified",
    suggestions: [],
    similar: [],
    promises: [],
    ...extra,
  });
  const ticket = (
    id: string,
    number: string,
    contact: Contact,
    sessionId: string,
    status: Ticket["status"],
    ctx: TicketContext,
    extra: Partial<Ticket> = {},
  ): Ticket => ({
    id,
    number,
    status,
    priority: ctx.urgency,
    group: "售后",
    contact: { id: contact.id, ...(contact.name && { name: contact.name }) },
    sessionIds: [sessionId],
    orderIds: ctx.orders.map((item) => item.orderId),
    tags: [],
    summary: ctx.summary,
    version: 1,
    createdAt: ago(100),
    context: ctx,
    notes: [],
    activity: [{ id: `${id}-a1`, kind: "queued", at: ago(98) }],
    ...extra,
  });
  const [cLin, cZhou, cEmma, cAnon, cSato, cWu, cChen] = contacts as [
    Contact,
    Contact,
    Contact,
    Contact,
    Contact,
    Contact,
    Contact,
  ];
  const tickets = [
    ticket(
      "t_lin",
      "T-261120-0012",
      cLin,
      "s_lin",
      "open",
      context(
        { code: "unhappy", words: "怎么还没到,都说三天了" },
        "订单 8812 承诺三天到,现停在杭州转运中心;顾客问能否今天派送,已催过一次。",
        {
          mood: "unhappy",
          attempts: [
            { articleId: "a_urge", question: "快点发货 / 催单", score: 0.82, shown: true, version: 3 },
            { articleId: "a_late", question: "物流停滞怎么办", score: 0.54, shown: false, version: 1 },
          ],
          entities: {
            orderIds: ["20261117-8812"],
            trackingNumbers: ["SF1428800913207"],
            products: ["云感四件套"],
            phones: ["138****6721"],
          },
          orders: lin.slice(0, 2),
          suggestions: [
            {
              articleId: "a_urge",
              question: "快点发货 / 催单",
              answer: "亲,已帮您加急催促顺丰,转运中心今天会优先出库,预计明天上午送达。",
              score: 0.82,
            },
            {
              articleId: "a_late",
              question: "物流停滞怎么办",
              answer: "亲,包裹超过 24 小时没有新进展时,我们会联系快递核实并在 2 小时内回复您。",
              score: 0.54,
            },
          ],
          similar: [{ ticketId: "t_old", number: "T-261104-0007", summary: "耳机左耳无声,已补发" }],
          promises: [{ text: "11-20 前送达", dueAt: ago(-3600) }],
        },
      ),
    ),
    ticket(
      "t_wu",
      "T-261120-0013",
      cWu,
      "s_wu",
      "open",
      context({ code: "risk_word", words: "账号被盗" }, "顾客称账号被盗,有一笔陌生订单,要求冻结。", {
        urgency: "urgent",
        mood: "angry",
      }),
      { group: "账户安全" },
    ),
    ticket(
      "t_anon",
      "T-261120-0014",
      cAnon,
      "s_anon",
      "open",
      context({ code: "miss2", words: "能开增值税专票吗" }, "连续两次未答上:专票抬头与税号怎么填。", {
        identityLevel: "anonymous",
      }),
    ),
    ticket(
      "t_emma",
      "T-261120-0009",
      cEmma,
      "s_emma",
      "claimed",
      context(
        { code: "ask_human", words: "talk to a human" },
        "Wants to change the delivery address of order 20261118-7741.",
        { language: "en" },
      ),
      {
        assignee: "u_mei",
        assigneeName: "沈梅",
        claimedAt: ago(900),
        firstReplyAt: ago(880),
        notes: [
          {
            id: "n1",
            author: { id: "u_bo", name: "周博" },
            text: "英国仓 16:00 截单,改地址要在那之前。",
            at: ago(700),
          },
        ],
      },
    ),
    ticket(
      "t_sato",
      "T-261120-0010",
      cSato,
      "s_sato",
      "claimed",
      context({ code: "vip_rule", words: "返品" }, "サイズ交換の相談。", { language: "ja" }),
      { assignee: "u_bo", assigneeName: "周博", claimedAt: ago(600) },
    ),
    ticket(
      "t_old",
      "T-261104-0007",
      cLin,
      "s_old",
      "resolved",
      context({ code: "ask_human", words: "人工" }, "耳机左耳无声,已补发"),
      { createdAt: ago(86_400 * 16), resolvedAt: ago(86_400 * 15), assignee: "u_mei", assigneeName: "沈梅" },
    ),
  ];
  const session = (
    id: string,
    contact: Contact,
    state: Session["state"],
    owner: string,
    extra: Partial<Session> = {},
  ): Session => {
    const own = tickets.find((item) => item.sessionIds.includes(id));
    return {
      id,
      state,
      owner,
      ownerEpoch: 3,
      contact: {
        id: contact.id,
        ...(contact.name && { name: contact.name }),
        level: contact.level,
        vip: contact.vip,
        tags: contact.tags,
      },
      channel: "web",
      inboxId: "in_web",
      inboxName: "官网商城",
      conversationId: `cv_${id}`,
      unread: 0,
      language: "zh-CN",
      openedAt: ago(600),
      lastInboundAt: ago(60),
      lastMessageAt: ago(60),
      ...(own && {
        ticketId: own.id,
        ticket: {
          id: own.id,
          number: own.number,
          status: own.status,
          priority: own.priority,
          group: own.group,
          reason: own.context.reason,
        },
      }),
      ...extra,
    };
  };
  const sessions = [
    session("s_lin", cLin, "queued", "queue", {
      preview: "怎么还没到,都说三天了",
      unread: 2,
      waitingSince: ago(72),
      queuedAt: ago(72),
      lastMessageAt: ago(70),
      lastInboundAt: ago(70),
    }),
    session("s_wu", cWu, "queued", "queue", {
      channel: "wechat-miniprogram",
      inboxId: "in_mp",
      inboxName: "微信小程序",
      preview: "我的账号被盗了!!有人用我的余额下单",
      unread: 1,
      waitingSince: ago(25),
      window: { closesAt: ago(-47 * 3600), messagesLeft: 5 },
    }),
    session("s_anon", cAnon, "queued", "queue", { preview: "能开增值税专票吗", unread: 3, waitingSince: ago(215) }),
    session("s_emma", cEmma, "agent", "u_mei", {
      ownerName: "沈梅",
      channel: "telegram",
      inboxId: "in_tg",
      inboxName: "Telegram 海外店",
      language: "en",
      preview: "Great, thank you!",
      unread: 1,
      waitingSince: ago(130),
    }),
    session("s_sato", cSato, "agent", "u_bo", {
      ownerName: "周博",
      channel: "line",
      inboxName: "LINE 日本店",
      language: "ja",
      preview: "サイズを交換したいです",
      window: { closesAt: ago(-2 * 3600) },
    }),
    session("s_zhou", cZhou, "bot", "bot", { preview: "亲,满 200 减 30 可以和店铺券叠加使用~" }),
    session("s_old", cLin, "closed", "u_mei", {
      ownerName: "沈梅",
      preview: "好的,谢谢",
      openedAt: ago(86_400 * 16),
      lastMessageAt: ago(86_400 * 15),
      closedAt: ago(86_400 * 15),
      closedBy: "agent",
    }),
  ];
  let seq = 0;
  const say = (
    sessionId: string,
    seconds: number,
    author: Message["author"],
    text: string,
    extra: Partial<Message> = {},
  ): Message => {
    seq += 1;
    const inbound = author.kind === "contact";
    return {
      id: `m_${seq}`,
      seq,
      sessionId,
      direction: inbound ? "inbound" : "outbound",
      author,
      channel: sessions.find((item) => item.id === sessionId)?.channel ?? "web",
      content: { type: "text", text },
      at: ago(seconds),
      ...(!inbound && { delivery: "read" as const }),
      ...extra,
    };
  };
  const contact = { kind: "contact" } as const;
  const bot = { kind: "bot" } as const;
  const mei = { kind: "agent", id: "u_mei", name: "沈梅" } as const;
  const messages = [
    say("s_old", 86_400 * 16, contact, "耳机左边没有声音"),
    say("s_old", 86_400 * 16 - 60, mei, "给您补发一副新的,明天寄出。"),
    say("s_old", 86_400 * 15, contact, "好的,谢谢"),
    ...Array.from({ length: 70 }, (_, index) =>
      say(
        "s_lin",
        86_400 + 7000 - index * 60,
        index % 2 === 0 ? contact : bot,
        index % 2 === 0 ? `第 ${index / 2 + 1} 个问题:四件套会缩水吗` : "亲,水洗后缩率小于 3%,可以放心~",
        index % 2 === 0 ? {} : { articleId: "a_wash", articleVersion: 2, score: 0.91 },
      ),
    ),
    say("s_lin", 300, contact, "快点发货呀"),
    say("s_lin", 298, bot, "亲,订单 20261117-8812 已由顺丰发出,最新进展:快件到达【杭州萧山转运中心】(今天 18:30)。", {
      articleId: "a_urge",
      articleVersion: 3,
      score: 0.82,
    }),
    say("s_lin", 240, contact, "", {
      content: {
        type: "order",
        orderId: "20261117-8812",
        status: "shipped",
        items: [{ title: "云感四件套 · 雾蓝 1.8m", quantity: 1 }],
        total: { amount: 59900, currency: "CNY" },
      },
    }),
    say("s_lin", 120, bot, "", {
      content: {
        type: "choices",
        text: "您是想问这些吗?",
        choices: [
          { label: "物流停滞怎么办", value: "a_late" },
          { label: "修改收货地址", value: "a_addr" },
          { label: "转人工", value: "人工" },
        ],
      },
    }),
    say("s_lin", 72, contact, "怎么还没到,都说三天了"),
    say("s_lin", 70, contact, "今天能到吗?https://www.sf-express.com/track 这个查不到"),
    say("s_lin", 69, { kind: "system" }, "", {
      content: {
        type: "system",
        code: "handoff",
        text: "已为您转接人工,前面 1 位,约 1 分钟;问题和订单已带过去,不用重复",
      },
    }),
    say("s_wu", 25, contact, "我的账号被盗了!!有人用我的余额下单"),
    say("s_anon", 230, contact, "开票"),
    say("s_anon", 215, contact, "能开增值税专票吗"),
    say("s_emma", 950, contact, "Hi, I need to change the delivery address, talk to a human please"),
    say("s_emma", 880, mei, "Hello Emma, of course. Which address should it go to?"),
    say("s_emma", 500, contact, "14 Rose Lane, Bath BA1 2AB"),
    say("s_emma", 400, mei, "Changed. You will get a confirmation e-mail in a minute.", {
      delivery: "failed",
      deliveryDetail: "Forbidden: bot was blocked by the user",
      deliveryId: "d_emma",
    }),
    say("s_emma", 130, contact, "Great, thank you!"),
    say("s_sato", 620, contact, "サイズを交換したいです"),
    say("s_zhou", 60, contact, "满减和券能一起用吗"),
    say("s_zhou", 58, bot, "亲,满 200 减 30 可以和店铺券叠加使用~", {
      articleId: "a_coupon",
      articleVersion: 5,
      score: 0.88,
    }),
  ];
  const article = (
    id: string,
    question: string,
    category: string,
    answer: string,
    extra: Partial<Article> = {},
  ): Article => ({
    id,
    question,
    phrasings: [],
    keywords: [],
    answer,
    answers: [],
    category,
    locale: "zh-CN",
    status: "published",
    version: 1,
    publishedVersion: 1,
    updatedAt: ago(86_400),
    hits7d: 42,
    ...extra,
  });
  const articles = [
    article(
      "a_urge",
      "快点发货 / 催单",
      "物流",
      "亲,您的订单 {{ order.number }} 目前{{ order.status }},我们已加急处理~",
      {
        phrasings: ["什么时候发货", "怎么还没发货", "快点发货呀", "催一下"],
        keywords: ["催单", "发货", "加急"],
        answers: [{ channel: "telegram", text: "订单 {{ order.number }}:{{ order.status }}" }],
        skill: "order-status",
        version: 3,
        publishedVersion: 3,
        hits7d: 318,
      },
    ),
    article(
      "a_late",
      "物流停滞怎么办",
      "物流",
      "亲,包裹超过 24 小时没有新进展时,我们会联系快递核实并在 2 小时内回复您。",
      { phrasings: ["物流不动了", "快递没更新"], keywords: ["停滞", "不更新"] },
    ),
    article("a_coupon", "满减和优惠券可以叠加吗", "优惠", "亲,满 200 减 30 可以和店铺券叠加使用~", {
      keywords: ["叠加", "满减", "优惠券"],
      version: 6,
      publishedVersion: 5,
      status: "draft",
      validUntil: ago(-86_400 * 9),
      hits7d: 127,
    }),
    article("a_wash", "四件套会缩水吗", "商品", "亲,水洗后缩率小于 3%,可以放心~", { version: 2, publishedVersion: 2 }),
    article(
      "a_return",
      "七天无理由退货",
      "退换",
      "签收 7 天内、不影响二次销售即可退货。1. 打开订单 2. 点“申请退货” 3. 寄回后 48 小时内退款。",
      { skill: "return-guide", keywords: ["退货", "七天"] },
    ),
    article(
      "a_invoice_en",
      "How do I get an invoice?",
      "Invoice",
      "Open the order and tap “Invoice”. It arrives by e-mail within an hour.",
      { locale: "en", status: "draft", publishedVersion: undefined } as Partial<Article>,
    ),
    ...Array.from({ length: 60 }, (_, index) =>
      article(`a_${100 + index}`, `常见问题 ${index + 1}:商品保养与使用`, "商品", "请参考吊牌说明。", {
        hits7d: 60 - index,
      }),
    ),
  ];
  return {
    users: [
      {
        id: "u_mei",
        name: "沈梅",
        email: "mei@shop.example",
        role: "admin",
        password: "correct horse battery",
        groups: ["售后", "账户安全"],
        lastLoginAt: ago(60),
      },
      {
        id: "u_bo",
        name: "周博",
        email: "bo@shop.example",
        role: "agent",
        password: "correct horse battery",
        groups: ["售后"],
        lastLoginAt: ago(4000),
      },
      { id: "u_lu", name: "陆瑶", email: "lu@shop.example", role: "editor", password: "correct horse battery" },
      {
        id: "u_an",
        name: "安宁",
        email: "an@shop.example",
        role: "auditor",
        password: "correct horse battery",
        disabled: true,
      },
    ],
    sessions,
    messages,
    tickets,
    contacts: [...contacts, cChen],
    orders: new Map([
      ["c_lin", lin],
      [
        "c_emma",
        [order("20261118-7741", "paid", "Linen duvet set", 12900, { total: { amount: 12900, currency: "GBP" } })],
      ],
    ]),
    articles,
    inboxes: [
      {
        id: "in_web",
        channel: "web",
        name: "官网商城",
        config: {
          title: "云栖家居",
          color: "#0d6b60",
          allowedOrigins: ["https://shop.example"],
          locale: "zh-CN",
          identitySecret: "••••",
        },
        webhookUrl: "http://127.0.0.1:8787/webhooks/in_web",
        status: { state: "active" },
      },
      {
        id: "in_tg",
        channel: "telegram",
        name: "Telegram 海外店",
        config: { token: "••••", secretToken: "••••" },
        webhookUrl: "http://127.0.0.1:8787/webhooks/in_tg",
        status: { state: "error", detail: "401 Unauthorized: the bot token was revoked" },
      },
    ],
    dead: [
      {
        id: "d_emma",
        messageId: "m_1",
        sessionId: "s_emma",
        contact: { id: "c_emma", name: "Emma Clarke" },
        channel: "telegram",
        inboxName: "Telegram 海外店",
        attempts: 5,
        code: "delivery.blocked",
        detail: "Forbidden: bot was blocked by the user",
        content: { type: "text", text: "Changed. You will get a confirmation e-mail in a minute." },
        at: ago(400),
      },
    ],
  };
}
