import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import { categoriesQuery } from "../api/queries.ts";
import { queryClient } from "../api/query-client.ts";
import type { Article } from "../api/types.ts";
import { useMayTell } from "../app/me.ts";
import { t as say, useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { Icon } from "../ui/icon.tsx";
import { toast } from "../ui/toast.tsx";
import { PersonSelect } from "./person-select.tsx";

const ACTIONS = ["move", "publish", "expire", "assign"] as const;
type Action = (typeof ACTIONS)[number];
/** What changes what shoppers are told. */
const TELLS: ReadonlySet<Action> = new Set(["publish", "expire"]);

interface Outcome {
  readonly id: string;
  readonly ok: boolean;
  readonly detail?: string;
}

interface BulkBarProps {
  readonly articles: readonly Article[];
  readonly onClear: () => void;
}

/** The same change to all that are selected; those that could not be changed stay selected in a list that says why. */
export function BulkBar({ articles, onClear }: BulkBarProps) {
  const t = useT();
  const mayTell = useMayTell();
  const [open, setOpen] = useState<Action>();
  const [failed, setFailed] = useState<readonly Outcome[]>([]);
  const run = useMutation({
    mutationFn: (body: object) =>
      post<{ items: readonly Outcome[] }>("/v1/articles/bulk", { ids: articles.map(({ id }) => id), ...body }),
    onSuccess: ({ items }) => {
      const bad = items.filter(({ ok }) => !ok);
      setOpen(undefined);
      setFailed(bad);
      toast(say("articles.bulk.done", { n: items.length - bad.length }), bad.length > 0 ? "bad" : undefined);
      void queryClient.invalidateQueries({ queryKey: ["articles"] });
      if (bad.length === 0) onClear();
    },
    onError: (error) => toast(errorWords(error), "bad"),
  });
  const nameOf = (id: string) => articles.find((article) => article.id === id)?.question ?? id;
  return (
    <section className="bulk-bar panel" aria-label={t("articles.selected", { n: articles.length })}>
      <div className="row">
        <strong className="grow num">{t("articles.selected", { n: articles.length })}</strong>
        {ACTIONS.filter((action) => mayTell !== false || !TELLS.has(action)).map((action) => (
          <Button key={action} small onClick={() => setOpen(action)}>
            {t(`articles.bulk.${action}`)}
          </Button>
        ))}
        <Button small look="quiet" icon="x" onClick={onClear}>
          {t("articles.clearSelection")}
        </Button>
      </div>
      {failed.length > 0 && (
        <div role="alert">
          <p className="bad-text">{t("articles.bulk.failed", { n: failed.length })}</p>
          <ul className="findings">
            {failed.map(({ id, detail }) => (
              <li key={id}>
                <Icon name="x" />
                <strong>{nameOf(id)}</strong>
                <span>{detail}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {open && (
        <BulkDialog
          action={open}
          count={articles.length}
          busy={run.isPending}
          onClose={() => setOpen(undefined)}
          onRun={(body) => run.mutate(body)}
        />
      )}
    </section>
  );
}

interface BulkDialogProps {
  readonly action: Action;
  readonly count: number;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onRun: (body: object) => void;
}

function BulkDialog({ action, count, busy, onClose, onRun }: BulkDialogProps) {
  const t = useT();
  const [text, setText] = useState("");
  const value = text.trim();
  const { data: known = [] } = useQuery({ ...categoriesQuery, enabled: action === "move" });
  const body =
    action === "move"
      ? { action, category: value === "" ? null : value }
      : action === "publish"
        ? { action, ...(value !== "" && { reason: value }) }
        : action === "assign"
          ? { action, ownerId: value === "" ? null : value }
          : { action };
  return (
    <Dialog
      title={t(`articles.bulk.${action}`)}
      busy={busy}
      ready={action !== "move" || value.split("/").length <= 4}
      onClose={onClose}
      onSubmit={() => onRun(body)}
      submit={t(`articles.bulk.${action}`)}
    >
      {action === "expire" && <p>{t("articles.bulk.expireConfirm", { n: count })}</p>}
      {(action === "move" || action === "publish") && (
        <label className="field">
          <span className="label">{t(action === "move" ? "articles.category" : "article.reason")}</span>
          <input
            className="input"
            list={action === "move" ? "bulk-categories" : undefined}
            maxLength={action === "move" ? 100 : 500}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <span className="hint">{t(action === "move" ? "article.categoryHint" : "articles.bulk.reason")}</span>
        </label>
      )}
      <datalist id="bulk-categories">
        {known.map(({ category }) => (
          <option key={category} value={category} />
        ))}
      </datalist>
      {action === "assign" && (
        <PersonSelect label={t("article.owner")} none={t("article.noOwner")} value={text} onChange={setText} />
      )}
    </Dialog>
  );
}
