/** The locales the bot's own lines exist in. */
export const LOCALES = ["zh-CN", "zh-TW", "en", "ja"] as const;
export type Locale = (typeof LOCALES)[number];

/** Kana, without the middle dot that Chinese writes in foreign names. */
const KANA = /[\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d]/u;
const HAN = /\p{Script=Han}/u;
/**
 * Characters of customer service that one script writes and the other does not: of pairs such as 系 and 係 only the one
 * that tells. The particles after them are Cantonese.
 */
const TRADITIONAL = new Set(
  "們個這麼嗎時間單號訂貨運費會員優發還寶買賣請問題說話電腦網點過內沒錢開關對應樣讓從後來東車書長門見貝頁風飛馬魚鳥" +
    "麥黃齊齒龍龜錯總貼換實體達處係邊國為學業經髮兩動區機現產當種軍進錶麵務場將戰數無級萬製資頭兒別報導師幾張條權決漢" +
    "稱結給統聲華術計設議變隊領傳團專帶廣強據歷濟爭縣眾組線聯聽舉規親記該認調論質轉較農連選陽際難類黨亞價則劃勢參營圖" +
    "屬愛擊斷極構樂標準滿熱確積節紀約紅編織羅藥裝複觀許證語輕辦週遠鐵隨雙離響項顯傷僅億剛創劉勞勝協嚴圍壓宮審寫層彈態" +
    "戶敵檢殺狀獨獲環盡監範終絕維緊續習聞臉興藝蘇衛衝視試護負財責賽適鄉醫銀鎮陳陸階雖雲須養餘驗亂劇劍吳園執堅塊夠孫寧" +
    "島幫廠揮擔敗樹歡歲歸測溫漸爺獻畢畫異礦禮筆築納繼腳葉蘭評詞誰談講讀豐貴輯輸遺錄鐘險頂順預額願顧驚鬆鮮碼賬帳絡臟髒" +
    "壞縫鈕襪褲顏藍綠鑽鍊飾鐲贈減幣匯兌貸賠償損補繳稅櫃檯倉庫儲鎖遲遞郵籤簽訊綁載燈裡裏丟壺鍋爐盤飲蘋蟲貓鸚鵡獅" +
    "咗嘅啲唔嚟冇喺",
);
const SIMPLIFIED = new Set(
  "们个这么吗时间单号订货运费会员优发还宝买卖请问题说话电脑网点过内没钱开关对应样让从来东车书长门见贝页风飞马鱼鸟麦" +
    "黄齐齿龙龟错总贴换实达处边国为学业经两动区机现产当军进务场将战数无级万资头儿报导师张条权决汉称结给统声华计设议变" +
    "队领传团专带广强历济争县众组线联举规亲记该认调论质转较农连选阳际难类亚则势参营图属爱击极构乐标满热确积节纪约红编" +
    "织罗装观许证语轻办远铁随双离响项显伤仅亿刚创刘劳协严围压宫审写层弹态户敌检杀状独环尽监终绝维紧续习闻脸兴艺苏卫视" +
    "试护负财责赛适乡医银镇陈陆阶虽养验乱剧剑吴园执坚块够孙岛帮厂挥担败树欢岁归测渐爷献毕画异矿礼笔纳继脚兰评词谁谈" +
    "讲读丰贵辑输遗录钟险顶顺预额顾惊鲜码账络坏缝钮袜裤颜蓝绿钻炼饰镯赠减币汇兑贷赔偿损补缴税仓库储锁迟递邮讯绑载灯" +
    "壶锅炉盘饮苹猫鹦鹉狮",
);

/**
 * The locale of a text, or undefined where it does not show (an order number, an emoji): then the contact's last one stands.
 */
export function detectLocale(text: string): Locale | undefined {
  if (KANA.test(text)) return "ja";
  if (HAN.test(text)) return isTraditional(text) ? "zh-TW" : "zh-CN";
  // A tracking number is no language.
  return /(?<![\da-z])[a-z]{2,}(?![\da-z])/i.test(text) ? "en" : undefined;
}

function isTraditional(text: string): boolean {
  const traditional = countOf(TRADITIONAL, text);
  return traditional > 0 && traditional >= countOf(SIMPLIFIED, text);
}

function countOf(script: ReadonlySet<string>, text: string): number {
  let count = 0;
  for (const character of text) if (script.has(character)) count++;
  return count;
}

/** The nearest locale we speak to a BCP 47 tag: `zh-Hant-HK` → `zh-TW`, `en-GB` → `en`, unknown → `fallback`. */
export function nearestLocale(tag: string | undefined, fallback: Locale = "zh-CN"): Locale {
  const lower = (tag ?? "").toLowerCase().replaceAll("_", "-");
  if (lower.startsWith("zh")) return /hant|-tw|-hk|-mo/.test(lower) ? "zh-TW" : "zh-CN";
  if (lower.startsWith("ja")) return "ja";
  if (lower.startsWith("en")) return "en";
  return fallback;
}
