import { SHOP_LOCALES, type ShopSettingsJson, type ToneWordsJson } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { Field } from "../ui/field.tsx";

type Address = ShopSettingsJson["tone"]["address"];
type Words = Address[string];

/** The bot's own greeting, and an answer that says `{{ tone.you }}`, in the language they are said in. */
const EXAMPLES: Readonly<Record<(typeof SHOP_LOCALES)[number], (greeting: string, you: string) => string>> = {
  "zh-CN": (hi, you) => `${hi}我是小二，请问有什么可以帮您？……已帮${you}查到，包裹今天发出。`,
  "zh-TW": (hi, you) => `${hi}我是小二，請問有什麼可以幫您？……已幫${you}查到，包裹今天寄出。`,
  en: (hi, you) => `${hi}I'm Xiaoer. How can I help? … We have found an order for ${you}; it ships today.`,
  ja: (hi, you) => `${hi}小二です。ご用件をどうぞ。……${you}のご注文は本日発送いたします。`,
};

interface AddressFieldsProps {
  readonly address: Address;
  /** What the tone says by itself; absent until it has come. */
  readonly shipped: ToneWordsJson["words"] | undefined;
  readonly onChange: (address: Address) => void;
}

/** The shop's own words in place of its tone's, language by language, and how that sounds. */
export function AddressFields({ address, shipped, onChange }: AddressFieldsProps) {
  const t = useT();
  const change = (locale: string, part: { readonly greeting?: string; readonly you?: string }) => {
    const { [locale]: before, ...others } = address;
    // Not typed is not said: the tone's own word stands.
    const words = Object.fromEntries(Object.entries({ ...before, ...part }).filter(([, word]) => word !== ""));
    onChange(Object.keys(words).length === 0 ? others : { ...others, [locale]: words });
  };
  return (
    <div className="wide address">
      <h3>{t("shop.address")}</h3>
      <p className="hint">{t("shop.addressHint")}</p>
      <ul>
        {SHOP_LOCALES.map((locale) => {
          const own: Words = address[locale] ?? {};
          const tone = shipped?.[locale] ?? { greeting: "", you: "" };
          const name = t(`locale.${locale}`);
          return (
            <li key={locale}>
              <div className="address-words">
                <Field title={t("shop.greetingIn", { name })} at={[`tone.address.${locale}.greeting`]}>
                  {(control) => (
                    <input
                      {...control}
                      className="input"
                      lang={locale}
                      maxLength={30}
                      placeholder={tone.greeting || t("shop.noGreeting")}
                      value={own.greeting ?? ""}
                      onChange={(event) => change(locale, { greeting: event.target.value })}
                    />
                  )}
                </Field>
                <Field title={t("shop.youIn", { name })} at={[`tone.address.${locale}.you`]}>
                  {(control) => (
                    <input
                      {...control}
                      className="input"
                      lang={locale}
                      maxLength={20}
                      placeholder={tone.you}
                      value={own.you ?? ""}
                      onChange={(event) => change(locale, { you: event.target.value })}
                    />
                  )}
                </Field>
              </div>
              <p className="spoken" lang={locale}>
                {EXAMPLES[locale](own.greeting ?? tone.greeting, own.you ?? tone.you)}
              </p>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
