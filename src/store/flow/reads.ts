/** Messages, read by what names them. */
import { and, desc, eq } from "drizzle-orm";
import type { FlowStore } from "../../core/ports.ts";
import type { Engine } from "../engine.ts";
import { toMessage } from "../rows.ts";
import { $, db, prepare } from "../statement.ts";
import * as t from "../tables.ts";

const messageById = prepare(
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.id, $("id")), eq(t.messages.shopId, $("shopId")))),
);
export const messageByClient = prepare(
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.conversationId, $("conversationId")), eq(t.messages.clientId, $("clientId")))),
);
const lastSaidIn = prepare(
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.conversationId, $("conversationId")), eq(t.messages.direction, "outbound")))
    .orderBy(desc(t.messages.at), desc(t.messages.seq))
    .limit(1),
);
const recentOf = prepare(
  db
    .select()
    .from(t.messages)
    .where(eq(t.messages.contactId, $("contactId")))
    .orderBy(desc(t.messages.at), desc(t.messages.seq))
    .limit($("limit")),
);

type ReadStore = Pick<FlowStore, "message" | "messageByClientId" | "recentMessages" | "lastSaid">;

export function readStore(engine: Engine): ReadStore {
  return {
    async message(shopId, id) {
      const [row] = await engine.all(messageById({ id, shopId }));
      return row === undefined ? undefined : toMessage(row);
    },
    async messageByClientId(conversationId, clientId) {
      const [row] = await engine.all(messageByClient({ conversationId, clientId }));
      return row === undefined ? undefined : toMessage(row);
    },
    async recentMessages(contactId, limit) {
      return (await engine.all(recentOf({ contactId, limit }))).map(toMessage).reverse();
    },
    async lastSaid(conversationId) {
      const [row] = await engine.all(lastSaidIn({ conversationId }));
      return row === undefined ? undefined : toMessage(row);
    },
  };
}
