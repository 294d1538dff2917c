import { errorWords } from "../api/errors.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/pieces.tsx";

/** What is left when a page fails: its reason and a way on. */
export function Crash({ error }: { readonly error: unknown }) {
  const t = useT();
  return (
    <Empty
      icon="alert"
      fill
      title={error === undefined ? t("error.notFound") : t("error.crash")}
      hint={error === undefined ? undefined : errorWords(error)}
    >
      <Button icon="refresh" onClick={() => location.reload()}>
        {t("error.reload")}
      </Button>
    </Empty>
  );
}
