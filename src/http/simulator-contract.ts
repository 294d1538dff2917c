/** What the simulator's page is told: the shapes of `/simulator/api/*`, which exists in demo only. */
import type { Content } from "../core/content.ts";

export interface SimulatedChannel {
  readonly channel: string;
  readonly title: { readonly zh: string; readonly en: string };
  /** What a shopper can do there: `text`, `tap`, `image` … */
  readonly plays: readonly string[];
  readonly people: readonly [string, string];
  /** What can be made to go wrong there. */
  readonly failures: readonly SimulatedFailure[];
}

export interface SimulatorState {
  readonly channels: readonly SimulatedChannel[];
  /** The shop's clock and how far it has been moved, in milliseconds. */
  readonly now: number;
  readonly movedMs: number;
}

/** One line of a simulated phone, as its owner sees it. */
export interface Bubble {
  readonly id: string;
  readonly from: "shopper" | "shop";
  readonly at: number;
  readonly text: string;
  readonly buttons: readonly string[];
  /** What the shopper did: `text`, `tap`, `image` … */
  readonly kind?: string;
  /** The status of our answer to its webhook. */
  readonly status?: number;
  /** Pictures of our own shop in the native payload. */
  readonly pictures?: readonly string[];
}

export interface NativeMessage {
  readonly headers: Readonly<Record<string, string>>;
  /** JSON where it is JSON, else the text. */
  readonly body: unknown;
}

/** One step behind a phone, for the inspector. */
export type TraceEntry =
  | {
      readonly kind: "webhook" | "call";
      readonly id: string;
      readonly at: number;
      /** `POST /webhooks/…` or the vendor's own method. */
      readonly title: string;
      readonly request: NativeMessage;
      readonly response?: NativeMessage & { readonly status: number };
      /** Why there is no response: the connection broke. */
      readonly error?: string;
    }
  | {
      readonly kind: "said";
      readonly id: string;
      readonly at: number;
      readonly author: string;
      /** As the desk said it, and what `lower` made of it for this channel. */
      readonly content: Content;
      readonly lowered: readonly Content[];
      readonly delivery?: string;
      readonly detail?: string;
    };

export interface SimulatedPhone {
  readonly channel: string;
  readonly person: number;
  /** Its inbox, once somebody has written. */
  readonly inboxId?: string;
  readonly bubbles: readonly Bubble[];
  readonly trace: readonly TraceEntry[];
}

/** A webhook as it came and what its adapter read, people replaced. */
export interface RecordedWebhook {
  readonly channel: string;
  readonly at: number;
  /** JSON where it is JSON, else the text. */
  readonly body: unknown;
  readonly events: readonly object[];
}

/** What can be made to go wrong; `window` closes the time for answers just before the next one. */
export const SIMULATED_FAILURES = [
  "429",
  "500",
  "502",
  "401",
  "gone",
  "timeout",
  "refused",
  "reset",
  "accepted-then-reset",
  "window",
] as const;
export type SimulatedFailure = (typeof SIMULATED_FAILURES)[number];

export interface PlayedEvent {
  readonly type: string;
  readonly text?: string;
  readonly label?: string;
  readonly payload?: string;
}
