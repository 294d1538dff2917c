import type { Tone } from "../../ui/pieces.tsx";

export function orderTone(status: string): Tone | undefined {
  if (status === "refunding" || status === "pending_payment") return "amber";
  if (status === "shipped" || status === "preparing" || status === "paid") return "blue";
  if (status === "delivered" || status === "completed") return "green";
  return undefined;
}
