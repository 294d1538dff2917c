import { z } from "zod";
import { field } from "./field.ts";

interface Words {
  readonly zh: string;
  readonly en: string;
}

/** People paste addresses; only scheme, host and port of one matter. */
const origin = z
  .url({ protocol: /^https?$/ })
  .overwrite((value) => (URL.canParse(value) ? new URL(value).origin : value));

/** The settings of a channel whose people write on our own chat page; only these words and defaults are each one's own. */
export function ownPageConfig(differs: {
  readonly sites: Words;
  readonly secret: Words;
  readonly color: string;
  readonly locale: string;
}) {
  return z.strictObject({
    allowedOrigins: field(z.array(origin).max(50).default([]), {
      title: { zh: "允许的网站", en: "Allowed sites" },
      help: differs.sites,
    }),
    color: field(
      z
        .string()
        .regex(/^#[0-9a-fA-F]{6}$/, `A colour looks like ${differs.color}.`)
        .default(differs.color),
      {
        title: { zh: "主题色", en: "Theme colour" },
        help: {
          zh: "按钮和标题栏的颜色，文字会自动选黑或白。",
          en: "Of buttons and the title bar; text on it is black or white by itself.",
        },
      },
    ),
    title: field(z.string().max(60).default("在线客服"), {
      title: { zh: "标题", en: "Title" },
      help: { zh: "聊天窗口顶部显示的名字。", en: "The name at the top of the chat window." },
    }),
    greeting: field(z.string().max(500).default("亲，您好！有什么可以帮您？"), {
      title: { zh: "欢迎语", en: "Greeting" },
      help: { zh: "顾客打开聊天时看到的第一句话。", en: "The first line a shopper sees." },
    }),
    locale: field(
      z
        .string()
        .regex(/^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/)
        .default(differs.locale),
      {
        title: { zh: "界面语言", en: "Language" },
        help: {
          zh: "zh-CN、zh-TW、en、ja，或 auto 跟随顾客的浏览器。",
          en: "zh-CN, zh-TW, en, ja, or auto to follow the shopper's browser.",
        },
      },
    ),
    identitySecret: field(
      z
        .string()
        .refine((value) => new TextEncoder().encode(value.trim()).length >= 32, "The secret needs 32 bytes or more."),
      {
        secret: true,
        title: { zh: "会员签名密钥", en: "Identity secret" },
        help: differs.secret,
      },
    ).optional(),
  });
}
