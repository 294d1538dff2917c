import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { queryClient } from "../api/query-client.ts";
import type { Correction, Message } from "../api/types.ts";
import { canServe, useMe } from "../app/me.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { toast } from "../ui/toast.tsx";

const KINDS = ["wrong", "outdated", "tone", "missing"] as const;

/** What the bot said was not right: a card for the editors, with what was asked and answered. */
export function CorrectButton({ message }: { readonly message: Message }) {
  const t = useT();
  const me = useMe();
  const [open, setOpen] = useState(false);
  const [kind, setKind] = useState<Correction["kind"]>("wrong");
  const [note, setNote] = useState("");
  const send = useMutation({
    mutationFn: () => post<Correction>("/v1/corrections", { messageId: message.id, kind, note: note.trim() }),
    onSuccess: () => {
      setOpen(false);
      toast(say("correction.sent"));
      void queryClient.invalidateQueries({ queryKey: ["corrections"] });
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  if (!canServe(me.user.role)) return null;
  return (
    <>
      <Button small look="quiet" onClick={() => setOpen(true)}>
        {t("correction.open")}
      </Button>
      {open && (
        <Dialog
          title={t("correction.open")}
          submit={t("correction.submit")}
          busy={send.isPending}
          onClose={() => setOpen(false)}
          onSubmit={() => send.mutate()}
        >
          <label className="field">
            <span className="label">{t("correction.kind")}</span>
            <select
              className="input"
              value={kind}
              onChange={(event) => setKind(KINDS.find((one) => one === event.target.value) ?? "wrong")}
            >
              {KINDS.map((one) => (
                <option key={one} value={one}>
                  {t(`correction.kind.${one}`)}
                </option>
              ))}
            </select>
          </label>
          <label className="field">
            <span className="label">{t("correction.note")}</span>
            <textarea
              className="input"
              rows={3}
              maxLength={1000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
        </Dialog>
      )}
    </>
  );
}
