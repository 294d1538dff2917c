/** Live push on Workers, seen from outside: the streams of one shop live in one Durable Object, and this is how it is told. */
import type { Ephemeral, Hub, Topic } from "../core/live.ts";

/** A namespace of Durable Objects whose stubs have the methods of `Stub`. */
export interface ObjectNamespace<Stub> {
  idFromName(name: string): object;
  get(id: object): Stub;
}

/** What the shop's object can be told. */
export interface LiveObject {
  wake(shopId: string, conversationIds: readonly string[]): Promise<void>;
  show(topic: Topic, frame: Ephemeral): Promise<void>;
  /** A stream request of `openStream`, proven already. */
  fetch(url: string, init: { readonly headers: Headers }): Promise<Response>;
}

export function createDurableHub(deps: {
  readonly objects: ObjectNamespace<LiveObject>;
  readonly background: (work: Promise<unknown>) => void;
}): Hub {
  const live = (shopId: string) => deps.objects.get(deps.objects.idFromName(shopId));
  // A lost hint costs seconds: every stream also looks by itself.
  const hint = (work: Promise<void>) => deps.background(work.catch(() => undefined));
  return {
    wake: (shopId, conversationIds = []) => hint(live(shopId).wake(shopId, conversationIds)),
    show: (topic, frame) => hint(live(topic.shopId).show(topic, frame)),
    // Nobody listens here; who does is in the object.
    subscribe: () => () => {},
    close: async () => {},
  };
}
