import { type Locale, nearestLocale } from "./language.ts";
import { DEFAULT_TONE, type Tone, tableInTone, toneFor } from "./tone.ts";

/**
 * The bot's own lines. What a shop says of its own business is an article, never a phrase.
 * `{hi}` at the beginning of a line is where the shop's tone greets.
 */
const PHRASES = {
  "zh-CN": {
    handedOff: (ahead: number, minutes: number) =>
      ahead === 0
        ? "已为您转接人工客服，您排在第一位。问题和订单已带过去，不用重复说明。"
        : `已为您转接人工客服，前面 ${ahead} 位，约 ${minutes} 分钟。问题和订单已带过去，不用重复说明。`,
    alreadyQueued: "您已在人工队列中，客服很快就来，请稍等。",
    kept: (number: string) => `现在没有客服在线，已为您留下工单 ${number}，上班后会第一时间在这里回复您。`,
    promised: (number: string, due: string) =>
      `现在没有客服在线，已为您留下工单 ${number}，我们会在${due} 前在这里回复您。问题已记下，不用重复说明。`,
    meanwhile: "您可以先看看这个：",
    didYouMean: "您想问的是不是下面这个？",
    noneOfThese: "都不是，转人工",
    miss: "{hi}这个问题我还没学会。您可以换个说法，或者点下面转人工。",
    person: "转人工",
    returnedToBot: "人工服务已结束，有问题可以继续问我；需要时说“转人工”就好。",
    resolved: "本次服务已结束，感谢您的咨询。还有问题随时再来。",
    unsupported: "我还看不懂这种消息，请用文字描述一下，或者说“转人工”。",
    received: "收到啦，请用文字说说您想了解什么，或者说“转人工”。",
    trouble: "抱歉，我这边出了点问题，已为您转接人工客服。",
    greeting: "{hi}我是小二，请问有什么可以帮您？",
    unavailable: "{hi}这项信息暂时查不到。请稍后再问一次，或者说“转人工”。",
    unproven: "{hi}登录店铺账号后，我才能查到您的这项信息。也可以说“转人工”。",
    flowInvalid: "{hi}这个好像不太对，请再看一下。",
    flowCancelled: "好的，已经取消。有问题随时再问我。",
    cancel: "取消",
  },
  "zh-TW": {
    handedOff: (ahead: number, minutes: number) =>
      ahead === 0
        ? "已為您轉接真人客服，您排在第一位。問題和訂單已一併帶過去，不用重複說明。"
        : `已為您轉接真人客服，前面還有 ${ahead} 位，約 ${minutes} 分鐘。問題和訂單已一併帶過去，不用重複說明。`,
    alreadyQueued: "您已在真人客服的佇列中，客服很快就來，請稍候。",
    kept: (number: string) => `目前沒有客服在線上，已為您留下工單 ${number}，上班後會第一時間在這裡回覆您。`,
    promised: (number: string, due: string) =>
      `目前沒有客服在線上，已為您留下工單 ${number}，我們會在${due} 前在這裡回覆您。問題已記下，不用重複說明。`,
    meanwhile: "您可以先看看這個：",
    didYouMean: "您想問的是不是下面這個？",
    noneOfThese: "都不是，轉真人客服",
    miss: "{hi}這個問題我還沒學會。您可以換個說法，或點下面轉真人客服。",
    person: "轉真人客服",
    returnedToBot: "真人服務已結束，有問題可以繼續問我；需要時說「真人客服」就好。",
    resolved: "本次服務已結束，感謝您的諮詢。還有問題歡迎隨時再來。",
    unsupported: "我還看不懂這種訊息，請用文字描述一下，或說「真人客服」。",
    received: "收到了，請用文字說說您想了解什麼，或說「真人客服」。",
    trouble: "抱歉，我這邊出了點問題，已為您轉接真人客服。",
    greeting: "{hi}我是小二，請問有什麼可以幫您？",
    unavailable: "{hi}這項資訊暫時查不到。請稍後再問一次，或說「真人客服」。",
    unproven: "{hi}登入商店帳號後，我才能查到您的這項資訊。也可以說「真人客服」。",
    flowInvalid: "{hi}這個好像不太對，請再看一下。",
    flowCancelled: "好的，已經取消。有問題歡迎隨時再問。",
    cancel: "取消",
  },
  en: {
    handedOff: (ahead: number, minutes: number) =>
      ahead === 0
        ? "You're next in line for a person. They can see your question and orders, so there's no need to repeat anything."
        : `You're in line for a person: ${ahead} ahead of you, about ${minutes} min. They can see your question and orders, so there's no need to repeat anything.`,
    alreadyQueued: "You're already in line; someone will be with you shortly.",
    kept: (number: string) =>
      `Nobody is on duty right now. Your ticket is ${number}; we'll answer right here as soon as we're back.`,
    promised: (number: string, due: string) =>
      `Nobody is on duty right now. Your ticket is ${number}; we'll answer right here by ${due}. Your question is noted, so there's no need to repeat anything.`,
    meanwhile: "This may help in the meantime:",
    didYouMean: "Did you mean one of these?",
    noneOfThese: "None of these, talk to a person",
    miss: "Sorry, I don't know that one yet. Could you put it another way, or talk to a person?",
    person: "Talk to a person",
    returnedToBot: "You're back with me. Ask me anything, or say “agent” to talk to a person again.",
    resolved: "This conversation is now closed. Thanks for getting in touch; come back any time.",
    unsupported: "I can't read this kind of message yet. Could you describe it in words, or say “agent”?",
    received: "Got it. Could you tell me in words what you'd like to know, or say “agent”?",
    trouble: "Sorry, something went wrong on my side. I've put you in line for a person.",
    greeting: "{hi}I'm Xiaoer. How can I help?",
    unavailable: "Sorry, I can't look that up right now. Please ask again in a while, or say “agent”.",
    unproven: "Please sign in to your account with the shop so that I can look that up, or say “agent”.",
    flowInvalid: "That doesn't look right. Could you check it?",
    flowCancelled: "All right, that's cancelled. Ask me anything, any time.",
    cancel: "Cancel",
  },
  ja: {
    handedOff: (ahead: number, minutes: number) =>
      ahead === 0
        ? "担当者におつなぎします。次の順番です。ご質問と注文内容は引き継ぎ済みですので、繰り返しのご説明は不要です。"
        : `担当者におつなぎします。お待ちの方は ${ahead} 名、約 ${minutes} 分です。ご質問と注文内容は引き継ぎ済みです。`,
    alreadyQueued: "すでに順番をお待ちいただいています。まもなく担当者が参ります。",
    kept: (number: string) =>
      `ただいま営業時間外です。お問い合わせ番号 ${number} を発行しました。営業開始後、こちらでご返信します。`,
    promised: (number: string, due: string) =>
      `ただいま担当者が不在です。お問い合わせ番号 ${number} を発行しました。${due}までにこちらでご返信します。`,
    meanwhile: "それまでの間、こちらをご覧ください：",
    didYouMean: "お探しの内容はこちらでしょうか？",
    noneOfThese: "どれも違う（担当者につなぐ）",
    miss: "申し訳ありません、そのご質問にはまだお答えできません。別の言い方で試すか、担当者におつなぎします。",
    person: "担当者につなぐ",
    returnedToBot:
      "担当者の対応は終了しました。続けてご質問いただけます。担当者が必要な場合は「担当者」とお送りください。",
    resolved: "対応は終了しました。お問い合わせありがとうございました。",
    unsupported: "この形式のメッセージには対応していません。文字でご説明いただくか、「担当者」とお送りください。",
    received: "受け取りました。ご用件を文字でお知らせください。担当者が必要な場合は「担当者」とお送りください。",
    trouble: "申し訳ありません、問題が発生しました。担当者におつなぎします。",
    greeting: "{hi}小二です。ご用件をどうぞ。",
    unavailable:
      "申し訳ありません、ただいま確認できません。しばらくしてからお試しいただくか、「担当者」とお送りください。",
    unproven: "お店のアカウントにログインいただくと確認できます。担当者が必要な場合は「担当者」とお送りください。",
    flowInvalid: "入力内容をご確認ください。",
    flowCancelled: "承知しました。取り消しました。いつでもご質問ください。",
    cancel: "キャンセル",
  },
} as const satisfies Record<Locale, unknown>;

export type Phrases = (typeof PHRASES)[Locale];

/** Tables already in a tone: a shop has few. */
const spoken = new Map<string, Phrases>();
const MOST_KEPT = 200;

export function phrases(locale: string | undefined, tone: Tone = toneFor(DEFAULT_TONE, { locale })): Phrases {
  const key = `${nearestLocale(locale)} ${tone.greeting}`;
  const known = spoken.get(key);
  if (known !== undefined) return known;
  const lines = tableInTone<Phrases>(PHRASES[nearestLocale(locale)], tone);
  if (spoken.size >= MOST_KEPT) spoken.clear();
  spoken.set(key, lines);
  return lines;
}

/** What a suggested question carries: `xiaoer:article:<id>`. */
export const ARTICLE_VALUE = "xiaoer:article:";
