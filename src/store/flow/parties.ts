/** Who writes: contact, identity and conversation, found or made. */
import { and, desc, eq, sql } from "drizzle-orm";
import type { FlowStore, Party } from "../../core/ports.ts";
import type { Engine } from "../engine.ts";
import { toContact, toConversation, toIdentity, toSession } from "../rows.ts";
import { $, db, prepare, prepareInsertWhere } from "../statement.ts";
import * as t from "../tables.ts";

const partyFields = { contact: t.contacts, identity: t.identities, conversation: t.conversations };
const partyQuery = () =>
  db
    .select(partyFields)
    .from(t.identities)
    .innerJoin(t.conversations, eq(t.conversations.identityId, t.identities.id))
    .innerJoin(t.contacts, eq(t.contacts.id, t.identities.contactId));

const findPartyQuery = prepare(
  partyQuery().where(and(eq(t.identities.inboxId, $("inboxId")), eq(t.identities.channelUserId, $("channelUserId")))),
);
const partyOfConversationQuery = prepare(
  partyQuery().where(and(eq(t.conversations.id, $("id")), eq(t.conversations.shopId, $("shopId")))),
);
const lastSessionQuery = prepare(
  db
    .select()
    .from(t.sessions)
    .where(eq(t.sessions.contactId, $("contactId")))
    // The open one first: a contact has at most one.
    .orderBy(sql`case when ${t.sessions.state} = 'closed' then 1 else 0 end`, desc(t.sessions.openedAt))
    .limit(1),
);
/** Who has proven a member id: the contact itself, or else the one it was joined into. */
const contactByMemberQuery = prepare(
  db
    .select({ id: t.contacts.id, mergedInto: t.contacts.mergedInto })
    .from(t.contacts)
    .where(and(eq(t.contacts.shopId, $("shopId")), eq(t.contacts.memberId, $("memberId"))))
    .orderBy(sql`case when ${t.contacts.mergedInto} is null then 0 else 1 end`, desc(t.contacts.createdAt))
    .limit(1),
);
const mergedIntoQuery = prepare(
  db
    .select({ mergedInto: t.contacts.mergedInto })
    .from(t.contacts)
    .where(eq(t.contacts.id, $("id"))),
);

const insertContact = prepareInsertWhere(
  t.contacts,
  ["id", "shopId", "name", "email", "phone", "locale", "level", "memberId", "tags", "vip", "createdAt"],
  {
    where: sql`not exists (select 1 from identities where inbox_id = ${$("inboxId")} and channel_user_id = ${$("channelUserId")})`,
    returning: { id: t.contacts.id },
  },
);
const insertIdentity = prepareInsertWhere(
  t.identities,
  ["id", "shopId", "inboxId", "contactId", "channelUserId", "level", "name", "createdAt"],
  {
    // The contact is missing when another request made the identity first; then so is the reason to insert.
    where: sql`exists (select 1 from contacts where id = ${$("contactId")})`,
    returning: { id: t.identities.id },
  },
);
const insertConversation = prepareInsertWhere(
  t.conversations,
  ["id", "shopId", "inboxId", "channel", "identityId", "contactId", "address", "createdAt"],
  {
    where: sql`exists (select 1 from identities where id = ${$("identityId")})`,
    returning: { id: t.conversations.id },
  },
);

type PartyStore = Pick<FlowStore, "findParty" | "ensureParty" | "partyOfConversation">;

export function partyStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): PartyStore {
  async function withLastSession(
    rows: {
      contact: typeof t.contacts.$inferSelect;
      identity: typeof t.identities.$inferSelect;
      conversation: typeof t.conversations.$inferSelect;
    }[],
  ): Promise<Party | undefined> {
    const row = rows[0];
    if (row === undefined) return undefined;
    const [session] = await engine.all(lastSessionQuery({ contactId: row.contact.id }));
    return {
      contact: toContact(row.contact),
      identity: toIdentity(row.identity),
      conversation: toConversation(row.conversation),
      ...(session === undefined ? {} : { lastSession: toSession(session) }),
    };
  }
  const findParty: PartyStore["findParty"] = async (inboxId, channelUserId) =>
    withLastSession(await engine.all(findPartyQuery({ inboxId, channelUserId })));

  async function findMember(shopId: string, memberId: string): Promise<string | undefined> {
    const [member] = await engine.all(contactByMemberQuery({ shopId, memberId }));
    let id = member?.id;
    for (let next = member?.mergedInto; next != null; ) {
      id = next;
      next = (await engine.all(mergedIntoQuery({ id })))[0]?.mergedInto;
    }
    return id;
  }

  const ensureParty: PartyStore["ensureParty"] = async (party) => {
    const known = await findParty(party.inboxId, party.sender.id);
    if (known !== undefined) return known;
    const { shopId, inboxId, memberId, sender } = party;
    const contactId = (memberId === undefined ? undefined : await findMember(shopId, memberId)) ?? deps.newId("con");
    const identityId = deps.newId("idn");
    const common = { shopId, inboxId, channelUserId: sender.id, contactId, identityId, createdAt: party.now };
    await engine.atomic(
      [
        insertContact({
          ...common,
          id: contactId,
          name: sender.name,
          email: party.email,
          phone: party.phone,
          locale: sender.locale,
          level: party.level,
          memberId,
          tags: [],
          vip: false,
        }),
        insertIdentity({ ...common, id: identityId, level: party.level, name: sender.name }),
        insertConversation({ ...common, id: deps.newId("cnv"), channel: party.channel, address: party.address }),
      ],
      [`identity:${inboxId}:${sender.id}`, ...(memberId === undefined ? [] : [`member:${shopId}:${memberId}`])],
    );
    // A member's contact may have appeared between the look and the insert; the second look then finds it.
    return (await findParty(inboxId, sender.id)) ?? ensureParty(party);
  };

  return {
    findParty,
    ensureParty,
    async partyOfConversation(shopId, conversationId) {
      return withLastSession(await engine.all(partyOfConversationQuery({ shopId, id: conversationId })));
    },
  };
}
