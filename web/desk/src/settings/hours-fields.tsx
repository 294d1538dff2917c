import { useId } from "react";
import type { HoursJson } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";

export const USUAL: HoursJson = { from: "09:00", to: "21:00" };

/** Spans of one day; the last one may end on the next. */
export function HoursFields(props: {
  readonly title: string;
  readonly hours: readonly HoursJson[];
  readonly least?: number;
  readonly onChange: (hours: readonly HoursJson[]) => void;
}) {
  const { title, hours, least = 0, onChange } = props;
  const t = useT();
  const id = useId();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot stand in the row
    <div className="row" role="group" aria-labelledby={id}>
      <span id={id} className="calendar-day">
        {title}
      </span>
      {hours.length === 0 && <span className="muted">{t("calendar.rest")}</span>}
      {hours.map((span, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place; its times change while they are typed
        <span key={i} className="row">
          <input
            className="input"
            type="time"
            aria-label={t("calendar.from", { day: title })}
            value={span.from}
            onChange={(event) => onChange(hours.with(i, { ...span, from: event.target.value }))}
          />
          –
          <input
            className="input"
            type="time"
            aria-label={t("calendar.to", { day: title })}
            // Midnight is the next day's first minute here.
            value={span.to === "24:00" ? "00:00" : span.to}
            onChange={(event) => onChange(hours.with(i, { ...span, to: event.target.value }))}
          />
          {span.to <= span.from && span.to !== "00:00" && <span className="hint">{t("calendar.nextDay")}</span>}
          {hours.length > least && (
            <Button
              icon="x"
              look="quiet"
              aria-label={t("calendar.removeHours", { day: title, n: i + 1 })}
              onClick={() => onChange(hours.toSpliced(i, 1))}
            />
          )}
        </span>
      ))}
      {hours.length < 6 && (
        <Button
          icon="plus"
          look="quiet"
          aria-label={t("calendar.addHours", { day: title })}
          onClick={() => onChange([...hours, USUAL])}
        />
      )}
    </div>
  );
}
