/** What Discord refuses, and how it says so. https://docs.discord.com/developers/resources/message */

export interface FakePost {
  readonly content?: string;
  readonly embeds?: readonly FakeEmbed[];
  readonly components?: readonly { readonly type?: number; readonly components?: readonly FakeButton[] }[];
  readonly nonce?: string;
}

interface FakeEmbed {
  readonly title?: string;
  readonly description?: string;
  readonly image?: { readonly url?: string };
}

export interface FakeButton {
  readonly type?: number;
  readonly style?: number;
  readonly label?: string;
  readonly custom_id?: string;
  readonly url?: string;
}

/** What is wrong with a message; undefined when Discord takes it. */
export function findFault({ content = "", embeds = [], components = [] }: FakePost): string | undefined {
  if (content.trim() === "" && embeds.length === 0) return "Cannot send an empty message";
  if (content.length > 2000 || embeds.length > 10 || components.length > 5) return "Invalid Form Body";
  const words = embeds.map((embed) => (embed.title ?? "").length + (embed.description ?? "").length);
  if (words.reduce((sum, length) => sum + length, 0) > 6000 || !embeds.every(isEmbed)) return "Invalid Form Body";
  const rows = components.map((row) => row.components ?? []);
  const isRow = (row: readonly FakeButton[]) => row.length >= 1 && row.length <= 5 && row.every(isButton);
  const ids = rows.flat().flatMap((button) => button.custom_id ?? []);
  return rows.every(isRow) && new Set(ids).size === ids.length ? undefined : "Invalid Form Body";
}

function isEmbed({ title = "", description = "", image }: FakeEmbed): boolean {
  if (title.length > 256 || description.length > 4096) return false;
  if (image !== undefined && !isWebUrl(image.url)) return false;
  return title.trim() !== "" || description.trim() !== "" || image !== undefined;
}

function isButton({ type, style, label = "", custom_id = "", url }: FakeButton): boolean {
  if (type !== 2 || label.trim() === "" || label.length > 80) return false;
  return style === 5 ? isWebUrl(url) && (url ?? "").length <= 512 : custom_id !== "" && custom_id.length <= 100;
}

function isWebUrl(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** What a person reads: without the backslashes. */
export function renderedText({ content, embeds = [] }: FakePost): string {
  const words = [content, ...embeds.flatMap((embed) => [embed.title, embed.description])];
  return words
    .filter(Boolean)
    .join("\n")
    .replaceAll(/\\([!-/:-@[-`{-~])/g, "$1");
}

export function buttonsOf({ components = [] }: FakePost): readonly FakeButton[] {
  return components.flatMap((row) => row.components ?? []);
}

const REFUSALS: Readonly<Record<string, readonly [status: number, body: object]>> = {
  "429": [429, { message: "You are being rate limited.", retry_after: 64.57, global: false }],
  "500": [500, { message: "500: Internal Server Error", code: 0 }],
  "401": [401, { message: "401: Unauthorized", code: 0 }],
  gone: [403, { message: "Cannot send messages to this user", code: 50007 }],
  channel: [404, { message: "Unknown Channel", code: 10003 }],
  token: [404, { message: "Unknown Webhook", code: 10015 }],
};

/** A named failure in Discord's words, or any other as a 400. */
export function refusal(reason: string): Response {
  if (reason === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  const [status, body] = REFUSALS[reason] ?? [400, { message: reason, code: 50035 }];
  return Response.json(body, { status });
}
