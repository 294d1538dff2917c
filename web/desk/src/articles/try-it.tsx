import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { get, post } from "../api/client.ts";
import { ordersQuery } from "../api/queries.ts";
import type { Article, ArticleFields, ArticlePreview, MatchWhy, Page, PreviewMatch, Session } from "../api/types.ts";
import { useMe } from "../app/me.ts";
import { codeWords, type Translate, useT } from "../i18n/index.ts";
import { fullTime, shopTimeZone } from "../time.ts";
import { useSettled } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";
import { ChannelPreviews } from "./channel-preview.tsx";
import { changesOf, EMPTY, fieldsOf, LOCALES } from "./fields.ts";
import { fromZonedInput } from "./zoned-time.ts";

interface TryItProps {
  /** As saved; absent for one not saved yet. */
  readonly article: Article | undefined;
  /** As edited: this is what answers. */
  readonly fields: ArticleFields;
}

const TONES = ["warm", "polite", "neutral"] as const;

/** Ask as a shopper; the real matcher answers with the edits as they stand, and gives its reasons. */
export function TryIt({ article, fields }: TryItProps) {
  const t = useT();
  const [text, setText] = useState("");
  const [locale, setLocale] = useState("");
  const [tone, setTone] = useState("");
  const [clock, setClock] = useState("");
  const [contactId, setContactId] = useState("");
  const [orderId, setOrderId] = useState("");
  const zone = shopTimeZone();
  const at = fromZonedInput(clock, zone);
  const contact = useSettled(contactId.trim(), 250);
  const asked = useSettled(text.trim(), 250);
  const edits = useSettled(JSON.stringify(editsOf(article, fields)), 250);
  const query = useQuery({
    queryKey: ["match", "preview", asked, locale, tone, at, contact, orderId, edits],
    enabled: asked !== "",
    // A publish elsewhere changes the answer: never from an old cache.
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      post<ArticlePreview>(
        "/v1/articles/preview",
        {
          text: asked,
          article: JSON.parse(edits) as unknown,
          ...(locale && { locale }),
          ...(tone && { tone }),
          ...(at && { at }),
          ...(contact && { contactId: contact }),
          ...(orderId && { orderId }),
        },
        { signal },
      ),
  });
  const answer = asked === "" ? undefined : query.data;
  return (
    <section className="panel panel-pad tryit" aria-label={t("tryit.title")}>
      <h2>{t("tryit.title")}</h2>
      <input
        className="input"
        data-tryit
        aria-label={t("tryit.title")}
        placeholder={t("tryit.placeholder")}
        maxLength={5000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="tryit-options">
        <select
          className="input"
          aria-label={t("tryit.locale")}
          value={locale}
          onChange={(event) => setLocale(event.target.value)}
        >
          <option value="">{t("tryit.ownLocale")}</option>
          {LOCALES.map((item) => (
            <option key={item} value={item}>
              {item}
            </option>
          ))}
        </select>
        <select
          className="input"
          aria-label={t("tryit.tone")}
          value={tone}
          onChange={(event) => setTone(event.target.value)}
        >
          <option value="">{t("tryit.ownTone")}</option>
          {TONES.map((item) => (
            <option key={item} value={item}>
              {t(`tryit.tone.${item}`)}
            </option>
          ))}
        </select>
        <ContactPick
          value={contactId}
          onChange={(id) => {
            setContactId(id);
            setOrderId("");
          }}
        />
        <OrderPick contactId={contact} value={orderId} onChange={setOrderId} />
        <label className="field tryit-clock">
          <span className="label">{t("tryit.clock")}</span>
          <input
            className="input"
            type="datetime-local"
            step={1}
            value={clock}
            onChange={(event) => setClock(event.target.value)}
          />
        </label>
      </div>
      {at !== undefined && (
        <div className="notice blue">
          <Icon name="clock" />
          {t("tryit.asOf", { time: fullTime(at) })}
        </div>
      )}
      <div aria-live="polite" className="tryit-result">
        {asked === "" && <p className="hint">{t("tryit.withEdits")}</p>}
        {asked !== "" && query.isPending && <Skeleton lines={3} />}
        {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {answer && <Result asked={asked} answer={answer} />}
      </div>
      {answer && <ChannelPreviews channels={answer.channels} />}
    </section>
  );
}

/** What the server lays over the article; a question still empty is left to the saved one. */
function editsOf(article: Article | undefined, fields: ArticleFields): object {
  const changes = changesOf(article === undefined ? EMPTY : fieldsOf(article), fields);
  const { question, ...rest } = changes;
  return {
    ...(article && { id: article.id }),
    ...rest,
    ...(typeof question === "string" && question.trim() !== "" && { question }),
  };
}

/** Those who wrote lately, by name; an id typed in will do as well. */
function ContactPick({ value, onChange }: { readonly value: string; readonly onChange: (id: string) => void }) {
  const t = useT();
  const list = useId();
  const mayRead = useMe().user.role !== "editor";
  const { data } = useQuery({
    queryKey: ["recent-contacts"],
    enabled: mayRead,
    staleTime: 60_000,
    queryFn: ({ signal }) => get<Page<Session>>("/v1/sessions", { query: { limit: 30 }, signal }),
  });
  const known = new Map(data?.items.map(({ contact }) => [contact.id, contact.name ?? contact.id]));
  return (
    <>
      <input
        className="input"
        aria-label={t("tryit.contact")}
        placeholder={t("tryit.contact")}
        title={t("tryit.contactHint")}
        list={list}
        maxLength={200}
        disabled={!mayRead}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
      <datalist id={list}>
        {[...known].map(([id, name]) => (
          <option key={id} value={id} label={name} />
        ))}
      </datalist>
    </>
  );
}

interface OrderPickProps {
  readonly contactId: string;
  readonly value: string;
  readonly onChange: (id: string) => void;
}

function OrderPick({ contactId, value, onChange }: OrderPickProps) {
  const t = useT();
  const { data } = useQuery({ ...ordersQuery(contactId), enabled: contactId !== "", retry: false });
  const orders = contactId === "" ? [] : (data?.items ?? []);
  return (
    <select
      className="input"
      aria-label={t("tryit.order")}
      disabled={orders.length === 0}
      value={value}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{t("tryit.noOrder")}</option>
      {orders.map(({ orderId }) => (
        <option key={orderId} value={orderId}>
          {orderId}
        </option>
      ))}
    </select>
  );
}

function Result({ asked, answer }: { readonly asked: string; readonly answer: ArticlePreview }) {
  const t = useT();
  const tone = answer.decision === "answer" ? "green" : answer.decision === "suggest" ? "amber" : "red";
  const verdict = verdictOf(t, answer.matches);
  return (
    <>
      <div className="row">
        <Chip tone={tone}>{t(`tryit.decision.${answer.decision}`)}</Chip>
        <strong className={`verdict ${verdict.good ? "good" : "bad"}`}>{verdict.words}</strong>
      </div>
      {answer.conflicts.length > 0 && (
        <ul className="findings conflicts" aria-label={t("tryit.conflicts")}>
          {answer.conflicts.map(({ articleId, question, gap }) => (
            <li key={articleId}>
              <Icon name="alert" />
              <span>{t("tryit.conflict", { gap: Math.abs(gap).toFixed(2) })}</span>
              <Link to="/articles/$articleId" params={{ articleId }} className="clip">
                {question}
              </Link>
            </li>
          ))}
        </ul>
      )}
      {answer.matches.length === 0 && <p className="muted">{t("tryit.empty")}</p>}
      <ol className="matches">
        {answer.matches.map((match, index) => (
          <li key={match.articleId} className={match.edited ? "match this" : "match"}>
            <div className="row">
              <span className="muted num">{index + 1}</span>
              {match.edited ? (
                <strong className="clip grow">{match.question}</strong>
              ) : (
                <Link to="/articles/$articleId" params={{ articleId: match.articleId }} className="clip grow">
                  {match.question}
                </Link>
              )}
              {match.edited ? (
                <Chip tone="accent">{t("tryit.this")}</Chip>
              ) : (
                <span className="muted num">v{match.version}</span>
              )}
              <span className="score num">{match.score.toFixed(2)}</span>
            </div>
            <div className="score-bar" aria-hidden>
              <i style={{ width: `${Math.round(Math.min(1, match.score) * 100)}%` }} />
            </div>
            {(index === 0 || match.edited) && <Why asked={asked} match={match} />}
          </li>
        ))}
      </ol>
    </>
  );
}

const TOO_CLOSE = 0.05;

function verdictOf(t: Translate, matches: readonly PreviewMatch[]): { readonly good: boolean; readonly words: string } {
  const rank = matches.findIndex((match) => match.edited);
  const [first, second] = matches;
  if (rank === -1 || first === undefined) return { good: false, words: t("tryit.absent") };
  if (rank > 0)
    return {
      good: false,
      words: t("tryit.loses", { rank: rank + 1, gap: (first.score - (matches[rank]?.score ?? 0)).toFixed(2) }),
    };
  if (second === undefined) return { good: true, words: t("tryit.winsAlone") };
  const gap = first.score - second.score;
  if (gap < TOO_CLOSE)
    return { good: false, words: t("tryit.close", { question: second.question, gap: gap.toFixed(2) }) };
  return { good: true, words: t("tryit.wins", { gap: gap.toFixed(2) }) };
}

function Why({ asked, match }: { readonly asked: string; readonly match: PreviewMatch }) {
  const t = useT();
  const why = [...match.why].sort((a, b) => b.weight - a.weight);
  return (
    <div className="why">
      <p className="why-asked">
        {highlight(asked, why).map((part, index) =>
          part.weight === 0 ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of the question have no other name.
            <span key={index}>{part.text}</span>
          ) : (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of the question have no other name.
            <mark key={index} style={{ "--weight": part.weight } as React.CSSProperties}>
              {part.text}
            </mark>
          ),
        )}
      </p>
      <div className="chips">
        {why.slice(0, 8).map((item) => (
          <Chip key={`${item.term} ${item.via}`} tone="line">
            {item.term} <span className="muted">{codeWords(t, "via", item.via)}</span>{" "}
            <span className="num">{item.weight.toFixed(2)}</span>
          </Chip>
        ))}
      </div>
    </div>
  );
}

/** Each character is as strong as the strongest word that covers it. */
function highlight(
  asked: string,
  why: readonly MatchWhy[],
): readonly { readonly text: string; readonly weight: number }[] {
  const lower = asked.toLowerCase();
  const heaviest = Math.max(...why.map((item) => item.weight), 0.0001);
  const weights = Array.from({ length: asked.length }, () => 0);
  for (const item of why) {
    const term = item.term.toLowerCase();
    for (let at = lower.indexOf(term); term !== "" && at !== -1; at = lower.indexOf(term, at + 1)) {
      for (let index = at; index < at + term.length; index += 1)
        weights[index] = Math.max(weights[index] ?? 0, item.weight / heaviest);
    }
  }
  const parts: { text: string; weight: number }[] = [];
  for (let index = 0; index < asked.length; index += 1) {
    const weight = weights[index] ?? 0;
    const last = parts.at(-1);
    if (last?.weight === weight) last.text += asked[index];
    else parts.push({ text: asked[index] ?? "", weight });
  }
  return parts;
}
