import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { errorWords } from "../api/errors.ts";
import { contactQuery } from "../api/queries.ts";
import type { Contact } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { longDate } from "../time.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Chip, Skeleton } from "../ui/pieces.tsx";
import { Notice } from "../ui/reason-dialog.tsx";
import { type ContactBrief, contactSearchQuery } from "./api.ts";
import { useMerge } from "./use-merge.ts";

interface MergeDialogProps {
  readonly contact: Contact;
  /** Already chosen: a hint that was followed. */
  readonly from?: string;
  readonly onClose: () => void;
}

/** Find the other, look at both, say why. */
export function MergeDialog({ contact, from, onClose }: MergeDialogProps) {
  const t = useT();
  const [q, setQ] = useState("");
  const [chosen, setChosen] = useState(from);
  const [reason, setReason] = useState("");
  const other = useQuery({ ...contactQuery(chosen ?? ""), enabled: chosen !== undefined });
  const merge = useMerge(contact.id);
  const bothMembers = contact.memberId !== undefined && other.data?.memberId !== undefined;
  const submit = () => {
    if (other.data === undefined) return;
    const name = other.data.name ?? t("identity.unnamed");
    merge.mutate({ from: other.data.id, name, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog
      wide
      title={t("identity.mergeTitle")}
      onClose={onClose}
      onSubmit={submit}
      submit={t("identity.mergeSubmit")}
      busy={merge.isPending}
      ready={other.data !== undefined && !bothMembers && reason.trim() !== ""}
    >
      <p className="muted">{t("identity.mergeHint")}</p>
      <div className="field">
        <label htmlFor="merge-search">{t("identity.search")}</label>
        <input
          id="merge-search"
          className="input"
          type="search"
          autoComplete="off"
          maxLength={200}
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
      </div>
      <Results q={useDeferredValue(q.trim())} not={contact.id} chosen={chosen} onChoose={setChosen} />
      {chosen !== undefined && (
        <div className="merge-pair">
          <Side title={t("identity.into")} contact={contact} />
          {other.data === undefined ? <Skeleton lines={4} /> : <Side title={t("identity.from")} contact={other.data} />}
        </div>
      )}
      {bothMembers && <Notice text={t("identity.bothMembers")} />}
      <div className="field">
        <label htmlFor="merge-reason">{t("identity.reason")}</label>
        <input
          id="merge-reason"
          className="input"
          required
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="hint">{t("identity.reasonHint")}</span>
      </div>
      {merge.isError && <Notice text={errorWords(merge.error)} />}
    </Dialog>
  );
}

interface ResultsProps {
  readonly q: string;
  readonly not: string;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

function Results({ q, not, chosen, onChoose }: ResultsProps) {
  const t = useT();
  const { data } = useQuery(contactSearchQuery(q));
  if (q === "") return null;
  const found = data?.filter(({ id }) => id !== not) ?? [];
  if (data !== undefined && found.length === 0) return <p className="muted">{t("identity.noResults")}</p>;
  return (
    <fieldset className="merge-results">
      <legend>{t("identity.results")}</legend>
      {found.map((one) => (
        <label key={one.id}>
          <input
            type="radio"
            name="merge-from"
            value={one.id}
            checked={chosen === one.id}
            onChange={() => onChoose(one.id)}
          />
          <Brief contact={one} />
        </label>
      ))}
    </fieldset>
  );
}

function Brief({ contact }: { readonly contact: ContactBrief }) {
  const t = useT();
  return (
    <>
      <bdi className="grow clip">{contact.name ?? t("identity.unnamed")}</bdi>
      <span className="muted num">{[contact.memberId, contact.phone].filter(Boolean).join(" · ")}</span>
      <Chip tone={contact.level === "verified" ? "accent" : "line"}>{t(`level.${contact.level}`)}</Chip>
    </>
  );
}

function Side({ title, contact }: { readonly title: string; readonly contact: Contact }) {
  const t = useT();
  const channels = [...new Set(contact.identities.map(({ channel }) => codeWords(t, "channel", channel)))].join(" · ");
  const facts: readonly (readonly [string, string | undefined])[] = [
    [t("context.member"), contact.memberId],
    [t("context.phone"), contact.phone],
    [t("context.email"), contact.email],
    [t("identity.channels"), channels],
    [t("identity.ticketCount"), String(contact.tickets.length)],
    [t("identity.created"), longDate(contact.createdAt)],
  ];
  return (
    <section aria-label={title}>
      <h3>
        {title} <bdi>{contact.name ?? t("identity.unnamed")}</bdi>
      </h3>
      <dl className="facts">
        {facts.map(
          ([name, value]) =>
            value && (
              <div key={name}>
                <dt>{name}</dt>
                <dd className="num clip">{value}</dd>
              </div>
            ),
        )}
      </dl>
    </section>
  );
}
