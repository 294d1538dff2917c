import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { post } from "../api/client.ts";
import { type CalendarJson, type HoursJson, WEEKDAYS } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { clockTime, momentTime } from "../time.ts";
import { Button } from "../ui/button.tsx";
import { useNow, useSettled } from "../ui/hooks.ts";

const USUAL: HoursJson = { from: "09:00", to: "21:00" };
const NEW: CalendarJson = { week: Object.fromEntries(WEEKDAYS.map((day) => [day, [USUAL]])), holidays: [], extra: [] };

interface Props {
  readonly calendar: CalendarJson | null;
  readonly timeZone: string;
  readonly onChange: (calendar: CalendarJson | null) => void;
}

/** When the shop answers: the week, the days it is closed, and the days that are different. */
export function CalendarFields({ calendar, timeZone, onChange }: Props) {
  const t = useT();
  return (
    <fieldset className="calendar" aria-label={t("calendar.title")}>
      <legend>{t("calendar.title")}</legend>
      <label className="row">
        <input
          type="checkbox"
          checked={calendar !== null}
          onChange={(event) => onChange(event.target.checked ? NEW : null)}
        />
        {t("calendar.use")}
      </label>
      <p className="hint">{t("calendar.hint")}</p>
      {calendar !== null && (
        <>
          <Preview calendar={calendar} timeZone={timeZone} />
          <Week calendar={calendar} onChange={onChange} />
          <Holidays calendar={calendar} onChange={onChange} />
          <ExtraDays calendar={calendar} onChange={onChange} />
        </>
      )}
    </fieldset>
  );
}

interface PartProps {
  readonly calendar: CalendarJson;
  readonly onChange: (calendar: CalendarJson) => void;
}

/** What the server makes of it, now. */
function Preview({ calendar, timeZone }: { readonly calendar: CalendarJson; readonly timeZone: string }) {
  const t = useT();
  const minute = Math.floor(useNow() / 60_000);
  const asked = useSettled(JSON.stringify({ calendar, timeZone }), 300);
  const { data, isError } = useQuery({
    queryKey: ["calendar", asked, minute],
    queryFn: ({ signal }) =>
      post<{ readonly open: boolean; readonly changesAt: string | null }>(
        "/v1/shop/calendar/preview",
        JSON.parse(asked),
        { signal },
      ),
    placeholderData: (before) => before,
    retry: false,
  });
  const words = isError
    ? t("calendar.unfinished")
    : data === undefined
      ? "…"
      : data.open
        ? data.changesAt === null
          ? t("calendar.always")
          : t("calendar.open", { time: clockTime(data.changesAt) })
        : data.changesAt === null
          ? t("calendar.never")
          : t("calendar.closed", { time: momentTime(data.changesAt) });
  return (
    <p className={`notice ${data?.open === true && !isError ? "green" : "blue"}`} aria-live="polite">
      {words}
    </p>
  );
}

function Week({ calendar, onChange }: PartProps) {
  const t = useT();
  return (
    <ul className="calendar-days">
      {WEEKDAYS.map((day) => (
        <li key={day}>
          <HoursFields
            title={t(`calendar.${day}`)}
            hours={calendar.week[day] ?? []}
            onChange={(hours) => onChange({ ...calendar, week: { ...calendar.week, [day]: hours } })}
          />
        </li>
      ))}
    </ul>
  );
}

function Holidays({ calendar, onChange }: PartProps) {
  const t = useT();
  const set = (holidays: CalendarJson["holidays"]) => onChange({ ...calendar, holidays });
  return (
    <section aria-label={t("calendar.holidays")}>
      <h3>{t("calendar.holidays")}</h3>
      <ul className="calendar-days">
        {calendar.holidays.map((holiday, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its date changes while it is typed
          <li key={i} className="row">
            <input
              className="input"
              type="date"
              required
              aria-label={t("calendar.date")}
              value={holiday.date}
              onChange={(event) => set(calendar.holidays.with(i, { ...holiday, date: event.target.value }))}
            />
            <input
              className="input"
              maxLength={50}
              aria-label={t("calendar.name")}
              placeholder={t("calendar.name")}
              value={holiday.name ?? ""}
              onChange={(event) => set(calendar.holidays.with(i, { ...holiday, name: event.target.value }))}
            />
            <Button
              icon="x"
              look="quiet"
              aria-label={t("calendar.removeDay", { date: holiday.date })}
              onClick={() => set(calendar.holidays.toSpliced(i, 1))}
            />
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => set([...calendar.holidays, { date: "" }])}>
        {t("calendar.addHoliday")}
      </Button>
    </section>
  );
}

function ExtraDays({ calendar, onChange }: PartProps) {
  const t = useT();
  const set = (extra: CalendarJson["extra"]) => onChange({ ...calendar, extra });
  return (
    <section aria-label={t("calendar.extra")}>
      <h3>{t("calendar.extra")}</h3>
      <ul className="calendar-days">
        {calendar.extra.map((day, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its date changes while it is typed
          <li key={i} className="row">
            <input
              className="input"
              type="date"
              required
              aria-label={t("calendar.date")}
              value={day.date}
              onChange={(event) => set(calendar.extra.with(i, { ...day, date: event.target.value }))}
            />
            <HoursFields
              title={day.date || t("calendar.date")}
              hours={day.hours}
              least={1}
              onChange={(hours) => set(calendar.extra.with(i, { ...day, hours }))}
            />
            <Button
              icon="x"
              look="quiet"
              aria-label={t("calendar.removeDay", { date: day.date })}
              onClick={() => set(calendar.extra.toSpliced(i, 1))}
            />
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => set([...calendar.extra, { date: "", hours: [USUAL] }])}>
        {t("calendar.addExtra")}
      </Button>
    </section>
  );
}

function HoursFields(props: {
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
            required
            aria-label={t("calendar.from", { day: title })}
            value={span.from}
            onChange={(event) => onChange(hours.with(i, { ...span, from: event.target.value }))}
          />
          –
          <input
            className="input"
            type="time"
            required
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
