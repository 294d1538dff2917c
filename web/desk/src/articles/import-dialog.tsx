import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post, upload } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { taskQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Task } from "../api/types.ts";
import { useMayTell } from "../app/me.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { Chip } from "../ui/pieces.tsx";

export function ImportDialog({ onClose }: { readonly onClose: () => void }) {
  const t = useT();
  const mayTell = useMayTell();
  const [file, setFile] = useState<File>();
  const [publish, setPublish] = useState(false);
  const [skipInvalid, setSkipInvalid] = useState(false);
  const [run, setRun] = useState<{ readonly taskId: string; readonly dry: boolean }>();
  const { data: task } = useQuery({ ...taskQuery(run?.taskId ?? ""), enabled: run !== undefined });
  const start = useMutation({
    mutationFn: async (dry: boolean) => {
      if (file === undefined) throw new Error("No file was chosen.");
      const type = typeOf(file.name);
      const { taskId } = await upload<{ taskId: string }>(
        "/v1/knowledge/import",
        { body: file, type },
        { dryRun: dry ? 1 : undefined, publish: publish ? 1 : undefined, skipInvalid: skipInvalid ? 1 : undefined },
      );
      return { taskId, dry };
    },
    onSuccess: setRun,
  });
  const undo = useMutation({
    mutationFn: (taskId: string) => post<ImportUndone>(`/v1/knowledge/imports/${taskId}/undo`),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ["articles"] }),
  });
  const running = start.isPending || (run !== undefined && !["done", "failed"].includes(task?.state ?? ""));
  const imported = task?.state === "done" && run?.dry === false;
  const close = () => {
    if (imported) void queryClient.invalidateQueries({ queryKey: ["articles"] });
    onClose();
  };
  return (
    <Dialog title={t("import.title")} onClose={close} wide>
      <div className="field">
        <label htmlFor="import-file">{t("import.file")}</label>
        <input
          id="import-file"
          className="input"
          type="file"
          accept=".csv,.xlsx,.json,.ndjson,.jsonl,text/csv,application/json,application/x-ndjson"
          onChange={(event) => {
            setFile(event.target.files?.[0]);
            setRun(undefined);
          }}
        />
      </div>
      {mayTell === false ? (
        <p className="hint">{t("review.importHint")}</p>
      ) : (
        <label className="row">
          <input type="checkbox" checked={publish} onChange={(event) => setPublish(event.target.checked)} />
          {t("import.publish")}
        </label>
      )}
      <label className="row">
        <input type="checkbox" checked={skipInvalid} onChange={(event) => setSkipInvalid(event.target.checked)} />
        {t("import.skipInvalid")}
      </label>
      <div aria-live="polite" className="import-state">
        {start.isError && <div className="notice red">{errorWords(start.error)}</div>}
        {undo.isError && <div className="notice red">{errorWords(undo.error)}</div>}
        {undo.data && <div className="notice blue">{t("import.undone", { ...undo.data })}</div>}
        {running && run && <Progress task={task} />}
        {!running && task && run && <Outcome task={task} dry={run.dry} />}
      </div>
      <div className="form-foot">
        {imported ? (
          <>
            {undo.data === undefined && (
              <Button icon="undo" busy={undo.isPending} onClick={() => undo.mutate(task.id)}>
                {t("import.undo")}
              </Button>
            )}
            <Button look="primary" onClick={close}>
              {t("common.done")}
            </Button>
          </>
        ) : (
          <>
            <Button disabled={file === undefined} busy={running} onClick={() => start.mutate(true)}>
              {t("import.dryRun")}
            </Button>
            <Button
              look="primary"
              disabled={file === undefined || (run?.dry === true && task?.state === "failed" && !skipInvalid)}
              busy={running}
              onClick={() => start.mutate(false)}
            >
              {t("import.run")}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  );
}

interface ImportUndone {
  readonly restored: number;
  readonly removed: number;
  readonly kept: number;
}

function typeOf(name: string): string {
  if (/\.(ndjson|jsonl)$/i.test(name)) return "application/x-ndjson";
  if (/\.json$/i.test(name)) return "application/json";
  return /\.xlsx$/i.test(name) ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" : "text/csv";
}

function Progress({ task }: { readonly task: Task | undefined }) {
  const t = useT();
  const { done = 0, total = 0 } = task?.progress ?? {};
  return (
    <div>
      <progress max={total || 1} value={total === 0 ? undefined : done} aria-label={t("import.title")} />
      <p className="muted num">{t("import.running", { done, total })}</p>
    </div>
  );
}

function Outcome({ task, dry }: { readonly task: Task; readonly dry: boolean }) {
  const t = useT();
  const errors = task.errors ?? [];
  const failed = task.state === "failed";
  const counts = Object.entries(task.result ?? {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === "number",
  );
  return (
    <>
      <div className={failed ? "notice red" : "notice green"}>
        <Icon name={failed ? "alert" : "check"} />
        {failed ? t("import.failed", { n: errors.length }) : t(dry ? "import.dryDone" : "import.done")}
      </div>
      <div className="chips import-counts">
        {counts.map(([name, count]) => (
          <Chip key={name} tone={name === "invalid" && count > 0 ? "red" : "line"}>
            {codeWords(t, "import.count", name)} {count}
          </Chip>
        ))}
      </div>
      {errors.length > 0 && (
        <table className="plain-table">
          <thead>
            <tr>
              <th scope="col">{t("import.line")}</th>
              <th scope="col">{t("import.column")}</th>
              <th scope="col">{t("import.problem")}</th>
            </tr>
          </thead>
          <tbody>
            {errors.slice(0, 200).map((error) => (
              <tr key={`${error.line} ${error.code} ${error.message}`}>
                <td className="num">{error.line ?? "–"}</td>
                <td>{error.column ?? "–"}</td>
                <td>{error.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
