import { useBlocker } from "@tanstack/react-router";
import { useT } from "../i18n/index.ts";
import { Dialog } from "./dialog.tsx";

/** Asks before a page with unsaved edits is left, for another page or for good. */
export function LeaveGuard({ dirty }: { readonly dirty: boolean }) {
  const t = useT();
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => dirty && current.pathname !== next.pathname,
    enableBeforeUnload: dirty,
    withResolver: true,
  });
  if (blocker.status !== "blocked") return null;
  return (
    <Dialog title={t("form.unsaved")} onClose={blocker.reset} onSubmit={blocker.proceed} submit={t("form.leaveNow")}>
      <p>{t("form.leave")}</p>
    </Dialog>
  );
}
