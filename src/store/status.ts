/** What platforms say became of a delivery: it may come twice, late, or before the send's own answer. */
import { sql } from "drizzle-orm";
import type { DeliveryStatus } from "../core/adapter.ts";
import type { FlowStore } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { prepareEventOf } from "./events.ts";
import { $, db, prepare, prepareInsertWhere } from "./statement.ts";
import * as t from "./tables.ts";

/** A status that overtook the answer to its send waits here for it: `4`, `3`, `2` or `1`, then a detail. */
export const earlyStatusKey = (inboxId: string, channelMessageId: string) => `status:${inboxId}:${channelMessageId}`;
const EARLY_STATUS_TTL_MS = 10 * 60_000;
const EARLY_RANK = { read: 4, delivered: 3, failed: 2, sent: 1 } as const;
/** Never backwards: a status only replaces a lesser one. */
const LESSER: Readonly<Record<DeliveryStatus, readonly string[]>> = {
  sent: ["pending"],
  delivered: ["pending", "sent"],
  read: ["pending", "sent", "delivered"],
  failed: ["pending", "sent"],
};
const ofChannelMessage = sql`${t.deliveries.inboxId} = ${$("inboxId")} and ${t.deliveries.channelMessageId} = ${$("channelMessageId")}`;
const statusQueries = Object.fromEntries(
  Object.entries(LESSER).map(([status, lesser]) => {
    const where = sql`${ofChannelMessage} and ${t.deliveries.state} in ${lesser}`;
    const update = prepare(
      db
        .update(t.deliveries)
        .set({
          state: status === "failed" ? "dead" : status,
          detail: sql`coalesce(${$("detail")}, detail)`,
          settledAt: sql`${$("at")}`,
        })
        .where(where)
        .returning({ id: t.deliveries.id }),
    );
    const { conversationId, sessionId, messageId } = t.deliveries;
    const event = prepareEventOf(t.deliveries, where, { type: "receipt", conversationId, sessionId, messageId });
    return [status, { update, event }];
  }),
);
const keepEarlyStatus = prepareInsertWhere(t.adapterState, ["key", "value", "expiresAt"], {
  // Only while something is on its way; else the message is not ours.
  where: sql`not exists (select 1 from deliveries where inbox_id = ${$("inboxId")} and channel_message_id = ${$("channelMessageId")})
    and exists (select 1 from deliveries where inbox_id = ${$("inboxId")} and state = 'pending' and lease_until > 0)`,
  conflict: sql`on conflict (key) do update set value = case when excluded.value > adapter_state.value then excluded.value else adapter_state.value end`,
  returning: { key: t.adapterState.key },
});
const forgetEarlyStatuses = prepare(
  db
    .delete(t.adapterState)
    .where(
      sql`${t.adapterState.key} >= 'status:' and ${t.adapterState.key} < 'status;' and ${t.adapterState.expiresAt} < ${$("at")}`,
    )
    .returning({ key: t.adapterState.key }),
);

export function recordStatus(engine: Engine): FlowStore["recordStatus"] {
  return async (inboxId, channelMessageId, status, at, detail) => {
    const queries = statusQueries[status];
    if (queries === undefined) return;
    const keys = { inboxId, channelMessageId, at, detail };
    const key = earlyStatusKey(inboxId, channelMessageId);
    const value = `${EARLY_RANK[status]}${detail ?? ""}`;
    await engine.atomic(
      [
        queries.event({ ...keys, data: { delivery: status, ...(detail === undefined ? {} : { detail }) } }),
        queries.update(keys),
        forgetEarlyStatuses(keys),
        keepEarlyStatus({ ...keys, key, value, expiresAt: at + EARLY_STATUS_TTL_MS }),
      ],
      [key],
    );
  };
}
