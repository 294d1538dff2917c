import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { contactQuery } from "../../api/queries.ts";
import type { Contact } from "../../api/types.ts";
import { canManage, useMe } from "../../app/me.ts";
import { useT } from "../../i18n/index.ts";
import { Identities } from "../../identity/identities.tsx";
import { Privacy } from "../../identity/privacy.tsx";
import { formatMoney } from "../../money.ts";
import { longDate, shortDate } from "../../time.ts";
import { Chip } from "../../ui/pieces.tsx";
import { Card } from "./card.tsx";
import { MaskedField } from "./masked-field.tsx";
import { OrdersCard } from "./orders-card.tsx";

export function ContextPanel({ contactId }: { readonly contactId: string }) {
  const t = useT();
  const me = useMe();
  const contact = useQuery(contactQuery(contactId));
  return (
    <div className="context-cards scroll">
      <OrdersCard contactId={contactId} level={contact.data?.level} />
      <Card name="profile" title={t("context.profile")} state={contact}>
        {contact.data && <Profile contact={contact.data} />}
      </Card>
      <Card name="identities" title={t("context.identities")} state={contact}>
        {contact.data && <Identities contact={contact.data} />}
      </Card>
      {canManage(me.user.role) && (
        <Card name="privacy" title={t("context.privacy")} state={contact}>
          {contact.data && <Privacy contact={contact.data} />}
        </Card>
      )}
      <Card name="tickets" title={t("context.tickets")} state={contact}>
        {contact.data && <PastTickets contact={contact.data} />}
      </Card>
    </div>
  );
}

function Profile({ contact }: { readonly contact: Contact }) {
  const t = useT();
  const { profile } = contact;
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t("context.tier"), profile.tier],
    [t("context.orderCount"), profile.orderCount?.toString()],
    [t("context.lifetimeValue"), profile.lifetimeValue && formatMoney(profile.lifetimeValue)],
    [t("context.since"), profile.since && longDate(profile.since)],
    [t("context.member"), contact.memberId],
    [t("context.locale"), contact.locale],
  ];
  return (
    <dl className="facts">
      {facts.map(([name, value]) => value && <Fact key={name} name={name} value={value} />)}
      {contact.phone && <MaskedField contact={contact} field="phone" />}
      {contact.email && <MaskedField contact={contact} field="email" />}
      {contact.tags.length > 0 && (
        <div>
          <dt>{t("context.tags")}</dt>
          <dd className="chips">
            {contact.tags.map((tag) => (
              <Chip key={tag}>{tag}</Chip>
            ))}
          </dd>
        </div>
      )}
    </dl>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd className="num clip" title={value}>
        {value}
      </dd>
    </div>
  );
}

function PastTickets({ contact }: { readonly contact: Contact }) {
  const t = useT();
  if (contact.tickets.length === 0) return <p className="muted">{t("context.noTickets")}</p>;
  return (
    <ul className="past-tickets">
      {contact.tickets.slice(0, 8).map((ticket) => (
        <li key={ticket.id}>
          <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }}>
            <span className="mono">{ticket.number}</span>
            <Chip tone={ticket.status === "resolved" ? "green" : "amber"}>{t(`tickets.status.${ticket.status}`)}</Chip>
            <span className="grow" />
            <time className="muted num">{shortDate(ticket.createdAt)}</time>
            <span className="clip">{ticket.summary}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
