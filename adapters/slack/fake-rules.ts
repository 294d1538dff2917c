/** What Slack refuses, and how it says so. https://docs.slack.dev/reference/block-kit/blocks */

export interface FakePost {
  readonly channel?: string;
  readonly thread_ts?: string;
  readonly text?: string;
  readonly blocks?: readonly FakeBlock[];
}

interface FakeText {
  readonly type?: string;
  readonly text?: string;
}

interface FakeBlock {
  readonly type?: string;
  readonly block_id?: string;
  readonly text?: FakeText;
  readonly image_url?: string;
  readonly alt_text?: string;
  readonly elements?: readonly FakeButton[];
}

export interface FakeButton {
  readonly type?: string;
  readonly action_id?: string;
  readonly text?: FakeText;
  readonly url?: string;
  readonly value?: string;
}

/** The error a post gets; undefined when Slack takes it. */
export function findFault({ text = "", blocks = [] }: FakePost): string | undefined {
  if (text.trim() === "" && blocks.length === 0) return "no_text";
  if (text.length > 40_000) return "msg_too_long";
  if (/<(?![@#!]|https?:|mailto:)/.test(text)) return "invalid_arguments";
  const ids = blocks.flatMap((block) => block.block_id ?? []);
  if (blocks.length > 50 || new Set(ids).size !== ids.length) return "invalid_blocks";
  return blocks.every(isBlock) ? undefined : "invalid_blocks";
}

function isBlock(block: FakeBlock): boolean {
  switch (block.type) {
    case "divider":
      return true;
    case "header":
      return isText(block.text, 150);
    case "section":
      return isText(block.text, 3000);
    case "image":
      return isWebUrl(block.image_url, 3000) && isWithin(block.alt_text, 2000);
    case "actions": {
      const elements = block.elements ?? [];
      const ids = new Set(elements.map((element) => element.action_id));
      return elements.length > 0 && elements.length <= 25 && ids.size === elements.length && elements.every(isButton);
    }
    default:
      return false;
  }
}

function isButton({ type, text, url, value }: FakeButton): boolean {
  if (type !== "button" || !isText(text, 75)) return false;
  return url === undefined ? isWithin(value, 2000) : isWebUrl(url, 3000);
}

function isText(text: FakeText | undefined, max: number): boolean {
  return text?.type === "plain_text" && isWithin(text.text, max);
}

function isWithin(text: string | undefined, max: number): boolean {
  return text !== undefined && text.trim() !== "" && text.length <= max;
}

function isWebUrl(url: string | undefined, max: number): boolean {
  return url !== undefined && url.length <= max && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** What a person reads: the blocks, and without any the text. */
export function renderedText({ text = "", blocks = [] }: FakePost): string {
  if (blocks.length > 0) return blocks.flatMap((block) => block.text?.text ?? []).join("\n");
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function buttonsOf({ blocks = [] }: FakePost): readonly FakeButton[] {
  return blocks.flatMap((block) => block.elements ?? []);
}

const REFUSALS: Readonly<Record<string, readonly [status: number, error: string, headers?: Record<string, string>]>> = {
  "429": [429, "ratelimited", { "retry-after": "30" }],
  "500": [500, "internal_error"],
  "401": [200, "invalid_auth"],
  gone: [200, "is_archived"],
};

/** A named failure in Slack's words, or any other error. */
export function refusal(reason: string): Response {
  if (reason === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  const [status, error, headers] = REFUSALS[reason] ?? [200, reason];
  return Response.json({ ok: false, error }, { status, ...(headers && { headers }) });
}
