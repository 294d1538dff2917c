import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Contact } from "../api/types.ts";
import { canServe, useMe } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { ago } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip, channelIcon } from "../ui/pieces.tsx";
import { ReasonDialog } from "../ui/reason-dialog.tsx";
import { candidatesQuery, type Merge, mergesQuery } from "./api.ts";
import { MergeDialog } from "./merge-dialog.tsx";
import { useUnmerge } from "./use-merge.ts";
import "./identity.css";

/** Where a contact writes, how sure each is and why; who may be the same person; who was found to be. */
export function Identities({ contact }: { readonly contact: Contact }) {
  const t = useT();
  const me = useMe();
  // `""`: nobody chosen yet.
  const [merging, setMerging] = useState<string>();
  const serves = canServe(me.user.role);
  return (
    <>
      <ul className="identity-list">
        {contact.identities.map((identity) => (
          <li key={identity.id}>
            <Icon name={channelIcon(identity.channel)} label={codeWords(t, "channel", identity.channel)} />
            <span className="grow clip">
              {identity.inboxName}
              {identity.lastInboundAt && (
                <span className="muted"> · {t("context.lastSeen", { time: ago(identity.lastInboundAt) })}</span>
              )}
              {identity.provenBy && (
                <span className="muted"> · {codeWords(t, "identity.proven", identity.provenBy)}</span>
              )}
            </span>
            <Chip tone={identity.level === "verified" ? "accent" : "line"}>{t(`level.${identity.level}`)}</Chip>
          </li>
        ))}
      </ul>
      <Candidates contact={contact} onCompare={serves ? setMerging : undefined} />
      <Merges contact={contact} serves={serves} />
      {serves && (
        <Button small icon="users" onClick={() => setMerging("")}>
          {t("identity.merge")}
        </Button>
      )}
      {merging !== undefined && (
        <MergeDialog
          contact={contact}
          {...(merging === "" ? {} : { from: merging })}
          onClose={() => setMerging(undefined)}
        />
      )}
    </>
  );
}

interface CandidatesProps {
  readonly contact: Contact;
  readonly onCompare: ((id: string) => void) | undefined;
}

function Candidates({ contact, onCompare }: CandidatesProps) {
  const t = useT();
  const { data = [] } = useQuery(candidatesQuery(contact.id));
  if (data.length === 0) return null;
  return (
    <section className="identity-hints" aria-labelledby="candidates-title">
      <h4 id="candidates-title">{t("identity.candidates")}</h4>
      <ul className="identity-list">
        {data.map((one) => {
          const name = one.name ?? t("identity.unnamed");
          return (
            <li key={one.id}>
              <span className="grow clip">
                <bdi>{name}</bdi>
                <span className="muted">
                  {" · "}
                  {t(`identity.why.${one.why}`)}
                  {one.proven && ` (${t("identity.provenForThem")})`}
                </span>
              </span>
              {onCompare && (
                <Button
                  look="quiet"
                  small
                  aria-label={`${t("identity.compare")} ${name}`}
                  onClick={() => onCompare(one.id)}
                >
                  {t("identity.compare")}
                </Button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function Merges({ contact, serves }: { readonly contact: Contact; readonly serves: boolean }) {
  const t = useT();
  const { data = [] } = useQuery(mergesQuery(contact.id));
  const [undoing, setUndoing] = useState<Merge>();
  if (data.length === 0) return null;
  return (
    <section className="identity-hints" aria-labelledby="merges-title">
      <h4 id="merges-title">{t("identity.activity")}</h4>
      <ul className="identity-list">
        {data.map((merge) => {
          const name = merge.from.name ?? t("identity.unnamed");
          const time = ago(merge.at);
          return (
            <li key={merge.id}>
              <span className="grow" title={merge.reason}>
                {merge.by === undefined
                  ? t("identity.byProof", { time, name, proof: codeWords(t, "identity.proven", merge.kind) })
                  : t("identity.byPerson", { by: merge.by, time, name })}
                {merge.undoneAt && (
                  <span className="muted"> · {t("identity.undoneBy", { by: merge.undoneBy ?? "" })}</span>
                )}
              </span>
              {serves && merge.undoable && (
                <Button
                  look="quiet"
                  small
                  icon="undo"
                  aria-label={t("identity.undoOf", { name })}
                  onClick={() => setUndoing(merge)}
                />
              )}
            </li>
          );
        })}
      </ul>
      {undoing && <UndoDialog contact={contact} merge={undoing} onClose={() => setUndoing(undefined)} />}
    </section>
  );
}

interface UndoDialogProps {
  readonly contact: Contact;
  readonly merge: Merge;
  readonly onClose: () => void;
}

function UndoDialog({ contact, merge, onClose }: UndoDialogProps) {
  const t = useT();
  const { isPending, error, mutate } = useUnmerge(contact.id);
  const undo = (reason: string) => mutate({ mergeId: merge.id, reason }, { onSuccess: onClose });
  return (
    <ReasonDialog
      title={t("identity.undoTitle")}
      label={t("identity.undoWhy")}
      submit={t("identity.undo")}
      work={{ isPending, error, mutate: undo }}
      onClose={onClose}
    >
      {t("identity.undoHint")}
    </ReasonDialog>
  );
}
