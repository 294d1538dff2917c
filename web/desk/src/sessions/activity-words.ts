import type { Activity } from "../api/types.ts";
import { codeWords, isWordKey, type Translate } from "../i18n/index.ts";

/** One grey line for what happened to a ticket; a kind newer than this page is shown by its code. */
export function activityWords(t: Translate, activity: Activity): string {
  const key = `activity.${activity.kind}`;
  const by = typeof activity.by === "string" ? activity.by : activity.by?.name;
  const data = activity.data ?? {};
  const text = (name: string) => {
    const value = data[name];
    return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
  };
  const group = text("group");
  const to =
    text("toName") ??
    text("agentName") ??
    (group === undefined ? undefined : codeWords(t, "group", group)) ??
    text("to") ??
    text("priority") ??
    text("agentId") ??
    "";
  const params = {
    by: by ?? "",
    to: activity.kind === "priority" ? codeWords(t, "priority", to) : to,
    reason: text("reason") ?? "",
  };
  if (!isWordKey(key)) return [by, activity.kind].filter(Boolean).join(" · ");
  return t(key, params)
    .replace(/[:：]\s*$/, "")
    .trim();
}
