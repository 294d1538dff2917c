/** Prometheus text: what the rows tell. A Worker has no process to measure. */
import type { Store } from "../core/ports.ts";

export function createMetrics(store: Pick<Store, "outboxStats">, now: () => number): () => Promise<string> {
  return async () => {
    const outbox = await store.outboxStats(now()).catch(() => undefined); // that it fails is the measure
    const lines: string[] = [];
    const gauge = (name: string, help: string, value: number) =>
      lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${value}`);
    gauge("xiaoer_store_up", "1 when the database answers.", outbox === undefined ? 0 : 1);
    if (outbox !== undefined) {
      const { pending, dead, oldestDueAt } = outbox;
      gauge("xiaoer_outbox_due", "Deliveries that are due.", pending);
      gauge("xiaoer_outbox_dead", "Deliveries that gave up.", dead);
      gauge(
        "xiaoer_outbox_oldest_seconds",
        "How long the oldest due delivery waits.",
        oldestDueAt === undefined ? 0 : Math.max(0, (now() - oldestDueAt) / 1000),
      );
    }
    return `${lines.join("\n")}\n`;
  };
}
