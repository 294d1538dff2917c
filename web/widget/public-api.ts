import type { Chat, ChatEvent } from "./chat.ts";
import type { ContentOf, Page } from "./contract.ts";

type Product = Omit<ContentOf<"product">, "type">;

/** `window.Xiaoer`. Calls made before the script has loaded wait in an array: `(window.Xiaoer ||= []).push(["open"])`. */
export interface XiaoerApi {
  /** @example Xiaoer.open({ text: "How long does shipping take?" }) */
  open(options?: { text?: string }): void;
  close(): void;
  toggle(): void;
  /** Signs the visitor in with a JWT made by the shop's server. */
  identify(identity: { token: string }): void;
  /** Forgets the visitor on this device. Call it when they sign out of the shop. */
  logout(): void;
  /** Shows the agent what the shopper looks at, and opens the chat. */
  sendProduct(product: Product): void;
  setPage(page: Partial<Page>): void;
  /** @returns a function that stops it */
  on(event: ChatEvent, listener: (detail: unknown) => void): () => void;
  push(...calls: readonly QueuedCall[]): void;
}

export type QueuedCall = readonly [method: string, ...args: unknown[]];

declare global {
  interface Window {
    Xiaoer?: XiaoerApi | QueuedCall[];
  }
}

export interface PublicApi {
  page(): Page;
  emit(event: ChatEvent, detail?: unknown): void;
  attach(chat: Chat): void;
}

export function createPublicApi(): PublicApi {
  const listeners = new Map<ChatEvent, Set<(detail: unknown) => void>>();
  let told: Partial<Page> = {};

  function emit(event: ChatEvent, detail?: unknown): void {
    for (const listener of listeners.get(event) ?? []) listener(detail);
  }

  function attach(chat: Chat): void {
    const api: XiaoerApi = {
      open: (options) => chat.open(options?.text),
      close: () => chat.close(),
      toggle: () => (chat.store.get().open ? chat.close() : chat.open()),
      identify: ({ token }) => chat.identify(token),
      logout: () => chat.logout(),
      sendProduct(product) {
        chat.open();
        if (!wasJustSent(chat, product.productId)) chat.say({ type: "product", ...withAbsoluteUrls(product) });
      },
      setPage(page) {
        told = page;
        chat.pageChanged();
      },
      on(event, listener) {
        const set = listeners.get(event) ?? new Set();
        listeners.set(event, set.add(listener));
        return () => set.delete(listener);
      },
      push(...calls) {
        const methods = api as unknown as Record<string, ((...args: unknown[]) => void) | undefined>;
        for (const [method, ...args] of calls) methods[method]?.(...args);
      },
    };
    const early = window.Xiaoer;
    window.Xiaoer = api;
    if (Array.isArray(early)) api.push(...early);
    window.dispatchEvent(new Event("xiaoer:ready"));
  }

  return {
    emit,
    attach,
    page: () => ({ url: location.href, title: document.title.replace(/^\(\d+\) /, "").slice(0, 500), ...told }),
  };
}

/** Two taps on "ask about this" are one question. */
function wasJustSent(chat: Chat, productId: string): boolean {
  const { messages, outbox } = chat.store.get();
  const last = outbox.at(-1)?.content ?? messages.at(-1)?.content;
  return last?.type === "product" && last.productId === productId;
}

function withAbsoluteUrls({ imageUrl, url, ...rest }: Product): Product {
  const absolute = (address: string | undefined) => address && new URL(address, document.baseURI).href;
  return { ...rest, imageUrl: absolute(imageUrl), url: absolute(url) };
}
