/** When the bot gives a session to people, by words alone. Pure, table-tested; `desk.md` §2. */
import type { HandoffCode, Mood, Priority } from "./ticket.ts";

export interface Trigger {
  readonly code: HandoffCode;
  /** The words that triggered it, as written. */
  readonly words: string;
  readonly priority: Priority;
  readonly group: string;
  readonly mood: Mood;
}

export const DEFAULT_GROUP = "general";

/** Width, case and punctuation folded away, so that "转 人 工！" and "转人工" are one wish. */
function fold(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, " ")
    .trim();
}
const squeeze = (text: string) => fold(text).replaceAll(" ", "");

/** The whole message is the wish. Short words that are harmless inside a longer sentence ("客服电话多少"). */
const EXACT_WISHES = new Set(
  [
    "人工",
    "转人工",
    "人工客服",
    "人工服务",
    "真人",
    "客服",
    "找客服",
    "转接人工",
    "接人工",
    "人",
    "有人吗",
    "有人在吗",
    "客服在吗",
    "转客服",
    "真人客服",
    "轉人工",
    "人工客服",
    "人工服務",
    "找客服",
    "有人嗎",
    "客服在嗎",
    "轉真人",
    "轉真人客服",
    "轉接真人",
    "專人",
    "專人服務",
    "agent",
    "human",
    "person",
    "representative",
    "operator",
    "live agent",
    "live chat",
    "real person",
    "customer service",
    "support agent",
    "talk to a person",
    "help from a person",
    "オペレーター",
    "担当者",
    "人間",
    "有人対応",
    "担当者につなぐ",
  ].map(squeeze),
);

/** Said anywhere in the message. */
const WISHES: readonly RegExp[] = [
  /转(接)?(到)?(一?个)?(人工|真人|客服)|(要|找|换|叫|来|接)(一?个|你们)?(人工|真人|活人)|(我要|想要?|帮我|请)(跟|和|找)?(人工|真人|客服(人员)?)(说|聊|谈|处理|联系)?$|(不要|别用|不想(和|跟))机器人|有没有(真)?人|(跟|和)(真人|人工|客服)(说|聊|谈|沟通)/u,
  /轉(接)?(到)?(一?個)?(人工|真人|客服)|(要|找|換|叫|接)(一?個|你們)?(人工|真人|活人)|(不要|別用|不想(和|跟))機器人|有沒有(真)?人|(跟|和)(真人|客服)(說|聊|談)/u,
  /\b(talk|speak|chat|connect|transfer|put me through|get me)\b.{0,30}\b(human|person|agent|someone|somebody|representative|rep|operator|manager|supervisor|real people)\b/u,
  /\b(i (want|need|would like|'?d like)|give me|can i (get|have)|is there) (to have )?(a |an |the )?(real |live |actual |human )?(human|person|agent|representative|operator)\b/u,
  /\b(human|live) (agent|support|please)\b|\b(agent|human|person) please\b|\bno (more )?(bot|robot)s?\b/u,
  /(担当者|オペレーター|人間|スタッフ)(に|と)(つな|繋|話|代わ|替わ|かわ)|(担当者|オペレーター)(を)?(お願い|呼ん)/u,
];

/** What must not wait, in the words people really use; each names who should take it. */
const RISKS: readonly { readonly pattern: RegExp; readonly group: string; readonly priority: Priority }[] = [
  {
    pattern:
      /(账号|帐号|账户|帐户|帳號|帳戶)(.{0,6})(被盗|被盜|盗|盜|异常登录|異常登入|不是我)|盗号|盜號|盗刷|盜刷|不是我(下|买|買|付)的|(account|card).{0,20}(hacked|stolen|compromised)|someone (else )?(used|accessed|logged into) my|didn'?t (make|place|authori[sz]e) (this|that|the) (order|payment|purchase)|unauthori[sz]ed|(アカウント|カード).{0,8}(乗っ取|不正)/iu,
    group: "security",
    priority: "urgent",
  },
  {
    pattern:
      /食物中毒|吃(了|完).{0,6}(拉肚子|呕吐|嘔吐|过敏|過敏)|过敏|過敏|着火|著火|起火|冒烟|冒煙|爆炸|漏电|漏電|触电|觸電|受伤|受傷|烫伤|燙傷|food poisoning|allergic reaction|caught fire|on fire|exploded|electric shock|got (hurt|injured|burned)|発火|爆発|感電|けが|怪我|アレルギー/iu,
    group: "safety",
    priority: "urgent",
  },
  {
    pattern:
      // The hotlines, not the digits of an order or a serial number.
      /(?<![\da-z-])(?:12315|12345)(?![\da-z])|消协|消協|消保|工商|市监局|市場監督|起诉|起訴|律师|律師|法院|曝光|媒体|媒體|黑猫|报警|報警|lawyer|lawsuit|sue you|chargeback|trading standards|better business bureau|消費者センター|弁護士|訴え/iu,
    group: "complaints",
    priority: "high",
  },
];

const ANGRY =
  /垃圾|骗子|騙子|骗人|騙人|坑人|坑爹|太差|差劲|差勁|气死|氣死|忍无可忍|忍無可忍|什么态度|什麼態度|滚|滾|傻|废物|廢物|投诉|投訴|差评|差評|受够|受夠|無語|无语|糊弄|敷衍|(terrible|worst|useless|ridiculous|unacceptable|disgusting|scam|rip.?off|fed up|pathetic|furious|bullshit|garbage|complain(t)?)\b|最悪|ふざけ|詐欺|クレーム/iu;

/** The explicit wish for a person. */
export function wantsPerson(text: string): boolean {
  if (EXACT_WISHES.has(squeeze(text))) return true;
  const folded = fold(text);
  const tight = folded.replaceAll(" ", "");
  return WISHES.some((pattern) => pattern.test(folded) || pattern.test(tight));
}

export function riskOf(text: string): Trigger | undefined {
  for (const { pattern, group, priority } of RISKS) {
    const found = pattern.exec(text);
    if (found !== null) return { code: "risk_word", words: found[0], priority, group, mood: moodOf(text) };
  }
  return undefined;
}

export function moodOf(text: string): Mood {
  if (ANGRY.test(text)) return "angry";
  return /[!！]{3,}|[?？]{3,}/u.test(text) ? "unhappy" : "calm";
}
