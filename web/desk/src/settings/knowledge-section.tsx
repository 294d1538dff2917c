import { REVIEWS, SHOP_LOCALES, STARTERS } from "../api/flow-types.ts";
import { codeWords, useT } from "../i18n/index.ts";
import { FaultsAt } from "../ui/field.tsx";
import { LinesInput, Select } from "./inputs.tsx";
import { ScoreFields } from "./score-fields.tsx";
import { linesOf, type SectionProps } from "./shop-draft.ts";

/** What the bot may say of itself, in which languages, and what it never says. */
export function KnowledgeSection(form: SectionProps) {
  const t = useT();
  const { draft, set } = form;
  const typed = draft.bannedWords.split(/[\r\n]+/).filter((line) => line.trim() !== "").length;
  const words = linesOf(draft.bannedWords).length;
  return (
    <>
      <ScoreFields {...form} />
      {draft.starters !== undefined && (
        <Select
          title={t("shop.starters")}
          hint={t(`shop.starters.${draft.starters}.hint`)}
          at={["starters"]}
          value={draft.starters}
          options={STARTERS.map((choice) => [choice, t(`shop.starters.${choice}`)])}
          onChange={(starters) => set("starters", starters)}
        />
      )}
      {draft.review !== undefined && (
        <Select
          title={t("shop.review")}
          hint={t(`shop.review.${draft.review}.hint`)}
          at={["review"]}
          value={draft.review}
          options={REVIEWS.map((choice) => [choice, t(`shop.review.${choice}`)])}
          onChange={(review) => set("review", review)}
        />
      )}
      <Select
        title={t("shop.stale")}
        hint={t("shop.staleHint")}
        at={["staleTranslations"]}
        value={draft.staleTranslations}
        options={[
          ["answer", t("shop.stale.answer")],
          ["fallback", t("shop.stale.fallback")],
        ]}
        onChange={(value) => set("staleTranslations", value)}
      />
      <PromisedLocales {...form} />
      <LinesInput
        {...form}
        name="bannedWords"
        rows={5}
        title={t("shop.banned")}
        placeholder={t("shop.bannedExample")}
        hint={
          <>
            {t("shop.bannedCount", { n: words })}
            {typed > words && t("shop.bannedTwice", { n: typed - words })} {t("shop.bannedHint")}
          </>
        }
      />
    </>
  );
}

/** The bot's languages, and whatever others were promised through the API. */
function PromisedLocales({ draft: { locales }, set }: SectionProps) {
  const t = useT();
  const all = [...new Set<string>([...SHOP_LOCALES, ...locales])];
  return (
    <fieldset className="choice wide">
      <legend>{t("shop.locales")}</legend>
      {all.map((locale) => (
        <label key={locale}>
          <input
            type="checkbox"
            checked={locales.includes(locale)}
            onChange={({ target }) =>
              set(
                "locales",
                all.filter((one) => (one === locale ? target.checked : locales.includes(one))),
              )
            }
          />
          {codeWords(t, "locale", locale)}
        </label>
      ))}
      <p className="hint">{t(locales.length === 0 ? "shop.localesNone" : "shop.localesHint")}</p>
      <FaultsAt at={["locales", "locales.*"]} />
    </fieldset>
  );
}
