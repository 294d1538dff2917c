import type { Hub, HubListener, Topic } from "../core/live.ts";

export const topicKey = ({ shopId, conversationId }: Topic): string =>
  conversationId === undefined ? shopId : `${shopId}/${conversationId}`;

/** Wakes the streams of this process. */
export function createMemoryHub(): Hub {
  const listeners = new Map<string, Set<HubListener>>();
  const each = (topic: Topic, work: (listener: HubListener) => void) => {
    for (const listener of listeners.get(topicKey(topic)) ?? []) work(listener);
  };
  return {
    wake(shopId, conversationIds = []) {
      each({ shopId }, (listener) => listener.wake());
      for (const conversationId of conversationIds) each({ shopId, conversationId }, (listener) => listener.wake());
    },
    show(topic, frame) {
      each(topic, (listener) => listener.show(frame));
      if (topic.conversationId !== undefined) each({ shopId: topic.shopId }, (listener) => listener.show(frame));
    },
    subscribe(topic, listener) {
      const key = topicKey(topic);
      const set = listeners.get(key) ?? new Set();
      listeners.set(key, set);
      set.add(listener);
      return () => {
        set.delete(listener);
        if (set.size === 0 && listeners.get(key) === set) listeners.delete(key);
      };
    },
    async close() {
      listeners.clear();
    },
  };
}
