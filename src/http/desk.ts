/** The desk API, by what agents work on. */
import type { Route } from "./api.ts";
import { contactRoutes } from "./contacts.ts";
import type { HttpDeps } from "./context.ts";
import { deliveryRoutes } from "./deliveries.ts";
import type { Paging } from "./paging.ts";
import { sessionRoutes } from "./sessions.ts";
import { ticketRoutes } from "./tickets.ts";

export function deskRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  sessionRoutes(route, http, paging);
  ticketRoutes(route, http, paging);
  contactRoutes(route, http, paging);
  deliveryRoutes(route, http, paging);
}
