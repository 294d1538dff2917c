import { TONES, type ToneProfile } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";

/** Which tone a preview speaks in; the shop's own unless another is chosen. */
export function ToneSelect(props: {
  readonly value: ToneProfile | "";
  readonly onChange: (tone: ToneProfile | "") => void;
}) {
  const t = useT();
  return (
    <select
      className="input pick"
      aria-label={t("tone.label")}
      value={props.value}
      onChange={(event) => props.onChange(event.target.value as ToneProfile | "")}
    >
      <option value="">
        {t("tone.label")}: {t("tone.shop")}
      </option>
      {TONES.map((profile) => (
        <option key={profile} value={profile}>
          {t(`tone.${profile}`)}
        </option>
      ))}
    </select>
  );
}
