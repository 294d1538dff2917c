/** How a proven stream request travels from the Worker to its shop's Durable Object, and its stream back. */
import type { WebSocket as HeldSocket } from "@cloudflare/workers-types";
import { digest } from "../core/seal.ts";
import type { StreamRequest } from "../http/context.ts";
import type { LiveObject, ObjectNamespace } from "../live/durable-hub.ts";

/** Only our own Worker can reach a Durable Object, so what this header says is true. */
const HEADER = "x-xiaoer-stream";

interface Carried {
  readonly stream: StreamRequest;
  /** Tells addresses apart without saying them. */
  readonly address: string;
}

export async function openStream(
  objects: ObjectNamespace<LiveObject>,
  stream: StreamRequest,
  caller: { readonly address: string; readonly wantsSocket: boolean },
): Promise<Response> {
  const carried: Carried = { stream, address: (await digest(caller.address)).slice(0, 32) };
  const headers = new Headers({ [HEADER]: JSON.stringify(carried) });
  if (caller.wantsSocket) headers.set("upgrade", "websocket");
  const live = objects.get(objects.idFromName(stream.topic.shopId));
  const response = await live.fetch("https://live.internal/", { headers });
  // The runtime's response carries the socket; the DOM's type does not know it.
  const { webSocket } = response as Response & { readonly webSocket?: HeldSocket | null };
  if (!webSocket) return new Response(response.body, response);
  // A response of our own, since headers are still added to it.
  return new Response(null, {
    status: 101,
    webSocket,
    headers: stream.protocol === undefined ? {} : { "sec-websocket-protocol": stream.protocol },
  });
}

export function readStreamRequest(request: Request): Carried {
  return JSON.parse(request.headers.get(HEADER) ?? "{}") as Carried; // written by `openStream` alone
}
