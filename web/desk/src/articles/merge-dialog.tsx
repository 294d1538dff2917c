import { useState } from "react";
import type { ArticleFields } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Chip } from "../ui/pieces.tsx";
import { FieldDiff, valueText } from "./field-value.tsx";
import { FIELD_WORDS, type Field, fieldsOf } from "./fields.ts";
import { applyMerge, type MergeRow, mergeArticle } from "./merge.ts";
import type { Conflict } from "./use-editor.ts";

interface MergeProps {
  readonly conflict: Conflict;
  readonly mine: ArticleFields;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onSave: (merged: ArticleFields) => void;
}

/** Before, theirs, mine, side by side for every field that differs; nothing is saved until each conflict is settled. */
export function MergeDialog({ conflict, mine, busy, onClose, onSave }: MergeProps) {
  const t = useT();
  const theirs = fieldsOf(conflict.theirs);
  const rows = mergeArticle(conflict.base, theirs, mine);
  const [chosen, setChosen] = useState<Partial<Record<Field, unknown>>>({});
  const open = rows.filter((row) => !("merged" in row) && !(row.field in chosen));
  return (
    <Dialog
      title={t("merge.title")}
      wide
      onClose={onClose}
      onSubmit={() => onSave(applyMerge(theirs, rows, chosen))}
      submit={t("merge.save")}
      busy={busy}
      ready={open.length === 0}
    >
      <p className="muted">{t("merge.hint")}</p>
      {rows.map((row) => (
        <Row
          key={row.field}
          row={row}
          version={conflict.theirs.version}
          chosen={chosen}
          onChoose={(value) => setChosen((all) => ({ ...all, [row.field]: value }))}
        />
      ))}
    </Dialog>
  );
}

interface RowProps {
  readonly row: MergeRow;
  readonly version: number;
  readonly chosen: Partial<Record<Field, unknown>>;
  readonly onChoose: (value: unknown) => void;
}

function Row({ row, version, chosen, onChoose }: RowProps) {
  const t = useT();
  const auto = "merged" in row;
  const settled = auto || row.field in chosen;
  const result = row.field in chosen ? chosen[row.field] : row.merged;
  const isText = row.field === "answer" || row.field === "question";
  return (
    <section className={settled ? "merge-row" : "merge-row open"}>
      <header className="row">
        <strong className="grow">{t(FIELD_WORDS[row.field])}</strong>
        <Chip tone={settled ? "green" : "red"}>
          {t(auto ? "merge.auto" : settled ? "merge.result" : "merge.conflict")}
        </Chip>
      </header>
      <dl>
        <dt>{t("merge.base")}</dt>
        <dd>{valueText(row.field, row.base) || <span className="muted">{t("merge.empty")}</span>}</dd>
        <dt>{t("merge.theirs", { n: version })}</dt>
        <dd>
          <FieldDiff field={row.field} before={row.base} after={row.theirs} />
        </dd>
        <dt>{t("merge.mine")}</dt>
        <dd>
          <FieldDiff field={row.field} before={row.base} after={row.mine} />
        </dd>
        {settled && (
          <>
            <dt>{t("merge.result")}</dt>
            <dd>
              {isText ? (
                <textarea
                  className="input"
                  rows={2}
                  aria-label={`${t("merge.result")}: ${t(FIELD_WORDS[row.field])}`}
                  value={String(result ?? "")}
                  onChange={(event) => onChoose(event.target.value)}
                />
              ) : (
                valueText(row.field, result) || <span className="muted">{t("merge.empty")}</span>
              )}
            </dd>
          </>
        )}
      </dl>
      {!auto && (
        <div className="row">
          {(["mine", "theirs"] as const).map((side) => (
            <button
              key={side}
              type="button"
              className="btn small"
              aria-pressed={row.field in chosen && chosen[row.field] === row[side]}
              onClick={() => onChoose(row[side])}
            >
              {t(side === "mine" ? "merge.useMine" : "merge.useTheirs")}
            </button>
          ))}
        </div>
      )}
    </section>
  );
}
