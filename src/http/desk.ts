/** The desk API, by what agents work on. */
import type { Route } from "./api.ts";
import { contactRoutes } from "./contacts.ts";
import type { HttpDeps } from "./context.ts";
import { deliveryRoutes } from "./deliveries.ts";
import { identityRoutes } from "./identities.ts";
import type { Paging } from "./paging.ts";
import { privacyRoutes } from "./privacy.ts";
import { sessionRoutes } from "./sessions.ts";
import { ticketRoutes } from "./tickets.ts";

export function deskRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  sessionRoutes(route, http, paging);
  ticketRoutes(route, http, paging);
  contactRoutes(route, http, paging);
  privacyRoutes(route, http);
  identityRoutes(route, http);
  deliveryRoutes(route, http, paging);
}
