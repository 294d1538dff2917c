import { useT } from "../i18n/index.ts";
import { stopwatch } from "../time.ts";
import { useNow } from "../ui/hooks.ts";
import { Chip } from "../ui/pieces.tsx";
import { urgencyOf } from "./ordering.ts";

const LOOKS = {
  calm: { icon: "clock" },
  soon: { icon: "clock", tone: "amber" },
  late: { icon: "alarm", tone: "red" },
  lost: { icon: "alert", tone: "deep" },
} as const;

/** Colour, figure and icon say the same thing: never colour alone. */
export function WaitChip({ since }: { readonly since: string }) {
  const t = useT();
  const waited = useNow() - Date.parse(since);
  const time = stopwatch(waited);
  return (
    <span className="num" data-urgency={urgencyOf(waited)}>
      <Chip {...LOOKS[urgencyOf(waited)]} title={t("sessions.waiting", { time })}>
        <span className="sr">{t("sessions.waiting", { time: "" })}</span>
        {time}
      </Chip>
    </span>
  );
}
