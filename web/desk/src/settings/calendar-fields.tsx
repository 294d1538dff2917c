import { useQuery } from "@tanstack/react-query";
import { post } from "../api/client.ts";
import { type CalendarJson, WEEKDAYS } from "../api/flow-types.ts";
import { useT } from "../i18n/index.ts";
import { clockTime, momentTime } from "../time.ts";
import { FaultsAt } from "../ui/field.tsx";
import { useNow, useSettled } from "../ui/hooks.ts";
import { DayList } from "./day-list.tsx";
import { HoursFields, USUAL } from "./hours-fields.tsx";

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
    <div className="calendar wide">
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
          <DayList
            title={t("calendar.holidays")}
            add={t("calendar.addHoliday")}
            at="calendar.holidays"
            days={calendar.holidays}
            fresh={{ date: "" }}
            onChange={(holidays) => onChange({ ...calendar, holidays })}
          >
            {(day, change) => (
              <input
                className="input"
                maxLength={50}
                aria-label={t("calendar.name")}
                placeholder={t("calendar.name")}
                value={day.name ?? ""}
                onChange={(event) => change({ ...day, name: event.target.value })}
              />
            )}
          </DayList>
          <DayList
            title={t("calendar.extra")}
            add={t("calendar.addExtra")}
            at="calendar.extra"
            days={calendar.extra}
            fresh={{ date: "", hours: [USUAL] }}
            onChange={(extra) => onChange({ ...calendar, extra })}
          >
            {(day, change) => (
              <HoursFields
                title={day.date || t("calendar.date")}
                hours={day.hours}
                least={1}
                onChange={(hours) => change({ ...day, hours })}
              />
            )}
          </DayList>
        </>
      )}
    </div>
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
          <FaultsAt at={[`calendar.week.${day}`, `calendar.week.${day}.*`]} />
        </li>
      ))}
    </ul>
  );
}
