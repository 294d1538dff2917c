/** What WeCom refuses, and how it says so. https://developer.work.weixin.qq.com/document/path/90313 */

export interface FakeSend {
  readonly touser?: string;
  readonly open_kfid?: string;
  readonly code?: string;
  readonly msgid?: string;
  readonly msgtype?: string;
  readonly text?: { readonly content?: string };
  readonly image?: { readonly media_id?: string };
  readonly voice?: { readonly media_id?: string };
  readonly video?: { readonly media_id?: string };
  readonly file?: { readonly media_id?: string };
  readonly link?: {
    readonly title?: string;
    readonly desc?: string;
    readonly url?: string;
    readonly thumb_media_id?: string;
  };
  readonly location?: {
    readonly name?: string;
    readonly address?: string;
    readonly latitude?: number;
    readonly longitude?: number;
  };
  readonly msgmenu?: {
    readonly head_content?: string;
    readonly list?: readonly FakeItem[];
    readonly tail_content?: string;
  };
}

interface FakeItem {
  readonly type?: string;
  readonly click?: { readonly id?: string; readonly content?: string };
  readonly view?: { readonly url?: string; readonly content?: string };
}

const WORDS: Readonly<Record<number, string>> = {
  40001: "invalid credential",
  40007: "invalid media_id",
  40008: "invalid message type",
  40013: "invalid corpid",
  40058: "invalid Request Parameter",
  40096: "invalid external userid",
  41001: "access_token missing",
  42001: "access_token expired",
  45009: "api freq out of limit",
  45033: "api concurrent out of limit",
  60020: "not allow to access from your ip",
  95000: "invalid open kfid",
  95001: "send msg count limit",
  95002: "send msg time limit",
  95008: "menu item count limit",
  95018: "send msg session status invalid",
};

const NAMED: Readonly<Record<string, number>> = { "429": 45009, "401": 60020, gone: 40096 };

/** A named failure, or a code, in WeCom's words: HTTP 200 all the same. */
export function refusal(reason: string | number, words?: string): Response {
  if (reason === "500") return new Response("internal error", { status: 500 });
  if (reason === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  const code = typeof reason === "number" ? reason : (NAMED[reason] ?? 40058);
  return Response.json({
    errcode: code,
    errmsg: `${words ?? WORDS[code] ?? "error"}, hint: [1718701234], from ip: 1.2.3.4`,
  });
}

const bytes = (text: string | undefined) => new TextEncoder().encode(text ?? "").length;
const within = (text: string | undefined, max: number) => bytes(text) >= 1 && bytes(text) <= max;

/** The code a message gets; undefined when it is taken. */
export function findFault(message: FakeSend, media: ReadonlyMap<string, string>): number | undefined {
  const type = message.msgtype ?? "";
  switch (type) {
    case "text":
      return within(message.text?.content?.trim(), 2048) ? undefined : 40058;
    case "image":
    case "voice":
    case "video":
    case "file":
      return media.get(message[type]?.media_id ?? "") === type ? undefined : 40007;
    case "location": {
      const { name, address, latitude, longitude } = message.location ?? {};
      const sound =
        within(name, 512) && within(address, 512) && Number.isFinite(latitude) && Number.isFinite(longitude);
      return sound ? undefined : 40058;
    }
    case "link": {
      const { title, desc, url, thumb_media_id } = message.link ?? {};
      if (!within(title, 128) || bytes(desc) > 512 || !within(url, 2048) || !/^https?:/.test(url ?? "")) return 40058;
      return media.get(thumb_media_id ?? "") === "image" ? undefined : 40007;
    }
    case "msgmenu": {
      const { head_content, list = [] } = message.msgmenu ?? {};
      if (list.length === 0 || list.length > 10) return 95008;
      return bytes(head_content) <= 1024 && list.every(isSoundItem) ? undefined : 40058;
    }
    default:
      return 40008;
  }
}

function isSoundItem({ type, click, view }: FakeItem): boolean {
  if (type === "click") return within(click?.id, 64) && within(click?.content, 128);
  return type === "view" && within(view?.url, 2048) && within(view?.content, 1024);
}

export function renderedText(message: FakeSend): string {
  const { link, location, msgmenu } = message;
  return [message.text?.content, link?.title, link?.desc, location?.name, location?.address, msgmenu?.head_content]
    .filter(Boolean)
    .join("\n");
}

export function labelsOf(message: FakeSend): readonly string[] {
  return message.msgmenu?.list?.map((item) => item.click?.content ?? item.view?.content ?? "") ?? [];
}
