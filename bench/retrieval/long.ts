/** Questions within a long message, as shoppers paste them: what happened first, a story, thanks. Written for this measurement. */
const CHINESE =
  "我是你们家的老顾客了。|上个星期天带孩子去公园玩，下午下了一场大雨。|最近工作特别忙，每天加班到很晚。|朋友推荐我来的，她说你们家东西不错。|" +
  "我家住在六楼，没有电梯，上下楼不太方便。|前几天在店里买了一件外套，颜色我妈妈很喜欢。|昨天晚上收到包裹，打开看了一下，包装挺好的。|" +
  "我跟家里人商量了半天也没有结果。|之前在别的地方买过类似的，用了两个月就坏了。|说实话这次体验总体还行，就是有点小问题。|" +
  "我这人比较急性子，你别介意。|天气越来越冷了，大家注意保暖。|我老公说不用那么麻烦，可是我还是想弄清楚。|孩子下个月就要开学了，东西还没准备齐。|" +
  "我在网上看了很多评价，有好有坏。|手机屏幕太小，打字慢，见谅。|你们的店铺装修得很漂亮，逛了一个多小时。|上次跟我聊的那位小姑娘态度特别好。|" +
  "今天中午吃饭的时候还跟同事聊到这件事。|我不太会用这些软件，都是女儿教我的。|周末要回老家看父母，来回得四个小时。|我把能想到的都写在这里了，有点长。";
const ENGLISH =
  "I have been a customer of yours for a couple of years. |My sister told me about your shop last spring. |It was raining all weekend so we stayed at home with the kids. |" +
  "Work has been crazy lately and I only found time to write tonight. |We moved to a new flat on the fourth floor in June. |I was talking about it with a colleague over lunch. |" +
  "Honestly the whole experience has been fine so far. |My husband says I worry too much about these things. |I looked around on the internet for an hour but found nothing useful. |" +
  "The lady I spoke with in March was really kind. |Sorry for the long message, I am typing on my phone. |The box arrived yesterday while I was at the gym. |" +
  "I bought something similar elsewhere and it broke after two months. |The weather here has been awful, cold and windy every day. |My neighbour has the same one in blue and she loves it. |" +
  "We are visiting my parents in the countryside next week. |I wrote down everything that came to my mind. |Have a wonderful day and best wishes to your team. ";

/** A message of about `length` characters that holds the question once, somewhere. */
export function ramble(question: string, length: number, seed: number): string {
  const isChinese = /\p{Script=Han}/u.test(question);
  const sentences = (isChinese ? CHINESE : ENGLISH).split("|");
  const count = Math.max(1, Math.round((length - question.length) / (isChinese ? 21 : 62)));
  const place = (seed * 7) % (count + 1);
  const mark = /[?？。.!！]\s*$/.test(question) ? "" : ["？", "。", " ", "\n"][seed % 4];
  const parts = Array.from({ length: count }, (_, i) => sentences[(seed + i * 5) % sentences.length] ?? "");
  parts.splice(place, 0, isChinese ? `${question}${mark}` : `${question}${mark === "？" ? "? " : ". "}`);
  return parts.join("");
}
