import type { QueryClient } from "@tanstack/react-query";

/** Whatever showed one of the two shows what holds now. */
export function refreshPeople(client: QueryClient): void {
  for (const name of [
    "contact",
    "orders",
    "history",
    "candidates",
    "merges",
    "sessions",
    "session",
    "messages",
    "tickets",
  ])
    void client.invalidateQueries({ queryKey: [name] });
}
