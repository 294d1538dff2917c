import { textLength } from "../../src/core/text.ts";

/** What LINE refuses, and how it says so. https://developers.line.biz/en/reference/messaging-api/#message-objects */

export interface FakeMessage {
  readonly type?: string;
  readonly text?: string;
  readonly altText?: string;
  readonly title?: string;
  readonly address?: string;
  readonly latitude?: number;
  readonly originalContentUrl?: string;
  readonly previewImageUrl?: string;
  readonly contents?: FakeNode;
  readonly quickReply?: { readonly items?: readonly { readonly action?: FakeAction }[] };
}

interface FakeNode {
  readonly type?: string;
  readonly text?: string;
  readonly url?: string;
  readonly action?: FakeAction;
  readonly hero?: FakeNode;
  readonly body?: FakeNode;
  readonly footer?: FakeNode;
  readonly contents?: readonly FakeNode[];
}

export interface FakeAction {
  readonly type?: string;
  readonly label?: string;
  readonly data?: string;
  readonly displayText?: string;
  readonly uri?: string;
}

interface Fault {
  readonly message: string;
  readonly property: string;
}

const MUST = "May not be empty";

/** The first fault of a call's messages; undefined when LINE takes them. */
export function findFault(messages: readonly FakeMessage[] | undefined): Fault | undefined {
  if (!Array.isArray(messages) || messages.length < 1 || messages.length > 5) {
    return { message: "Size must be between 1 and 5", property: "messages" };
  }
  for (const [index, message] of messages.entries()) {
    const fault = faultOf(message) ?? faultOfQuickReply(message);
    if (fault !== undefined) return { ...fault, property: `messages[${index}].${fault.property}` };
  }
  return undefined;
}

function faultOf(message: FakeMessage): Fault | undefined {
  switch (message.type) {
    case "text":
      return faultOfLength("text", message.text, 5000);
    case "image":
      return (
        faultOfUrl("originalContentUrl", message.originalContentUrl, 2000, /^https:\/\//) ??
        faultOfUrl("previewImageUrl", message.previewImageUrl, 2000, /^https:\/\//)
      );
    case "location":
      if (!Number.isFinite(message.latitude)) return { message: MUST, property: "latitude" };
      return faultOfLength("title", message.title, 100) ?? faultOfLength("address", message.address, 100);
    case "flex":
      return faultOfLength("altText", message.altText, 400) ?? faultOfFlex(message.contents);
    default:
      return { message: "Must be one of the following values: [text, image, location, flex]", property: "type" };
  }
}

function faultOfLength(property: string, text: string | undefined, max: number): Fault | undefined {
  if (text === undefined || text.trim() === "") return { message: MUST, property };
  return text.length > max ? { message: `Length must be between 0 and ${max}`, property } : undefined;
}

function faultOfUrl(property: string, url: string | undefined, max: number, scheme: RegExp): Fault | undefined {
  if (url === undefined || !URL.canParse(url) || !scheme.test(url)) return { message: "Invalid scheme", property };
  return url.length > max ? { message: `Length must be between 0 and ${max}`, property } : undefined;
}

function faultOfFlex(contents: FakeNode | undefined): Fault | undefined {
  if (contents?.type === "carousel") {
    const bubbles = contents.contents ?? [];
    if (bubbles.length < 1 || bubbles.length > 12) return { message: "invalid size", property: "contents" };
    if (bytes(contents) > 50_000) return { message: "the carousel is too large", property: "contents" };
    return bubbles.map(faultOfBubble).find((fault) => fault !== undefined);
  }
  return contents?.type === "bubble" ? faultOfBubble(contents) : { message: "unknown container", property: "contents" };
}

function faultOfBubble(bubble: FakeNode): Fault | undefined {
  if (bytes(bubble) > 30_000) return { message: "the bubble is too large", property: "contents" };
  for (const node of nodesOf(bubble)) {
    if (node.type === "text" && !node.text?.trim()) return { message: "must be non-empty text", property: "text" };
    const fault = node.type === "image" ? faultOfUrl("url", node.url, 2000, /^https:\/\//) : undefined;
    if (fault !== undefined) return fault;
    if (node.type === "button") {
      const wrong = faultOfAction(node.action, 40);
      if (wrong !== undefined) return wrong;
    }
  }
  return undefined;
}

function faultOfQuickReply({ quickReply }: FakeMessage): Fault | undefined {
  if (quickReply === undefined) return undefined;
  const items = quickReply.items ?? [];
  if (items.length < 1 || items.length > 13)
    return { message: "Size must be between 1 and 13", property: "quickReply" };
  return items.map((item) => faultOfAction(item.action, 20)).find((fault) => fault !== undefined);
}

function faultOfAction(action: FakeAction | undefined, maxLabel: number): Fault | undefined {
  const label = action?.label ?? "";
  if (label.trim() === "" || textLength(label, "graphemes") > maxLabel) {
    return { message: `Length must be between 1 and ${maxLabel}`, property: "label" };
  }
  if (action?.type === "uri") return faultOfUrl("uri", action.uri, 1000, /^(?:https?|line|tel):/);
  if (action?.type !== "postback") return { message: "unknown action", property: "action" };
  if ((action.displayText ?? "").length > 300) return { message: "too long", property: "displayText" };
  return faultOfLength("data", action.data, 300);
}

function bytes(value: unknown): number {
  return textLength(JSON.stringify(value), "bytes");
}

function nodesOf(node: FakeNode): FakeNode[] {
  const inner = [node.hero, node.body, node.footer, ...(node.contents ?? [])].filter((each) => each !== undefined);
  return [node, ...inner.flatMap(nodesOf)];
}

/** What a person reads of a message. */
export function renderedText(message: FakeMessage): string {
  const inside = message.contents === undefined ? [] : nodesOf(message.contents).map((node) => node.text);
  return [message.text, message.title, message.address, ...inside].filter(Boolean).join("\n");
}

/** What a person can tap. */
export function actionsOf(message: FakeMessage): readonly FakeAction[] {
  const nodes = message.contents === undefined ? [] : nodesOf(message.contents);
  const actions = [
    ...nodes.map((node) => node.action),
    ...(message.quickReply?.items ?? []).map((item) => item.action),
  ];
  return actions.filter((action) => action !== undefined);
}

const REFUSALS: Readonly<Record<string, readonly [status: number, message: string]>> = {
  "429": [429, "The API rate limit has been exceeded. Try again later."],
  "500": [500, "Internal server error"],
  "401": [401, "Authentication failed. Confirm that the access token in the authorization header is valid."],
  gone: [400, "Failed to send messages"],
};

/** A named failure in LINE's words, or any other text as a 400. */
export function refusal(reason: string, details?: readonly Fault[]): Response {
  if (reason === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  const [status, message] = REFUSALS[reason] ?? [400, reason];
  return Response.json({ message, ...(details && { details }) }, { status });
}
