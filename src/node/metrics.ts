/** Prometheus text: what an operator watches. No personal data, no ids. */
import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Store } from "../core/ports.ts";

export function createMetrics(sources: {
  readonly store: Pick<Store, "outboxStats">;
  readonly streams: () => number;
  readonly pending: () => number;
  readonly now: () => number;
}): () => Promise<string> {
  const loop = monitorEventLoopDelay({ resolution: 20 });
  loop.enable();
  return async () => {
    const memory = process.memoryUsage();
    const outbox = await sources.store.outboxStats(sources.now()).catch(() => undefined); // the rest is still worth showing
    const lines: string[] = [];
    const gauge = (name: string, help: string, value: number) =>
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`);
    gauge("process_resident_memory_bytes", "Resident memory.", memory.rss);
    gauge("process_heap_bytes", "Heap in use.", memory.heapUsed);
    gauge("process_uptime_seconds", "Since the start.", process.uptime());
    gauge("xiaoer_event_loop_delay_p99_seconds", "How late timers fire.", loop.percentile(99) / 1e9);
    gauge("xiaoer_streams", "Browsers listening.", sources.streams());
    gauge("xiaoer_background_tasks", "Answers and deliveries in hand.", sources.pending());
    gauge("xiaoer_store_up", "1 when the database answers.", outbox === undefined ? 0 : 1);
    if (outbox !== undefined) {
      gauge("xiaoer_outbox_due", "Deliveries that are due.", outbox.pending);
      gauge("xiaoer_outbox_dead", "Deliveries that gave up.", outbox.dead);
      gauge(
        "xiaoer_outbox_oldest_seconds",
        "How long the oldest due delivery waits.",
        outbox.oldestDueAt === undefined ? 0 : Math.max(0, (sources.now() - outbox.oldestDueAt) / 1000),
      );
    }
    return `${lines.join("\n")}\n`;
  };
}
