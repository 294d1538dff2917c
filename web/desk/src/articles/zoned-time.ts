/** What `datetime-local` shows for a moment in the shop's zone: `2026-11-11T23:59`. */
export function toZonedInput(iso: string | undefined, timeZone: string | undefined): string {
  if (iso === undefined) return "";
  const parts = new Intl.DateTimeFormat("sv-SE", {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    ...(timeZone && { timeZone }),
  }).format(Date.parse(iso));
  return parts.replace(" ", "T");
}

/** The moment a wall clock in the shop's zone shows that. */
export function fromZonedInput(local: string, timeZone: string | undefined): string | undefined {
  const wall = Date.parse(`${local}Z`);
  if (local === "" || Number.isNaN(wall)) return undefined;
  let guess = wall;
  // Twice: the first correction may land on the other side of a clock change.
  for (let round = 0; round < 2; round += 1) {
    const shown = Date.parse(`${toZonedInput(new Date(guess).toISOString(), timeZone)}Z`);
    guess += wall - shown;
  }
  return new Date(guess).toISOString();
}
