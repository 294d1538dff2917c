/** A shop large enough to measure: any number of distinct articles, asked in their own words. */
const PRODUCTS = [
  "羊毛大衣",
  "羽绒服",
  "真丝衬衫",
  "牛仔裤",
  "跑步鞋",
  "登山靴",
  "双肩包",
  "行李箱",
  "保温杯",
  "电饭煲",
  "空气炸锅",
  "吸尘器",
  "扫地机器人",
  "电动牙刷",
  "吹风机",
  "蓝牙耳机",
  "机械键盘",
  "显示器",
  "充电宝",
  "台灯",
  "婴儿车",
  "安全座椅",
  "奶粉",
  "猫粮",
  "狗窝",
  "鱼缸",
  "绿植",
  "床垫",
  "枕头",
  "蚕丝被",
  "窗帘",
  "地毯",
  "书桌",
  "人体工学椅",
  "净水器",
  "热水器",
  "洗碗机",
  "冰箱",
  "洗衣机",
  "空调",
  "面霜",
  "精华液",
  "口红",
  "防晒霜",
  "洗发水",
  "龙井茶",
  "咖啡豆",
  "坚果礼盒",
  "月饼",
  "大米",
] as const;
const MATTERS = [
  "怎么清洗",
  "保修多久",
  "有哪些颜色",
  "尺码怎么选",
  "什么时候补货",
  "能不能定制",
  "怎么安装",
  "产地是哪里",
  "保质期多长",
  "适合送礼吗",
  "可以试用吗",
  "有替换配件吗",
  "噪音大不大",
  "重量是多少",
  "怎么保养",
  "支持分期吗",
  "有赠品吗",
  "包装结实吗",
  "和旧款有什么区别",
  "坏了怎么修",
] as const;

export interface BenchArticle {
  readonly id: string;
  readonly question: string;
  readonly phrasings: readonly string[];
  readonly keywords: readonly string[];
  readonly answer: string;
}

export function makeArticles(count: number): BenchArticle[] {
  return Array.from({ length: count }, (_, i) => {
    const product = `${PRODUCTS[i % PRODUCTS.length]}${modelOf(Math.floor(i / (PRODUCTS.length * MATTERS.length)))}`;
    const matter = MATTERS[Math.floor(i / PRODUCTS.length) % MATTERS.length] ?? "";
    return {
      id: `article-${i}`,
      question: `${product}${matter}?`,
      phrasings: [`请问${product}${matter}`, `我想知道你们家${product}${matter}呀`],
      keywords: [product],
      answer: `亲,${product}的这个问题(${matter})请看商品页的说明,第 ${i} 条。`,
    };
  });
}

/** Ten thousand articles need more products than a person can name: the same ones in other models. */
function modelOf(round: number): string {
  return round === 0 ? "" : `${String.fromCharCode(64 + round)}款`;
}
