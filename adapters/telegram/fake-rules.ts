/** What Telegram refuses, and how it says so. https://core.telegram.org/bots/api#available-methods */

/** The fields of a send call that are looked at. */
export interface FakePayload {
  readonly chat_id?: number | string;
  readonly text?: string;
  readonly caption?: string;
  readonly title?: string;
  readonly address?: string;
  readonly file_id?: string;
  readonly url?: string;
  readonly photo?: string;
  readonly document?: string;
  readonly video?: string;
  readonly voice?: string;
  readonly audio?: string;
  readonly animation?: string;
  readonly latitude?: number;
  readonly longitude?: number;
  readonly reply_markup?: {
    readonly inline_keyboard?: readonly (readonly FakeButton[])[];
  };
}

interface FakeButton {
  readonly text: string;
  readonly url?: string;
  readonly callback_data?: string;
}

const FILE_OF: Readonly<Record<string, keyof FakePayload>> = {
  sendPhoto: "photo",
  sendDocument: "document",
  sendVideo: "video",
  sendVoice: "voice",
  sendAudio: "audio",
  sendAnimation: "animation",
};

/** The description of the 400 a call gets; undefined when it is taken. */
export function findFault(method: string, payload: FakePayload): string | undefined {
  const fault = faultOfButtons(payload);
  if (fault !== undefined) return fault;
  if (method === "sendChatAction") return undefined;
  if (method === "sendMessage") return faultOfText(payload.text ?? "");
  if (method === "sendLocation") return Number.isFinite(payload.latitude) ? undefined : "latitude is invalid";
  if (method === "sendVenue") return payload.title && payload.address ? undefined : 'parameter "title" is required';
  const file = FILE_OF[method];
  if (file === undefined) return "method not found";
  if ((payload.caption ?? "").length > 1024) return "message caption is too long";
  const sent: unknown = payload[file];
  if (typeof sent === "object" && sent !== null) return faultOfUpload(method, sent);
  return faultOfFile(method, String(sent ?? ""));
}

function faultOfText(text: string): string | undefined {
  if (text.trim() === "") return "message text is empty";
  return text.length > 4096 ? "message is too long" : undefined;
}

function faultOfUpload(method: string, { size = 0 }: { readonly size?: number }): string | undefined {
  if (size === 0) return "file must be non-empty";
  return size > (method === "sendPhoto" ? 10 : 50) * 1_048_576 ? "Request Entity Too Large" : undefined;
}

function faultOfFile(method: string, url: string): string | undefined {
  if (!isPublic(url)) return "wrong HTTP URL specified";
  // https://core.telegram.org/bots/api#sending-files: documents by url are PDF, ZIP or GIF.
  const suffix = /\.(\w+)$/.exec(new URL(url).pathname)?.[1];
  const refused = method === "sendDocument" && suffix !== undefined && !["pdf", "zip", "gif"].includes(suffix);
  return refused ? "failed to get HTTP URL content" : undefined;
}

function faultOfButtons(payload: FakePayload): string | undefined {
  for (const button of payload.reply_markup?.inline_keyboard?.flat() ?? []) {
    if (button.text.trim() === "") return "text buttons are unallowed in the inline keyboard";
    if (button.url !== undefined) {
      if (!isPublic(button.url)) return "inline keyboard button URL is invalid: Wrong HTTP URL";
    } else {
      const bytes = new TextEncoder().encode(button.callback_data ?? "").length;
      if (bytes < 1 || bytes > 64) return "BUTTON_DATA_INVALID";
    }
  }
  return undefined;
}

function isPublic(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).hostname.includes(".");
}

/** What a person reads of a call. */
export function renderedText(payload: FakePayload): string {
  const place = payload.latitude === undefined ? undefined : `${payload.latitude},${payload.longitude}`;
  return [payload.text, payload.caption, payload.title, payload.address, place].filter(Boolean).join("\n");
}

const REFUSALS: Readonly<Record<string, object>> = {
  "429": { error_code: 429, description: "Too Many Requests: retry after 7", parameters: { retry_after: 7 } },
  "500": { error_code: 500, description: "Internal Server Error" },
  "401": { error_code: 401, description: "Unauthorized" },
  gone: { error_code: 403, description: "Forbidden: bot was blocked by the user" },
};

/** A named failure in Telegram's words, or any other text as a 400. */
export function refusal(reason: string): Response {
  if (reason === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  const body = REFUSALS[reason] ?? { error_code: 400, description: `Bad Request: ${reason}` };
  return Response.json({ ok: false, ...body }, { status: "error_code" in body ? Number(body.error_code) : 400 });
}
