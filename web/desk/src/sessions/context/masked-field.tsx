import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post, serverNow } from "../../api/client.ts";
import { errorWords } from "../../api/errors.ts";
import type { Contact } from "../../api/types.ts";
import { canServe, useMe } from "../../app/me.ts";
import { useT } from "../../i18n/index.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";
import { useNow } from "../../ui/hooks.ts";
import { Icon } from "../../ui/icon.tsx";

interface Revealed {
  readonly value: string;
  readonly until: number;
}

/** `138****6721`, and the whole of it for 30 seconds against a reason. */
export function MaskedField({ contact, field }: { readonly contact: Contact; readonly field: "phone" | "email" }) {
  const t = useT();
  const me = useMe();
  const [asking, setAsking] = useState(false);
  const [revealed, setRevealed] = useState<Revealed>();
  const now = useNow();
  const left = revealed ? Math.ceil((revealed.until - now) / 1000) : 0;
  const masked = contact.masked?.includes(field) ?? false;
  const name = t(`context.${field}`);
  return (
    <div>
      <dt>{name}</dt>
      <dd className="masked num">
        <span className="clip">{left > 0 ? revealed?.value : contact[field]}</span>
        {left > 0 ? (
          <span className="muted">{t("context.seconds", { n: left })}</span>
        ) : (
          masked &&
          canServe(me.user.role) && (
            <Button
              look="quiet"
              small
              icon="eye"
              aria-label={t("context.reveal", { field: name })}
              onClick={() => setAsking(true)}
            />
          )
        )}
      </dd>
      {asking && (
        <RevealDialog
          contactId={contact.id}
          field={field}
          name={name}
          onClose={() => setAsking(false)}
          onReveal={(value) => {
            setRevealed(value);
            setAsking(false);
          }}
        />
      )}
    </div>
  );
}

interface RevealProps {
  readonly contactId: string;
  readonly field: string;
  readonly name: string;
  readonly onClose: () => void;
  readonly onReveal: (revealed: Revealed) => void;
}

const SHOWN_MS = 30_000;

function RevealDialog({ contactId, field, name, onClose, onReveal }: RevealProps) {
  const t = useT();
  const [reason, setReason] = useState("");
  const reveal = useMutation({
    mutationFn: () =>
      post<{ value: string; until?: string }>(`/v1/contacts/${contactId}/reveal`, { field, reason: reason.trim() }),
    onSuccess: ({ value, until }) => {
      const end = Date.parse(until ?? "");
      const latest = serverNow() + SHOWN_MS;
      onReveal({ value, until: Number.isNaN(end) ? latest : Math.min(end, latest) });
    },
  });
  return (
    <Dialog
      title={t("context.revealTitle", { field: name })}
      onClose={onClose}
      onSubmit={() => reveal.mutate()}
      submit={t("context.revealSubmit")}
      busy={reveal.isPending}
      ready={reason.trim().length > 1}
    >
      <div className="field">
        <label htmlFor="reveal-reason">{t("context.revealReason")}</label>
        <input
          id="reveal-reason"
          className="input"
          required
          maxLength={200}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="hint">{t("context.revealHint")}</span>
      </div>
      {reveal.isError && (
        <div className="notice red" role="alert">
          <Icon name="alert" />
          {errorWords(reveal.error)}
        </div>
      )}
    </Dialog>
  );
}
