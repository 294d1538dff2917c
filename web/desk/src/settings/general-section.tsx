import { SHOP_LOCALES } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { Select, TextInput } from "./inputs.tsx";
import type { SectionProps } from "./shop-draft.ts";

const ZONES = Intl.supportedValuesOf("timeZone");

export function GeneralSection(form: SectionProps) {
  const t = useT();
  const { draft, set } = form;
  const locales: readonly string[] = SHOP_LOCALES;
  return (
    <>
      <TextInput {...form} name="name" title={t("shop.name")} maxLength={100} />
      <TextInput {...form} name="hours" title={t("shop.hours")} hint={t("shop.hoursHint")} maxLength={200} />
      <Select
        title={t("shop.locale")}
        hint={t("shop.localeHint")}
        at={["locale"]}
        value={draft.locale}
        options={locales.map((locale) => [locale, t(`locale.${locale as (typeof SHOP_LOCALES)[number]}`)])}
        onChange={(locale) => set("locale", locale)}
      />
      <TextInput
        {...form}
        name="timeZone"
        title={t("shop.timeZone")}
        hint={t("shop.timeZoneHint")}
        maxLength={60}
        options={ZONES}
      />
    </>
  );
}
