import { useMutation, useQuery } from "@tanstack/react-query";
import { type ReactNode, useId, useState } from "react";
import { patch } from "../api/client.ts";
import { errorWords, isCode } from "../api/errors.ts";
import { type ShopSettingsJson, TONES, type ToneProfile } from "../api/flow-types.ts";
import { inboxesQuery, shopQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import { canManage, useMe } from "../app/me.ts";
import { t as say, type Translate, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Failure, Skeleton } from "../ui/pieces.tsx";
import { toast } from "../ui/toast.tsx";
import { CalendarFields } from "./calendar-fields.tsx";

const LOCALES = ["zh-CN", "zh-TW", "en", "ja"] as const;

/** What the shop decides for itself; who may not change it sees it. */
export function ShopSettings() {
  const t = useT();
  // Not fetched again behind the back of whoever is typing.
  const query = useQuery({ ...shopQuery, staleTime: Number.POSITIVE_INFINITY });
  return (
    <section className="panel panel-pad" aria-labelledby="shop-settings">
      <h2 id="shop-settings">{t("shop.title")}</h2>
      {query.isError ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data === undefined ? (
        <Skeleton lines={6} />
      ) : (
        // Somebody else's change, loaded after a conflict, begins the form anew.
        <Form key={query.data.version} shop={query.data} />
      )}
    </section>
  );
}

type Draft = Omit<ShopSettingsJson, "id" | "version" | "groups"> & { readonly groups: string };

function Form({ shop: loaded }: { readonly shop: ShopSettingsJson }) {
  const t = useT();
  const [shop, setShop] = useState(loaded);
  const me = useMe();
  const locked = !canManage(me.user.role);
  const [draft, setDraft] = useState<Draft>({ ...shop, groups: shop.groups.join("\n") });
  const set = <K extends keyof Draft>(key: K, value: Draft[K]) => setDraft((before) => ({ ...before, [key]: value }));
  const save = useMutation({
    mutationFn: () =>
      patch<ShopSettingsJson>("/v1/shop", toBody(draft), { headers: { "if-match": `"${shop.version}"` } }),
    onSuccess: (saved) => {
      setShop(saved);
      void queryClient.invalidateQueries({ queryKey: shopQuery.queryKey, refetchType: "none" });
      toast(say("shop.saved"));
    },
    onError: (error) => {
      if (!isCode(error, "shop.version_changed")) return;
      toast(say("shop.changed"));
      void queryClient.invalidateQueries({ queryKey: shopQuery.queryKey });
    },
  });
  const scores = draft.thresholds;
  const setScore = (key: "answer" | "suggest", text: string) =>
    set(
      "thresholds",
      text === "" ? null : { answer: scores?.answer ?? 1, suggest: scores?.suggest ?? 0, [key]: Number(text) },
    );
  const number = (
    key: "missesToHandoff" | "handleMinutes" | "idleHours" | "promiseMinutes",
    min: number,
    max: number,
  ) => ({
    type: "number",
    min,
    max,
    value: draft[key],
    onChange: (event: { readonly target: HTMLInputElement }) => set(key, Number(event.target.value)),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {locked && (
        <p className="notice blue">
          <Icon name="alert" />
          {t("shop.readOnly")}
        </p>
      )}
      <fieldset className="shop-fields" disabled={locked}>
        <legend className="sr">{t("shop.title")}</legend>
        <Labelled title={t("shop.name")}>
          {(id) => (
            <input
              id={id}
              className="input"
              required
              maxLength={100}
              value={draft.name}
              onChange={(event) => set("name", event.target.value)}
            />
          )}
        </Labelled>
        <Labelled title={t("shop.hours")}>
          {(id) => (
            <input
              id={id}
              className="input"
              maxLength={200}
              value={draft.hours}
              onChange={(event) => set("hours", event.target.value)}
            />
          )}
        </Labelled>
        <Labelled title={t("shop.locale")}>
          {(id) => (
            <select
              id={id}
              className="input"
              value={draft.locale}
              onChange={(event) => set("locale", event.target.value)}
            >
              {LOCALES.map((locale) => (
                <option key={locale}>{locale}</option>
              ))}
            </select>
          )}
        </Labelled>
        <Labelled title={t("shop.timeZone")}>
          {(id) => (
            <input
              id={id}
              className="input"
              required
              maxLength={60}
              value={draft.timeZone}
              onChange={(event) => set("timeZone", event.target.value)}
            />
          )}
        </Labelled>
        <Labelled title={t("shop.answerFrom")}>
          {(id) => (
            <input
              id={id}
              className="input"
              type="number"
              min={0}
              max={1}
              step={0.01}
              value={scores?.answer ?? ""}
              onChange={(event) => setScore("answer", event.target.value)}
            />
          )}
        </Labelled>
        <Labelled title={t("shop.suggestFrom")}>
          {(id) => (
            <input
              id={id}
              className="input"
              type="number"
              min={0}
              max={1}
              step={0.01}
              value={scores?.suggest ?? ""}
              onChange={(event) => setScore("suggest", event.target.value)}
            />
          )}
        </Labelled>
        <Labelled title={t("shop.misses")}>
          {(id) => <input id={id} className="input" required {...number("missesToHandoff", 1, 10)} />}
        </Labelled>
        <Labelled title={t("shop.handleMinutes")}>
          {(id) => <input id={id} className="input" required step={0.1} {...number("handleMinutes", 0.1, 240)} />}
        </Labelled>
        <Labelled title={t("shop.idleHours")}>
          {(id) => <input id={id} className="input" required {...number("idleHours", 1, 720)} />}
        </Labelled>
        <Labelled title={t("shop.stale")}>
          {(id) => (
            <select
              id={id}
              className="input"
              value={draft.staleTranslations}
              onChange={(event) => set("staleTranslations", event.target.value === "fallback" ? "fallback" : "answer")}
            >
              <option value="answer">{t("shop.stale.answer")}</option>
              <option value="fallback">{t("shop.stale.fallback")}</option>
            </select>
          )}
        </Labelled>
        <Labelled title={t("shop.groups")}>
          {(id) => (
            <textarea
              id={id}
              className="input"
              rows={4}
              value={draft.groups}
              onChange={(event) => set("groups", event.target.value)}
            />
          )}
        </Labelled>
        <label className="row">
          <input
            type="checkbox"
            checked={draft.vipToPerson}
            onChange={(event) => set("vipToPerson", event.target.checked)}
          />
          {t("shop.vip")}
        </label>
        <ToneFields t={t} tone={draft.tone} onChange={(tone) => set("tone", tone)} />
        <Labelled title={t("shop.promiseMinutes")}>
          {(id) => <input id={id} className="input" required {...number("promiseMinutes", 1, 10_000)} />}
        </Labelled>
        <label className="row">
          <input
            type="checkbox"
            checked={draft.returnLeftChats}
            onChange={(event) => set("returnLeftChats", event.target.checked)}
          />
          {t("shop.returnLeft")}
        </label>
        <CalendarFields
          // A server of the version before does not know it.
          calendar={draft.calendar ?? null}
          timeZone={draft.timeZone}
          onChange={(calendar) => set("calendar", calendar)}
        />
      </fieldset>
      {save.isError && !isCode(save.error, "shop.version_changed") && (
        <div className="notice red" role="alert">
          <Icon name="alert" />
          {errorWords(save.error)}
        </div>
      )}
      {!locked && (
        <Button type="submit" look="primary" busy={save.isPending}>
          {t("shop.save")}
        </Button>
      )}
    </form>
  );
}

const PREVIEW: Readonly<Record<ToneProfile, readonly [string, string]>> = {
  warm: ["亲，", "Hi, "],
  polite: ["您好，", "Dear customer, "],
  neutral: ["", ""],
};

function ToneFields(props: {
  readonly t: Translate;
  readonly tone: ShopSettingsJson["tone"];
  readonly onChange: (tone: ShopSettingsJson["tone"]) => void;
}) {
  const { t, tone, onChange } = props;
  const { data: inboxes = [] } = useQuery(inboxesQuery);
  const own = tone.address["zh-CN"]?.greeting ?? PREVIEW[tone.profile][0];
  const setInbox = (id: string, profile: string) => {
    const { [id]: _before, ...others } = tone.inboxes;
    onChange({ ...tone, inboxes: profile === "" ? others : { ...others, [id]: profile as ToneProfile } });
  };
  return (
    <>
      <Labelled title={t("shop.tone")} hint={`“${own}这个问题我还没学会。”`}>
        {(id) => (
          <select
            id={id}
            className="input"
            value={tone.profile}
            onChange={(event) => onChange({ ...tone, profile: event.target.value as ToneProfile })}
          >
            {TONES.map((profile) => (
              <option key={profile} value={profile}>
                {t(`tone.${profile}`)}
              </option>
            ))}
          </select>
        )}
      </Labelled>
      {inboxes.map((inbox) => (
        <Labelled key={inbox.id} title={t("shop.toneOf", { name: inbox.name })}>
          {(id) => (
            <select
              id={id}
              className="input"
              value={tone.inboxes[inbox.id] ?? ""}
              onChange={(event) => setInbox(inbox.id, event.target.value)}
            >
              <option value="">{t("shop.inherit")}</option>
              {TONES.map((profile) => (
                <option key={profile} value={profile}>
                  {t(`tone.${profile}`)}
                </option>
              ))}
            </select>
          )}
        </Labelled>
      ))}
    </>
  );
}

function Labelled(props: {
  readonly title: string;
  readonly hint?: string;
  readonly children: (id: string) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{props.title}</label>
      {props.children(id)}
      {props.hint && <span className="hint">{props.hint}</span>}
    </div>
  );
}

function toBody({ groups, ...draft }: Draft) {
  const { name, locale, timeZone, thresholds, vipToPerson, missesToHandoff, hours, handleMinutes, idleHours } = draft;
  return {
    name: name.trim(),
    locale,
    timeZone: timeZone.trim(),
    thresholds,
    vipToPerson,
    missesToHandoff,
    hours,
    calendar: draft.calendar,
    promiseMinutes: draft.promiseMinutes,
    returnLeftChats: draft.returnLeftChats,
    handleMinutes,
    idleHours,
    tone: draft.tone,
    staleTranslations: draft.staleTranslations,
    groups: groups
      .split("\n")
      .map((group) => group.trim())
      .filter((group) => group !== ""),
  };
}
