import { useQuery } from "@tanstack/react-query";
import { shopQuery } from "../api/queries.ts";
import type { ArticleFields } from "../api/types.ts";
import { codeWords, useT } from "../i18n/index.ts";

interface NextStepFieldsProps {
  readonly fields: ArticleFields;
  readonly edit: (part: Partial<ArticleFields>) => void;
}

/** The order's card before the words, and who takes over after them. */
export function NextStepFields({ fields, edit }: NextStepFieldsProps) {
  const t = useT();
  const { data: shop } = useQuery(shopQuery);
  const known = shop?.groups ?? [];
  const { handoffGroup } = fields;
  const groups = handoffGroup === undefined || known.includes(handoffGroup) ? known : [...known, handoffGroup];
  return (
    <>
      <label className="row check">
        <input
          type="checkbox"
          checked={fields.orderCard === true}
          onChange={({ target }) => edit({ orderCard: target.checked ? true : undefined })}
        />
        <span>
          {t("article.orderCard")}
          <span className="hint"> {t("article.orderCardHint")}</span>
        </span>
      </label>
      <label className="field">
        <span className="label">{t("article.handoffGroup")}</span>
        <select
          className="input"
          value={handoffGroup ?? ""}
          onChange={({ target }) => edit({ handoffGroup: target.value || undefined })}
        >
          <option value="">{t("article.noHandoff")}</option>
          {groups.map((group) => (
            <option key={group} value={group}>
              {codeWords(t, "group", group)}
            </option>
          ))}
        </select>
        <span className="hint">{t("article.handoffGroupHint")}</span>
      </label>
    </>
  );
}
