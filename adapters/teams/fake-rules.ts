/** What Teams refuses, and how it says so. https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability */

export interface FakeActivity {
  readonly type?: string;
  readonly text?: string;
  readonly textFormat?: string;
  readonly attachmentLayout?: string;
  readonly attachments?: readonly FakeAttachment[];
}

interface FakeAttachment {
  readonly contentType?: string;
  readonly contentUrl?: string;
  readonly content?: FakeCard;
}

interface FakeCard {
  readonly type?: string;
  readonly version?: string;
  readonly body?: readonly FakeElement[];
  readonly actions?: readonly FakeAction[];
}

interface FakeElement {
  readonly type?: string;
  readonly url?: string;
  readonly inlines?: readonly { readonly type?: string; readonly text?: string }[];
}

export interface FakeAction {
  readonly type?: string;
  readonly title?: string;
  readonly url?: string;
  readonly data?: { readonly msteams?: { readonly type?: string; readonly text?: string; readonly value?: string } };
}

const CARD = "application/vnd.microsoft.card.adaptive";

/** What is wrong with an activity; undefined when Teams takes it. */
export function findFault(activity: FakeActivity): string | undefined {
  const { type, text = "", attachments = [] } = activity;
  if (JSON.stringify(activity).length * 2 > 100_000) return "MessageSizeTooBig";
  if (type === "typing") return undefined;
  if (type !== "message") return "BadSyntax: type";
  if (text.trim() === "" && attachments.length === 0) return "BadSyntax: text or attachments";
  if (attachments.length > 10) return "BadSyntax: attachments";
  return attachments.map(faultOf).find((fault) => fault !== undefined);
}

function faultOf({ contentType, contentUrl, content }: FakeAttachment): string | undefined {
  if (contentType !== CARD) {
    const isPicture = /^image\/(?:png|jpeg|gif|\*)$/.test(contentType ?? "");
    return isPicture && isWebUrl(contentUrl) ? undefined : "BadSyntax: attachment";
  }
  const { type, version, body = [], actions = [] } = content ?? {};
  if (type !== "AdaptiveCard" || version !== "1.2" || body.length + actions.length === 0) return "BadSyntax: card";
  if (actions.length > 6) return "BadSyntax: actions";
  const isElement = (element: FakeElement) =>
    element.type === "Image"
      ? isWebUrl(element.url)
      : element.type === "RichTextBlock" && element.inlines?.every((run) => run.type === "TextRun" && run.text?.trim());
  if (!body.every(isElement)) return "BadSyntax: body";
  const isAction = (action: FakeAction) =>
    action.title?.trim() && (action.type === "Action.OpenUrl" ? isWebUrl(action.url) : action.type === "Action.Submit");
  return actions.every(isAction) ? undefined : "BadSyntax: action";
}

function isWebUrl(url: string | undefined): boolean {
  return url !== undefined && URL.canParse(url) && /^https?:$/.test(new URL(url).protocol);
}

/** What a person reads of an activity. */
export function renderedText({ text, attachments = [] }: FakeActivity): string {
  const runs = attachments
    .flatMap((attachment) => attachment.content?.body ?? [])
    .flatMap((each) => each.inlines ?? []);
  return [text, ...runs.map((run) => run.text)].filter(Boolean).join("\n");
}

/** What a person can tap. */
export function actionsOf({ attachments = [] }: FakeActivity): readonly FakeAction[] {
  return attachments.flatMap((attachment) => attachment.content?.actions ?? []);
}

const REFUSALS: Readonly<Record<string, readonly [status: number, code: string, headers?: Record<string, string>]>> = {
  "429": [429, "TooManyRequests", { "retry-after": "7" }],
  "500": [500, "InternalServerError"],
  "401": [401, "Unauthorized"],
  gone: [403, "BotNotInConversationRoster"],
  nobody: [404, "ConversationNotFound"],
};

/** A named failure in the Connector's words, or any other code as a 400. */
export function refusal(reason: string): Response {
  if (reason === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  const [status, code, headers] = REFUSALS[reason] ?? [reason === "MessageSizeTooBig" ? 413 : 400, reason];
  return Response.json({ error: { code, message: "Refused." } }, { status, ...(headers && { headers }) });
}
