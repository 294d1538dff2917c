import type { z } from "zod";
import type { IdentityLevel } from "./contact.ts";
import type { Content } from "./content.ts";
import type { PlatformProof } from "./identity.ts";
import type { TextUnit } from "./text.ts";

/** One channel: reads its webhooks, delivers our messages. Holds no conversation state and no policy. */
export interface Adapter {
  /** Stable id and webhook path segment, e.g. `wechat-official`. */
  readonly channel: string;
  /** What the channel can show and when it lets us write. Plain data, so core never asks "which channel is this?". */
  readonly capabilities: Capabilities;
  /**
   * Proves the request is the platform's, then reads it. Also answers the platform's URL handshake (no events).
   * The same bytes twice give the same events.
   * @throws {SignatureError} `channel.signature_invalid`: 401, nothing stored.
   * @throws {PayloadError} `channel.payload_invalid`: signed, yet not the documented shape.
   */
  receive(request: WebhookRequest): Promise<Received>;
  /** Delivers one message already lowered to `capabilities`. Refusals and outages are values, never throws. */
  send(message: OutboundMessage, options?: SendOptions): Promise<Receipt>;
  /** Absent where a platform counts messages, not calls. */
  readonly batch?: Batch;
  /** Shows the contact that an answer is being written. Best effort; absent where the platform cannot. */
  typing?(address: Address, options?: SendOptions): Promise<void>;
  /** Asks the platform whether the configuration works; each line is shown in the desk's checklist. */
  check?(options?: CheckOptions): Promise<readonly Check[]>;
  /** Tells the platform where to call; absent where only its console can. Refusals are values. */
  register?(webhookUrl: string, options?: SendOptions): Promise<Check>;
  /**
   * Fetches a file the platform only named, with the inbox's credentials; undefined when it is gone for good.
   * @throws {UnavailableError} `channel.media_unavailable`: not now, try again.
   */
  fetchMedia?(ref: string, options?: SendOptions): Promise<FetchedMedia | undefined>;
  /** The core keeps the file now: what the adapter itself held of it may go. */
  dropMedia?(ref: string): Promise<void>;
  /**
   * For channels whose webhook is only a doorbell: fetches what waits, as if it had rung. Called at start-up and now and then, so that a
   * lost ring loses nothing; what it returns is stored and committed like a webhook's.
   * @throws {UnavailableError} `channel.pull_failed`: not now, try again.
   */
  pull?(options?: SendOptions): Promise<Pick<Received, "events" | "commit" | "more">>;
  /** Asks the platform who a sender is elsewhere; nothing where it does not say. @throws when it cannot be asked now */
  identify?(sender: Pick<Sender, "id">, options?: SendOptions): Promise<readonly PlatformProof[]>;
  /** An address that opens a chat with this inbox and brings `payload` (letters, digits, `_`, `-`) as a `joined` event's. */
  deepLink?(payload: string, options?: SendOptions): Promise<string | undefined>;
}

/** For platforms that count calls: several messages of one conversation in one. */
export interface Batch {
  /** How many of these, from the first, go in one call for certain; at least 1. */
  fits(contents: readonly Content[]): number;
  /** Sends as many as `fits` said, all or none. The same messages again, in the same order, are one call under the first one's key. */
  send(messages: readonly OutboundMessage[], options?: SendOptions): Promise<BatchReceipt>;
}

export interface SendOptions {
  readonly signal?: AbortSignal;
}

export interface CheckOptions extends SendOptions {
  /** Where the platform should be calling. */
  readonly webhookUrl?: string;
}

/** A webhook as it came: the body is read once, under the size limit, before anything else looks at it. */
export interface WebhookRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Where replies go, in the adapter's own words. */
export type Address = Readonly<Record<string, string>>;

