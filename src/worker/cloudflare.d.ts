/** What the Workers runtime and the bundler bring, named one by one: their global types would clash with Node's. */
declare module "cloudflare:workers" {
  import type { DurableObjectState } from "@cloudflare/workers-types";

  export abstract class DurableObject<Env> {
    constructor(ctx: DurableObjectState, env: Env);
    protected readonly ctx: DurableObjectState;
    protected readonly env: Env;
  }
  /** Keeps the current request, job or alarm alive until the work is done. */
  export function waitUntil(work: Promise<unknown>): void;
}

/** Text modules: see `rules` in wrangler.toml. */
declare module "*.sql" {
  const text: string;
  export default text;
}
declare module "*.ndjson" {
  const text: string;
  export default text;
}

/** https://developers.cloudflare.com/workers/runtime-apis/websockets/ */
declare const WebSocketPair: new () => {
  readonly 0: import("@cloudflare/workers-types").WebSocket;
  readonly 1: import("@cloudflare/workers-types").WebSocket;
};
/** https://developers.cloudflare.com/durable-objects/api/state/#setwebsocketautoresponse */
declare const WebSocketRequestResponsePair: new (
  request: string,
  response: string,
) => import("@cloudflare/workers-types").WebSocketRequestResponsePair;

interface ResponseInit {
  /** With status 101: the client's end of a WebSocket. */
  webSocket?: import("@cloudflare/workers-types").WebSocket;
}
