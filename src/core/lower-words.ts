import type { Locale } from "./language.ts";

/** The few words `lower` adds of its own. */
export interface Words extends Readonly<Record<"image" | "audio" | "video" | "file" | "sticker", string>> {
  readonly hint: string;
  readonly open: string;
  readonly locale: Locale;
  readonly viewProduct: string;
  readonly viewOrder: string;
  readonly order: string;
  readonly total: string;
  readonly unsupported: (kind: string) => string;
}

export const WORDS: Readonly<Record<Locale, Words>> = {
  "zh-CN": {
    locale: "zh-CN",
    hint: "请回复数字选择",
    open: "打开链接",
    viewProduct: "查看商品",
    viewOrder: "查看订单",
    order: "订单",
    total: "合计",
    image: "[图片]",
    audio: "[语音]",
    video: "[视频]",
    file: "[文件]",
    sticker: "[表情]",
    unsupported: (kind) => `[暂不支持的消息：${kind}]`,
  },
  "zh-TW": {
    locale: "zh-TW",
    hint: "請回覆數字選擇",
    open: "開啟連結",
    viewProduct: "查看商品",
    viewOrder: "查看訂單",
    order: "訂單",
    total: "合計",
    image: "[圖片]",
    audio: "[語音]",
    video: "[影片]",
    file: "[檔案]",
    sticker: "[貼圖]",
    unsupported: (kind) => `[暫不支援的訊息：${kind}]`,
  },
  en: {
    locale: "en",
    hint: "Reply with a number to choose.",
    open: "Open link",
    viewProduct: "View product",
    viewOrder: "View order",
    order: "Order",
    total: "Total",
    image: "[image]",
    audio: "[audio]",
    video: "[video]",
    file: "[file]",
    sticker: "[sticker]",
    unsupported: (kind) => `[unsupported message: ${kind}]`,
  },
  ja: {
    locale: "ja",
    hint: "番号を返信してお選びください。",
    open: "リンクを開く",
    viewProduct: "商品を見る",
    viewOrder: "注文を見る",
    order: "ご注文",
    total: "合計",
    image: "[画像]",
    audio: "[音声]",
    video: "[動画]",
    file: "[ファイル]",
    sticker: "[スタンプ]",
    unsupported: (kind) => `[未対応のメッセージ：${kind}]`,
  },
};