export interface Received {
  readonly events: readonly InboundEvent[];
  /** What the platform expects (`success`, an echo, an empty 200); sent only once the events are stored. */
  readonly response: Response;
  /**
   * For channels that take the answer inside the webhook's response (a passive reply): tried when an answer is decided
   * within `capabilities.inlineReplyMs`; what it returns is recorded as sent, what it cannot carry goes through `send`.
   */
  inline?(replies: readonly OutboundMessage[]): InlineReply | Promise<InlineReply>;
  /** For channels whose webhook is only a doorbell and must be pulled: moves the cursor, after storing. */
  commit?(): Promise<void>;
  /** More waits at the platform than one answer may take: `pull` again after `commit`. */
  readonly more?: boolean;
}

export interface InlineReply {
  /** To be sent instead of `Received.response`. */
  readonly response: Response;
  /** How many of the replies, from the first, are in it whole. */
  readonly carried: number;
}

export interface Capabilities {
  readonly image: boolean;
  readonly audio: boolean;
  readonly video: boolean;
  readonly file: boolean;
  /** Words (`alt`) can go with a file, or with these kinds of them; else they are said after it. @default true */
  readonly caption?: boolean | readonly ("image" | "audio" | "video" | "file")[];
  readonly location: boolean;
  readonly link: boolean;
  readonly card: boolean;
  readonly carousel: boolean;
  /** Product and order cards of their own look; false: they are lowered to a card or text. */
  readonly product: boolean;
  readonly order: boolean;
  /** Most options in one `choices` message; 0 means they are lowered to numbered text. */
  readonly maxChoices: number;
  /** Most actions on one card. */
  readonly maxActions: number;
  /** Longest title and text of a card together, in `textUnit`; what is longer is said before it. @default maxTextLength */
  readonly maxCardTextLength?: number;
  /** Longest label of a choice or action, in grapheme clusters. */
  readonly maxLabelLength: number;
  /** Longest text in `textUnit`; longer text is split, never cut. */
  readonly maxTextLength: number;
  readonly textUnit: TextUnit;
  /** How long after the contact's last message we may still write freely, in milliseconds; absent means no limit. */
  readonly replyWindowMs?: number;
  /** How many messages we may write inside that window; absent means no limit. */
  readonly replyWindowMessages?: number;
  /**
   * Every way of writing, where there is more than the one that `replyWindowMs` tells of: a free reply before a counted push, a template
   * after the window. Core takes the cheapest that is open.
   */
  readonly routes?: readonly Route[];
  /** The platform drops a second send with the same `idempotencyKey`, so an unknown outcome may be repeated freely. */
  readonly idempotentSend: boolean;
  /** The stored message is what the contact reads (the web page): nothing is sent and nothing can fail. */
  readonly storedIsSent: boolean;
  /** Largest webhook body, in bytes: where files come in the body itself, more than the usual. @default 1 MiB */
  readonly maxWebhookBytes?: number;
  /** How long the platform waits for a passive reply, in milliseconds; absent means it takes none. */
  readonly inlineReplyMs?: number;
  /** What is not answered goes unanswered: then the platform posts the same message again, this long after. */
  readonly inlineAgainMs?: number;
  /** There is no other way to say anything: what is late waits for the contact's next message. @default false */
  readonly inlineOnly?: boolean;
  /** The surest a contact of this channel can be by the platform's word alone. */
  readonly identityLevel: IdentityLevel;
}

/** A way of writing to a contact. */
export interface Route {
  /** Stable within the channel (`reply`, `push`, `template`): counters are kept under it. */
  readonly name: string;
  /** What one message costs, as the platform counts or bills it; 0 is free. */
  readonly cost: number;
  /** Open this long after what the contact did last, in milliseconds; absent: at any time. */
  readonly windowMs?: number;
  /** How many messages, counted from what the contact did last; absent: any number. */
  readonly messages?: number;
  /** What opens it: a message, or coming in without a word. @default either */
  readonly after?: "message" | "joined";
  /** Who may write by it. @default everyone */
  readonly authors?: readonly OutboundMessage["author"]["kind"][];
  /** Carries only templates the platform has approved, whose rules these are. */
  readonly template?: TemplateRules;
}

