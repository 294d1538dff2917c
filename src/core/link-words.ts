/** What is said when a contact takes a code from one channel to another. */
import { type Locale, nearestLocale } from "./language.ts";

const WORDS = {
  "zh-CN": {
    say: (code: string) => `绑定 ${code}`,
    linkedHere: "绑定成功，我认得您了：之前聊过的和您的订单都接上了，不用再说一遍。请问有什么可以帮您？",
    linkedThere: (channel: string) =>
      `已和您的${channel}绑定，两边是同一个对话记录。如果不是您本人操作，请马上告诉我们。`,
    wrong: "这个绑定码不对或已经过期。请在网页聊天里重新获取一个，10 分钟内有效。",
  },
  "zh-TW": {
    say: (code: string) => `綁定 ${code}`,
    linkedHere: "綁定成功，我認得您了：之前聊過的和您的訂單都接上了，不用再說一遍。請問有什麼可以幫您？",
    linkedThere: (channel: string) =>
      `已和您的${channel}綁定，兩邊是同一個對話紀錄。如果不是您本人操作，請馬上告訴我們。`,
    wrong: "這個綁定碼不對或已經過期。請在網頁聊天裡重新取得一個，10 分鐘內有效。",
  },
  en: {
    say: (code: string) => `link ${code}`,
    linkedHere:
      "You're linked: I can see what we talked about and your orders, so there's no need to repeat anything. How can I help?",
    linkedThere: (channel: string) =>
      `Your ${channel} is now linked to this conversation. If that wasn't you, please tell us right away.`,
    wrong: "That code isn't right or has expired. Please get a new one in the web chat; it is good for 10 minutes.",
  },
  ja: {
    say: (code: string) => `連携 ${code}`,
    linkedHere: "連携できました。これまでのやり取りとご注文を引き継いでいます。ご用件をどうぞ。",
    linkedThere: (channel: string) => `${channel} と連携しました。お心当たりがない場合は、すぐにお知らせください。`,
    wrong:
      "コードが正しくないか、有効期限が切れています。ウェブのチャットで新しいコードを取得してください（10 分間有効）。",
  },
} as const satisfies Record<Locale, unknown>;

export type LinkWords = (typeof WORDS)[Locale];

export const linkWords = (locale: string | undefined): LinkWords => WORDS[nearestLocale(locale)];
