import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { del, get, post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { taskQuery } from "../api/queries.ts";
import type { Contact } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { longDate } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Notice, ReasonDialog } from "../ui/reason-dialog.tsx";
import { toast } from "../ui/toast.tsx";
import { refreshPeople } from "./refresh.ts";

/** What the person may ask of the shop: their data, and its end; and the hold that keeps it. */
export function Privacy({ contact }: { readonly contact: Contact }) {
  const t = useT();
  const client = useQueryClient();
  const [asking, setAsking] = useState<"erase" | "hold">();
  const [exporting, setExporting] = useState<string>();
  const path = `/v1/contacts/${contact.id}`;
  const begin = useMutation({
    mutationFn: () => post<{ readonly taskId: string }>(`${path}/export`),
    onSuccess: ({ taskId }) => setExporting(taskId),
    onError: (error) => toast(errorWords(error), "bad"),
  });
  const release = useMutation({
    mutationFn: () => del(`${path}/hold`),
    onSuccess: () => refreshPeople(client),
    onError: (error) => toast(errorWords(error), "bad"),
  });
  if (contact.erasedAt !== undefined)
    return <p className="muted">{t("privacy.erased", { time: longDate(contact.erasedAt) })}</p>;
  return (
    <>
      {contact.legalHold !== undefined && (
        <p className="notice">
          <span className="grow">{t("privacy.held", { reason: contact.legalHold })}</span>
          <Button small onClick={() => release.mutate()} busy={release.isPending}>
            {t("privacy.release")}
          </Button>
        </p>
      )}
      <div className="privacy-actions">
        <Button small busy={begin.isPending || exporting !== undefined} onClick={() => begin.mutate()}>
          {t("privacy.export")}
        </Button>
        {contact.legalHold === undefined && (
          <>
            <Button small onClick={() => setAsking("hold")}>
              {t("privacy.hold")}
            </Button>
            <Button small look="danger" onClick={() => setAsking("erase")}>
              {t("privacy.erase")}
            </Button>
          </>
        )}
      </div>
      {exporting !== undefined && (
        <Export path={path} name={`${contact.id}.json`} taskId={exporting} onDone={() => setExporting(undefined)} />
      )}
      {asking === "erase" && <EraseDialog contact={contact} onClose={() => setAsking(undefined)} />}
      {asking === "hold" && <HoldDialog contact={contact} onClose={() => setAsking(undefined)} />}
    </>
  );
}

interface ExportProps {
  readonly path: string;
  readonly name: string;
  readonly taskId: string;
  readonly onDone: () => void;
}

/** Waits for the file and saves it: it can be fetched once. */
function Export({ path, name, taskId, onDone }: ExportProps) {
  const t = useT();
  const { data: task, error } = useQuery(taskQuery(taskId));
  const fileId = task?.state === "done" ? String(task.result?.fileId) : undefined;
  const failed = error !== null || task?.state === "failed";
  useEffect(() => {
    if (fileId === undefined && !failed) return;
    if (fileId === undefined) toast(t("privacy.exportFailed"), "bad");
    else {
      get<unknown>(`${path}/exports/${fileId}`)
        .then((data) => {
          save(name, data);
          toast(t("privacy.exported"));
        })
        .catch((cause: unknown) => toast(errorWords(cause), "bad"));
    }
    onDone();
  }, [fileId, failed, path, name, onDone, t]);
  return (
    <p className="muted" role="status">
      {t("privacy.exporting")}
    </p>
  );
}

function save(name: string, data: unknown): void {
  const url = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

interface DialogProps {
  readonly contact: Contact;
  readonly onClose: () => void;
}

/** It cannot be undone, so the number is typed. */
function EraseDialog({ contact, onClose }: DialogProps) {
  const t = useT();
  const client = useQueryClient();
  const [typed, setTyped] = useState("");
  const word = contact.id.slice(-6);
  const erase = useMutation({
    mutationFn: () => post(`/v1/contacts/${contact.id}/erase`),
    onSuccess: () => {
      toast(t("privacy.erasing"));
      // It is done within moments; whoever looks sees it.
      setTimeout(() => refreshPeople(client), 1500);
      onClose();
    },
  });
  return (
    <Dialog
      title={t("privacy.eraseTitle")}
      onClose={onClose}
      onSubmit={() => erase.mutate()}
      submit={t("privacy.erase")}
      busy={erase.isPending}
      ready={typed.trim() === word}
    >
      <p>{t("privacy.eraseHint")}</p>
      <div className="field">
        <label htmlFor="erase-word">{t("privacy.eraseType", { word })}</label>
        <input
          id="erase-word"
          className="input"
          autoComplete="off"
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {erase.isError && <Notice text={errorWords(erase.error)} />}
    </Dialog>
  );
}

function HoldDialog({ contact, onClose }: DialogProps) {
  const t = useT();
  const client = useQueryClient();
  const hold = useMutation({
    mutationFn: (reason: string) => post(`/v1/contacts/${contact.id}/hold`, { reason }),
    onSuccess: () => {
      refreshPeople(client);
      onClose();
    },
  });
  return (
    <ReasonDialog
      title={t("privacy.hold")}
      label={t("privacy.holdReason")}
      submit={t("privacy.hold")}
      work={hold}
      onClose={onClose}
    >
      {t("privacy.holdHint")}
    </ReasonDialog>
  );
}
