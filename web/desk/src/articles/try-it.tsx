import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { post } from "../api/client.ts";
import { channelsQuery } from "../api/queries.ts";
import type { Match, MatchAnswer, MatchWhy } from "../api/types.ts";
import { codeWords, type Translate, useT } from "../i18n/index.ts";
import { fullTime, shopTimeZone } from "../time.ts";
import { useSettled } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Chip, Failure, Skeleton } from "../ui/pieces.tsx";
import { LOCALES } from "./fields.ts";
import { fromZonedInput } from "./zoned-time.ts";

interface TryItProps {
  /** The article being edited; absent for one not saved yet. */
  readonly articleId: string | undefined;
  /** Its edits do not answer yet. */
  readonly pending: boolean;
}

/** Ask as a shopper; the real matcher answers, with its reasons. */
export function TryIt({ articleId, pending }: TryItProps) {
  const t = useT();
  const { data: channels = [] } = useQuery(channelsQuery);
  const [text, setText] = useState("");
  const [channel, setChannel] = useState("");
  const [locale, setLocale] = useState("");
  const [clock, setClock] = useState("");
  const [contactId, setContactId] = useState("");
  const zone = shopTimeZone();
  const at = fromZonedInput(clock, zone);
  const contact = useSettled(contactId.trim(), 250);
  const asked = useSettled(text.trim(), 250);
  const query = useQuery({
    queryKey: ["match", asked, channel, locale, at, contact, articleId],
    enabled: asked !== "",
    // A publish elsewhere changes the answer: never from an old cache.
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      post<MatchAnswer>(
        "/v1/knowledge/match",
        {
          text: asked,
          limit: 5,
          ...(channel && { channel }),
          ...(locale && { locale }),
          ...(at && { at }),
          ...(contact && { contactId: contact }),
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
      <div className="row">
        <select
          className="input pick"
          aria-label={t("tryit.channel")}
          value={channel}
          onChange={(event) => setChannel(event.target.value)}
        >
          <option value="">{t("article.anyChannel")}</option>
          {channels.map((item) => (
            <option key={item.channel} value={item.channel}>
              {codeWords(t, "channel", item.channel)}
            </option>
          ))}
        </select>
        <select
          className="input pick"
          aria-label={t("tryit.locale")}
          value={locale}
          onChange={(event) => setLocale(event.target.value)}
        >
          <option value="">{t("article.anyLocale")}</option>
          {LOCALES.map((item) => (
            <option key={item} value={item}>
              {item}
            </option>
          ))}
        </select>
      </div>
      <div className="row">
        <input
          className="input pick"
          type="datetime-local"
          step={1}
          aria-label={t("tryit.clock")}
          title={t("tryit.clock")}
          value={clock}
          onChange={(event) => setClock(event.target.value)}
        />
        <input
          className="input pick"
          aria-label={t("tryit.contact")}
          placeholder={t("tryit.contact")}
          maxLength={200}
          value={contactId}
          onChange={(event) => setContactId(event.target.value)}
        />
      </div>
      {at !== undefined && (
        <div className="notice blue">
          <Icon name="clock" />
          {t("tryit.asOf", { time: fullTime(at) })}
        </div>
      )}
      {pending && articleId !== undefined && (
        <div className="notice amber">
          <Icon name="alert" />
          {t("tryit.pending")}
        </div>
      )}
      <div aria-live="polite" className="tryit-result">
        {asked === "" && <p className="hint">{t("tryit.hint")}</p>}
        {asked !== "" && query.isPending && <Skeleton lines={3} />}
        {query.isError && <Failure error={query.error} onRetry={() => void query.refetch()} />}
        {answer && <Result asked={asked} answer={answer} articleId={articleId} />}
      </div>
    </section>
  );
}

function Result({
  asked,
  answer,
  articleId,
}: {
  readonly asked: string;
  readonly answer: MatchAnswer;
  readonly articleId: string | undefined;
}) {
  const t = useT();
  const tone = answer.decision === "answer" ? "green" : answer.decision === "suggest" ? "amber" : "red";
  const verdict = articleId === undefined ? undefined : verdictOf(t, answer.matches, articleId);
  return (
    <>
      <div className="row">
        <Chip tone={tone}>{t(`tryit.decision.${answer.decision}`)}</Chip>
        {verdict && <strong className={`verdict ${verdict.good ? "good" : "bad"}`}>{verdict.words}</strong>}
      </div>
      {answer.matches.length === 0 && <p className="muted">{t("tryit.empty")}</p>}
      <ol className="matches">
        {answer.matches.map((match, index) => (
          <li key={match.articleId} className={match.articleId === articleId ? "match this" : "match"}>
            <div className="row">
              <span className="muted num">{index + 1}</span>
              <Link to="/articles/$articleId" params={{ articleId: match.articleId }} className="clip grow">
                {match.question}
              </Link>
              {match.articleId === articleId && <Chip tone="accent">{t("tryit.this")}</Chip>}
              {match.version !== undefined && <span className="muted num">v{match.version}</span>}
              <span className="score num">{match.score.toFixed(2)}</span>
            </div>
            <div className="score-bar" aria-hidden>
              <i style={{ width: `${Math.round(Math.min(1, match.score) * 100)}%` }} />
            </div>
            {(index === 0 || match.articleId === articleId) && <Why asked={asked} match={match} />}
          </li>
        ))}
      </ol>
    </>
  );
}

const TOO_CLOSE = 0.05;

function verdictOf(
  t: Translate,
  matches: readonly Match[],
  articleId: string,
): { readonly good: boolean; readonly words: string } {
  const rank = matches.findIndex((match) => match.articleId === articleId);
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

function Why({ asked, match }: { readonly asked: string; readonly match: Match }) {
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
      <p className="why-answer">{match.answer}</p>
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
