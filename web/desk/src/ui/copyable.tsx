import { useT } from "../i18n/index.ts";
import { Button } from "./button.tsx";
import { toast } from "./toast.tsx";

export function Copyable({ text, label }: { readonly text: string; readonly label: string }) {
  const t = useT();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      toast(t("common.copied"));
    } catch {
      // Not allowed here: the text is on screen to be selected.
    }
  };
  return (
    <div className="copyable">
      <code>{text}</code>
      <Button icon="copy" aria-label={`${t("common.copy")}: ${label}`} onClick={() => void copy()} />
    </div>
  );
}
