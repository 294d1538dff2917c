import type { Ticket } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { momentTime, remaining } from "../time.ts";
import { useNow } from "../ui/hooks.ts";
import { Chip } from "../ui/pieces.tsx";

/** What the shopper was promised, and how long is left; kept once somebody has answered. */
export function PromiseChips({ ticket }: { readonly ticket: Ticket }) {
  const t = useT();
  const now = useNow();
  const answered = ticket.firstReplyAt !== undefined || ticket.status === "resolved";
  const { promises } = ticket.context;
  if (answered || promises.length === 0) return null;
  return (
    <p className="chips">
      {promises.map(({ text, dueAt }) => {
        if (dueAt === undefined) return <Chip key={text}>{text}</Chip>;
        const left = Date.parse(dueAt) - now;
        const params = { time: momentTime(dueAt), left: remaining(Math.abs(left)) };
        return (
          <Chip key={text} tone={left < 0 ? "red" : "amber"}>
            <span title={text} className="num">
              {left < 0 ? t("promise.overdue", params) : t("promise.due", params)}
            </span>
          </Chip>
        );
      })}
    </p>
  );
}
