import { Link } from "@tanstack/react-router";
import { useT } from "../i18n/index.ts";
import { useStore } from "../store.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";
import type { CallPop } from "./api.ts";
import { calls, dismissCall, keyOf } from "./call-store.ts";
import "./identity.css";

export function CallPops() {
  const t = useT();
  const list = useStore(calls);
  return (
    <section className="call-pops" aria-label={t("call.region")} aria-live="polite">
      {list.map((call) => (
        <CallCard key={keyOf(call)} call={call} />
      ))}
    </section>
  );
}

function CallCard({ call }: { readonly call: CallPop }) {
  const t = useT();
  const { contact, ticket, candidates } = call;
  const dismiss = () => dismissCall(call);
  return (
    <article className="call-pop">
      <header>
        <Icon name="phone" />
        <strong>{t(`call.${call.state}`)}</strong>
        <span className="grow" />
        <Button look="quiet" small icon="x" aria-label={t("call.dismiss")} onClick={dismiss} />
      </header>
      <p>
        <bdi>{contact.name ?? t("identity.unnamed")}</bdi> {contact.vip && <Chip tone="amber">VIP</Chip>}
      </p>
      <p className="muted">
        {call.matched
          ? t("call.matched")
          : candidates.length > 0
            ? t("call.several", { n: candidates.length })
            : t("call.unmatched")}
      </p>
      {ticket && (
        <p className="clip" title={ticket.summary}>
          {t("call.ticket", { number: ticket.number })} · {ticket.summary}
        </p>
      )}
      <Link
        className="btn primary small"
        to="/sessions/$sessionId"
        params={{ sessionId: call.sessionId }}
        onClick={dismiss}
      >
        {t("call.open")}
      </Link>
    </article>
  );
}
