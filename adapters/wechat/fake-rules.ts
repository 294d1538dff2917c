/** What WeChat refuses, and how it says so. https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html */

export interface FakeSend {
  readonly touser?: string;
  readonly msgtype?: string;
  readonly text?: { readonly content?: string };
  readonly image?: { readonly media_id?: string };
  readonly voice?: { readonly media_id?: string };
  readonly link?: FakeLink;
  readonly news?: { readonly articles?: readonly FakeLink[] };
  readonly miniprogrampage?: { readonly title?: string; readonly pagepath?: string; readonly thumb_media_id?: string };
  readonly msgmenu?: {
    readonly head_content?: string;
    readonly list?: readonly { readonly id?: string; readonly content?: string }[];
    readonly tail_content?: string;
  };
}

interface FakeLink {
  readonly title?: string;
  readonly description?: string;
  readonly url?: string;
  readonly thumb_url?: string;
  readonly picurl?: string;
}

export type FakeAccount = "miniprogram" | "official";

const TYPES: Readonly<Record<FakeAccount, readonly string[]>> = {
  miniprogram: ["text", "image", "link", "miniprogrampage"],
  official: ["text", "image", "voice", "news", "msgmenu"],
};

const WORDS: Readonly<Record<number, string>> = {
  [-1]: "system error",
  40001: "invalid credential, access_token is invalid or not latest",
  40002: "invalid grant_type",
  40003: "invalid openid",
  40004: "invalid media type",
  40007: "invalid media_id",
  40008: "invalid message type",
  40013: "invalid appid",
  40125: "invalid appsecret",
  40037: "invalid template_id",
  41028: "invalid form id",
  43101: "user refuse to accept the msg",
  44004: "empty content",
  45002: "content size out of limit",
  45008: "article size out of limit",
  45009: "reach max api daily quota limit",
  45011: "api minute-quota reach limit, must slower, retry next minute",
  45015: "response out of time limit or subscription is canceled",
  45047: "out of response count limit",
  45072: "invalid typing status",
  45162: "miniprogram news not support",
  47001: "data format error",
  47003: "argument invalid!",
  48001: "api unauthorized",
};

/** A named failure, or a code, in WeChat's words: HTTP 200 all the same. */
export function refusal(reason: string | number): Response {
  if (reason === "500") return new Response("internal error", { status: 500 });
  if (reason === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  const code = typeof reason === "number" ? reason : (NAMED[reason] ?? 40002);
  return Response.json({ errcode: code, errmsg: `${WORDS[code] ?? "error"} rid: 66712c11-1` });
}

const NAMED: Readonly<Record<string, number>> = { "429": 45011, "401": 48001, gone: 40003 };

/** The code a message gets; undefined when it is taken. */
export function findFault(account: FakeAccount, message: FakeSend, media: ReadonlySet<string>): number | undefined {
  const type = message.msgtype ?? "";
  if (!TYPES[account].includes(type)) return type === "news" ? 45162 : 40008;
  switch (type) {
    case "text":
      return faultOfText(message.text?.content ?? "");
    case "image":
      return media.has(message.image?.media_id ?? "") ? undefined : 40007;
    case "voice":
      return media.has(message.voice?.media_id ?? "") ? undefined : 40007;
    case "miniprogrampage": {
      const { title, pagepath, thumb_media_id } = message.miniprogrampage ?? {};
      if (!title || !pagepath) return 41028;
      return media.has(thumb_media_id ?? "") ? undefined : 40007;
    }
    case "link":
      return faultOfLink(message.link);
    case "news": {
      const articles = message.news?.articles ?? [];
      return articles.length === 1 ? faultOfLink(articles[0]) : 45008;
    }
    default: {
      const { head_content = "", list = [] } = message.msgmenu ?? {};
      const sound = list.length > 0 && list.every((item) => item.content && item.id);
      return sound ? faultOfText(head_content) : 44004;
    }
  }
}

function faultOfText(text: string): number | undefined {
  if (text.trim() === "") return 44004;
  return new TextEncoder().encode(text).length > 2048 ? 45002 : undefined;
}

function faultOfLink(link: FakeLink | undefined): number | undefined {
  return link?.title && /^https?:\/\//.test(link.url ?? "") ? undefined : 47001;
}

/** What a person reads of a message. */
export function renderedText(message: FakeSend): string {
  const link = message.link ?? message.news?.articles?.[0];
  const { head_content, tail_content } = message.msgmenu ?? {};
  return [
    message.text?.content,
    link?.title,
    link?.description,
    message.miniprogrampage?.title,
    head_content,
    tail_content,
  ]
    .filter(Boolean)
    .join("\n");
}
