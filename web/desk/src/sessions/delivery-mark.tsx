import { useMutation } from "@tanstack/react-query";
import { post } from "../api/client.ts";
import { errorWords } from "../api/errors.ts";
import type { Message } from "../api/types.ts";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Icon, type IconName } from "../ui/icon.tsx";
import { toast } from "../ui/toast.tsx";

const ICONS: Readonly<Record<string, IconName>> = {
  pending: "clock",
  sent: "check",
  delivered: "checks",
  read: "checks",
  uncertain: "alert",
  failed: "alert",
  dropped: "x",
};

/** ✓ sent, ✓✓ delivered or read, ! with the channel's own words and a resend that really sends. */
export function DeliveryMark({ message }: { readonly message: Message }) {
  const t = useT();
  const { delivery } = message;
  if (message.direction === "inbound" || delivery === undefined) return null;
  const bad = delivery === "failed" || delivery === "uncertain";
  // The platform takes words only in answer to the shopper's: nothing is wrong, and nothing can be done.
  const waits = delivery === "pending" && message.deliveryCode === "delivery.awaiting_contact";
  const words = t(waits ? "delivery.waits" : `delivery.${delivery}`);
  return (
    <>
      <span className={`delivery ${delivery}`} title={waits ? words : (message.deliveryDetail ?? words)}>
        <Icon name={ICONS[delivery] ?? "clock"} label={words} />
      </span>
      {waits && <span className="delivery-words muted">{words}</span>}
      {bad && (
        <span className="delivery-words">{message.deliveryDetail ? `${words}: ${message.deliveryDetail}` : words}</span>
      )}
      {bad && message.deliveryId !== undefined && <Resend deliveryId={message.deliveryId} />}
    </>
  );
}

function Resend({ deliveryId }: { readonly deliveryId: string }) {
  const t = useT();
  const resend = useMutation({
    mutationFn: () => post(`/v1/deliveries/${deliveryId}/resend`),
    onSuccess: () => toast(t("conversation.resent")),
    onError: (error) => toast(errorWords(error), "bad"),
  });
  return (
    <Button small icon="refresh" busy={resend.isPending} disabled={resend.isSuccess} onClick={() => resend.mutate()}>
      {t("conversation.resend")}
    </Button>
  );
}