/** What a platform asks of a template's parameters. */
export interface TemplateRules {
  /** Longest value in characters. */
  readonly maxLength: number;
  /** Longest value by what a parameter's name begins with, where the platform types them by name (`thing1`). */
  readonly maxLengths?: Readonly<Record<string, number>>;
}

/** The fewest powers a channel can have; a channel states what it has beyond them. */
export const PLAIN_TEXT: Capabilities = {
  image: false,
  audio: false,
  video: false,
  file: false,
  location: false,
  link: false,
  card: false,
  carousel: false,
  product: false,
  order: false,
  maxChoices: 0,
  maxActions: 0,
  maxLabelLength: 20,
  maxTextLength: 2000,
  textUnit: "utf16",
  idempotentSend: false,
  storedIsSent: false,
  identityLevel: "claimed",
};

export type InboundEvent =
  | { readonly type: "message"; readonly message: InboundMessage }
  | {
      readonly type: "status";
      readonly channelMessageId: string;
      readonly status: DeliveryStatus;
      readonly at: number;
      readonly detail?: string;
    }
  /** The contact changed what they said. */
  | {
      readonly type: "edit";
      readonly channelMessageId: string;
      readonly content: Content;
      readonly at: number;
    }
  /** The contact took back what they said. */
  | { readonly type: "recall"; readonly channelMessageId: string; readonly at: number }
  /** The contact came (followed, opened the chat, pressed start) or went (blocked, left). */
  | {
      readonly type: "presence";
      readonly kind: "joined" | "left";
      /** De-duplicates like a message id. */
      readonly channelMessageId: string;
      readonly sender: Sender;
      readonly address: Address;
      readonly at: number;
      /** What they came with: a deep link's payload. */
      readonly payload?: string;
    }
  /** Kept and counted, never dropped. */
  | { readonly type: "unsupported"; readonly kind: string; readonly raw: unknown };

export interface Sender {
  /** The platform's id of the person, as text, exactly as sent. */
  readonly id: string;
  readonly name?: string;
  readonly locale?: string;
  /** Messages of bots (and our own echo) are stored and never answered. */
  readonly isBot?: boolean;
  /** The number the person shows, as E.164. A claim: it finds who calls and proves nothing. */
  readonly phone?: string;
  /** What the platform itself says of who this is elsewhere; believed only where `identityLevel` is `verified`. */
  readonly proofs?: readonly PlatformProof[];
}

export interface InboundMessage {
  /** The platform's key for this message: unique within the inbox, the same on every redelivery. */
  readonly channelMessageId: string;
  readonly sender: Sender;
  readonly address: Address;
  readonly content: Content;
  /** The platform's time, epoch milliseconds. */
  readonly at: number;
  /** Names the file at the platform, for `fetchMedia`. */
  readonly mediaRef?: string;
  /** What it opens of the send window, where the platform counts a tapped button like coming in without a word. @default "message" */
  readonly opens?: NonNullable<Route["after"]>;
}

export type DeliveryStatus = "sent" | "delivered" | "read" | "failed";

export interface OutboundMessage {
  /** Our id of this delivery; made before the first attempt and the same on every repeat. */
  readonly idempotencyKey: string;
  readonly address: Address;
  /** Already lowered to the adapter's capabilities; every url in it absolute and reachable by the platform. */
  readonly content: Content;
  readonly author: { readonly kind: "bot" | "agent" | "system"; readonly name?: string };
  /** The route core chose, where the channel has several. */
  readonly route?: string;
  /** What is to be sent is this template; `content` is how it reads. */
  readonly template?: OutboundTemplate;
}

/** A template of the platform with its parameters filled in. */
export interface OutboundTemplate {
  /** The platform's id or name of it. */
  readonly vendorId: string;
  readonly locale: string;
  readonly params: readonly { readonly key: string; readonly value: string }[];
}

