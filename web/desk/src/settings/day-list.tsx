import { type ReactNode, useId } from "react";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { FaultsAt } from "../ui/field.tsx";

interface DayListProps<D extends { readonly date: string }> {
  readonly title: string;
  readonly add: string;
  /** Where faults of these days are: `calendar.holidays`. */
  readonly at: string;
  readonly days: readonly D[];
  /** What a day begins as. */
  readonly fresh: D;
  readonly onChange: (days: readonly D[]) => void;
  /** What a day has besides its date. */
  readonly children: (day: D, change: (day: D) => void) => ReactNode;
}

/** Dates, each with something of its own. */
export function DayList<D extends { readonly date: string }>(props: DayListProps<D>) {
  const { title, add, at, days, fresh, onChange, children } = props;
  const t = useT();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      <ul className="calendar-days">
        {days.map((day, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; its date changes while it is typed
          <li key={place}>
            <div className="row">
              <input
                className="input"
                type="date"
                aria-label={t("calendar.date")}
                aria-invalid={day.date === "" || undefined}
                value={day.date}
                onChange={(event) => onChange(days.with(place, { ...day, date: event.target.value }))}
              />
              {children(day, (changed) => onChange(days.with(place, changed)))}
              <Button
                icon="x"
                look="quiet"
                aria-label={t("calendar.removeDay", { date: day.date || `#${place + 1}` })}
                onClick={() => onChange(days.toSpliced(place, 1))}
              />
            </div>
            <FaultsAt at={[`${at}.${place}`, `${at}.${place}.*`]} />
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={() => onChange([...days, fresh])}>
        {add}
      </Button>
    </section>
  );
}
