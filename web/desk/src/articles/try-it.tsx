import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useId, useState } from "react";
import { get, post } from "../api/client.ts";
import { ordersQuery } from "../api/queries.ts";
import type { Article, ArticleFields, ArticlePreview, Page, Session } from "../api/types.ts";
import { useMe } from "../app/me.ts";
import { useT } from "../i18n/index.ts";
import { fullTime, shopTimeZone } from "../time.ts";
import { useSettled } from "../ui/hooks.ts";
import { Icon } from "../ui/icon.tsx";
import { Failure, Skeleton } from "../ui/pieces.tsx";
import { isUnfinished } from "./buttons-field.tsx";
import { ChannelPreviews } from "./channel-preview.tsx";
import { changesOf, EMPTY, fieldsOf, LOCALES } from "./fields.ts";
import { Result } from "./try-it-result.tsx";
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
  const [tags, setTags] = useState("");
  const [sample, setSample] = useState(false);
  const zone = shopTimeZone();
  const mayRead = useMe().user.role !== "editor";
  const audienceList = useId();
  const audiences = [...new Set(fields.answers.flatMap(({ audience: one }) => one ?? []))];
  const at = fromZonedInput(clock, zone);
  const contact = useSettled(contactId.trim(), 250);
  const audience = useSettled(tags, 250)
    .split(/[,，、]/)
    .map((tag) => tag.trim())
    .filter((tag) => tag !== "");
  const asked = useSettled(text.trim(), 250);
  const edits = useSettled(JSON.stringify(editsOf(article, fields)), 250);
  const query = useQuery({
    queryKey: ["match", "preview", asked, locale, tone, at, contact, orderId, audience, sample, edits],
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
          ...(!contact && audience.length > 0 && { audience }),
          ...(!contact && sample && { sample }),
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
        {mayRead && (
          <>
            <ContactPick
              value={contactId}
              onChange={(id) => {
                setContactId(id);
                setOrderId("");
              }}
            />
            <OrderPick contactId={contact} value={orderId} onChange={setOrderId} />
          </>
        )}
        {contact === "" && (!mayRead || audiences.length > 0) && (
          <>
            <input
              className="input"
              aria-label={t("tryit.audience")}
              placeholder={t("tryit.audience")}
              title={t("tryit.audienceHint")}
              list={audienceList}
              maxLength={200}
              value={tags}
              onChange={(event) => setTags(event.target.value)}
            />
            <datalist id={audienceList}>
              {audiences.map((one) => (
                <option key={one} value={one} />
              ))}
            </datalist>
          </>
        )}
        {contact === "" && (
          <label className="row check tryit-clock">
            <input type="checkbox" checked={sample} onChange={({ target }) => setSample(target.checked)} />
            {t("tryit.sample")}
          </label>
        )}
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

/** What the server lays over the article; a question still empty is left to the saved one, a button half typed is none yet. */
function editsOf(article: Article | undefined, fields: ArticleFields): object {
  const finished = <T extends Pick<ArticleFields, "buttons">>(part: T): T =>
    part.buttons === undefined ? part : { ...part, buttons: part.buttons.filter((button) => !isUnfinished(button)) };
  const edits = fieldsOf({ ...finished(fields), answers: fields.answers.map(finished) });
  const changes = changesOf(article === undefined ? EMPTY : fieldsOf(article), edits);
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
  const { data } = useQuery({
    queryKey: ["recent-contacts"],
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