export type Receipt =
  | ({ readonly ok: true; readonly channelMessageId: string } & Spent)
  | {
      readonly ok: false;
      readonly code: DeliveryCode;
      /** The same message may be taken later. For `delivery.outcome_unknown` core decides, by `idempotentSend`. */
      readonly retryable: boolean;
      readonly retryAfterMs?: number;
      /** A sentence for the agent; never a token, a URL with credentials or the message text. */
      readonly detail: string;
    };

/** What a send took of the platform's allowance. */
export interface Spent {
  /** By which route it went, where that is not the one core chose. */
  readonly route?: string;
  /** How many messages the platform counts it as. @default 1 */
  readonly counted?: number;
}

export type BatchReceipt =
  | ({ readonly ok: true /** One for each message. */; readonly channelMessageIds: readonly string[] } & Spent)
  | Extract<Receipt, { readonly ok: false }>;

/** Why a delivery failed, in words every channel shares. */
export type DeliveryCode =
  | "delivery.rate_limited"
  | "delivery.unavailable"
  /** The platform may or may not have taken it: a timeout, or a reset after the request was written. */
  | "delivery.outcome_unknown"
  | "delivery.window_closed"
  /** It waits for the contact's next message, whose answer it will be. */
  | "delivery.awaiting_contact"
  | "delivery.quota_exhausted"
  | "delivery.recipient_gone"
  | "delivery.unauthorized"
  | "delivery.bad_request"
  | "delivery.cancelled";

export interface Check {
  /** What was looked at; the desk has words for the names that built-in channels use. */
  readonly check: string;
  readonly ok: boolean;
  /** What was found: a name, an address, or the platform's own words. */
  readonly detail: string;
}

export interface FetchedMedia {
  readonly body: ReadableStream<Uint8Array>;
  /** Bytes, when the platform says how many come. */
  readonly size?: number;
  readonly mime?: string;
  readonly name?: string;
}

/** What an adapter is made from, besides its configuration. */
export interface AdapterDeps {
  readonly inboxId: string;
  /** The one door to the network; refuses private addresses the deployer did not allow. */
  readonly fetch: typeof fetch;
  /**
   * For connections that are no HTTP: the address to connect to instead of the name, checked and pinned as `fetch` does it. Absent: the
   * name itself.
   * @throws {ForbiddenError} `outbound.address_not_allowed`
   */
  readonly resolve?: (target: { readonly host: string; readonly port: number }) => Promise<string>;
  readonly now: () => number;
  /** Longest wait for one platform call, in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
  /** Only a demo deployment may run a channel without its platform's proof. @default false */
  readonly demo?: boolean;
  /** A small key-value memory shared by all processes: access tokens, pull cursors. Values are encrypted at rest. */
  readonly state: AdapterState;
}

export interface AdapterState {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string, options?: { readonly ttlMs?: number }): Promise<void>;
}

/** Where a deployment lives. */
export type HomeName = "node" | "workers";

/** A kind of place to talk, as the framework knows it before any inbox exists. */
export interface Channel<Config = unknown> {
  readonly channel: string;
  readonly title: { readonly zh: string; readonly en: string };
  /**
   * Validates, documents and masks: from it come the desk's form, `GET /v1/channels` and the secret handling.
   * A field with `.meta({ secret: true })` is stored encrypted and never read back.
   */
  readonly config: z.ZodType<Config>;
  readonly capabilities: Capabilities;
  /** Homes the channel cannot run in, each with the reason for people; absent: it runs in all of them. */
  readonly notOn?: Readonly<Partial<Record<HomeName, { readonly zh: string; readonly en: string }>>>;
  /** Heavy SDKs are imported inside, so that a shop without this channel never loads them. */
  create(config: Config, deps: AdapterDeps): Adapter | Promise<Adapter>;
}

/** Types a channel; the identity function otherwise. */
export function defineChannel<Config>(channel: Channel<Config>): Channel<Config> {
  return channel;
}
