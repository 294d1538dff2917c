import { useT } from "../i18n/index.ts";
import { Flag, LinesInput, NumberInput } from "./inputs.tsx";
import { linesOf, type SectionProps } from "./shop-draft.ts";

/** When a person takes over, and what the shopper is told meanwhile. */
export function HandoffSection(form: SectionProps) {
  const t = useT();
  return (
    <>
      <NumberInput {...form} name="missesToHandoff" title={t("shop.misses")} />
      <NumberInput {...form} name="promiseMinutes" title={t("shop.promiseMinutes")} />
      <NumberInput {...form} name="handleMinutes" title={t("shop.handleMinutes")} hint={t("shop.handleHint")} />
      <NumberInput {...form} name="idleHours" title={t("shop.idleHours")} />
      <Flag {...form} name="vipToPerson" title={t("shop.vip")} />
      <Flag {...form} name="returnLeftChats" title={t("shop.returnLeft")} />
      <LinesInput
        {...form}
        name="groups"
        rows={4}
        title={t("shop.groups")}
        hint={t("shop.groupsHint", { n: linesOf(form.draft.groups).length })}
      />
    </>
  );
}
