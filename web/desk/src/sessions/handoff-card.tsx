import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Suggestion, Ticket, TicketContext } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";
import { FreshnessChip } from "./context/freshness-chip.tsx";
import { orderTone } from "./context/order-tone.ts";
import { PromiseChips } from "./promise-chips.tsx";
import { worthShowing } from "./suggestion-strip.tsx";

interface CardProps {
  readonly ticket: Ticket;
  readonly onInsert: ((text: string) => void) | undefined;
}

/** Why a person is needed and all that is known. Open until the first human reply, then one line. */
export function HandoffCard({ ticket, onInsert }: CardProps) {
  const t = useT();
  const answered = ticket.firstReplyAt !== undefined || ticket.status === "resolved";
  const [choice, setChoice] = useState<boolean>();
  const open = choice ?? !answered;
  const { context } = ticket;
  return (
    <section className={open ? "handoff open" : "handoff"} aria-label={t("handoff.title")}>
      <button type="button" className="handoff-head" aria-expanded={open} onClick={() => setChoice(!open)}>
        <Icon name="hand" />
        <strong>{codeWords(t, "reason", context.reason.code)}</strong>
        {context.reason.words && <span className="clip muted">“{context.reason.words}”</span>}
        <span className="grow" />
        {context.mood !== "calm" && (
          <Chip tone={context.mood === "angry" ? "red" : "amber"}>{codeWords(t, "mood", context.mood)}</Chip>
        )}
        <span className="mono muted handoff-number">{ticket.number}</span>
        <Icon name={open ? "up" : "down"} label={t(open ? "handoff.fold" : "handoff.unfold")} />
      </button>
      {open && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it.
        <section className="handoff-body scroll" tabIndex={0} aria-label={t("handoff.summary")}>
          <p className="handoff-summary">{context.summary}</p>
          <PromiseChips ticket={ticket} />
          <Entities context={context} />
          <Attempts context={context} />
          <Orders context={context} />
          <Suggestions list={worthShowing(context.suggestions)} onInsert={onInsert} />
          <Similar context={context} />
        </section>
      )}
    </section>
  );
}

function Entities({ context }: { readonly context: TicketContext }) {
  const t = useT();
  const { orderIds = [], trackingNumbers = [], products = [], phones = [] } = context.entities;
  const all = [...orderIds, ...trackingNumbers, ...products, ...phones];
  if (all.length === 0) return null;
  return (
    <dl className="handoff-part">
      <dt>{t("handoff.entities")}</dt>
      <dd className="chips">
        {all.map((text) => (
          <Chip key={text} tone="line">
            <span className="mono">{text}</span>
          </Chip>
        ))}
      </dd>
    </dl>
  );
}

function Attempts({ context }: { readonly context: TicketContext }) {
  const t = useT();
  return (
    <dl className="handoff-part">
      <dt>{t("handoff.attempts")}</dt>
      <dd>
        {context.attempts.length === 0 && <span className="muted">{t("handoff.noAttempts")}</span>}
        <ul className="attempts">
          {context.attempts.map((attempt) => (
            <li key={attempt.articleId}>
              <span className="score num" style={{ "--score": attempt.score } as React.CSSProperties}>
                {attempt.score.toFixed(2)}
              </span>
              <Link to="/articles/$articleId" params={{ articleId: attempt.articleId }} className="clip">
                {attempt.question}
              </Link>
              <span className="muted">{t(attempt.shown ? "handoff.shown" : "handoff.notShown")}</span>
            </li>
          ))}
        </ul>
      </dd>
    </dl>
  );
}

function Orders({ context }: { readonly context: TicketContext }) {
  const t = useT();
  if (context.orders.length === 0) return null;
  return (
    <dl className="handoff-part">
      <dt>{t("handoff.orders")}</dt>
      <dd>
        {context.orders.slice(0, 3).map((order) => (
          <div key={order.orderId} className="handoff-order">
            <span className="mono">{order.orderId}</span>
            <Chip tone={orderTone(order.status)}>{codeWords(t, "order", order.status)}</Chip>
            <span className="clip grow">{order.items.map((item) => item.title).join(", ")}</span>
            <FreshnessChip freshness={order.freshness} />
          </div>
        ))}
      </dd>
    </dl>
  );
}

function Suggestions({
  list,
  onInsert,
}: {
  readonly list: readonly Suggestion[];
  readonly onInsert: CardProps["onInsert"];
}) {
  const t = useT();
  if (list.length === 0) return null;
  return (
    <dl className="handoff-part">
      <dt>{t("handoff.suggestions")}</dt>
      <dd>
        {list.slice(0, 3).map((item) => (
          <div key={item.articleId} className="handoff-suggestion">
            <span className="score num">{item.score.toFixed(2)}</span>
            <span className="grow clip" title={item.answer}>
              {item.answer}
            </span>
            {onInsert && (
              <Button small onClick={() => onInsert(item.answer)}>
                {t("handoff.insert")}
              </Button>
            )}
          </div>
        ))}
      </dd>
    </dl>
  );
}

function Similar({ context }: { readonly context: TicketContext }) {
  const t = useT();
  if (context.similar.length === 0) return null;
  return (
    <dl className="handoff-part">
      <dt>{t("handoff.similar")}</dt>
      <dd>
        {context.similar.slice(0, 3).map((item) => (
          <div key={item.ticketId} className="handoff-order">
            <Link to="/tickets/$ticketId" params={{ ticketId: item.ticketId }} className="mono">
              {item.number}
            </Link>
            <span className="clip grow">{item.summary}</span>
          </div>
        ))}
      </dd>
    </dl>
  );
}
