/** The desk API: what could not be delivered. */
import { z } from "@hono/zod-openapi";
import { NotFoundError } from "../core/errors.ts";
import { deliverDue } from "../desk/deliver.ts";
import { idParams, pageQuery, type Route } from "./api.ts";
import type { HttpDeps } from "./context.ts";
import { present } from "./fields.ts";
import type { Paging } from "./paging.ts";
import { toDeliveryJson } from "./present.ts";

export function deliveryRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  route(
    "get",
    "/v1/deliveries",
    {
      tag: "Deliveries",
      summary: "Messages that could not be delivered",
      access: "deliveries.read",
      query: pageQuery.extend({ state: z.enum(["dead"]).default("dead") }),
    },
    async ({ actor, query }) => {
      const scope = `deliveries|${actor.shopId}`;
      const page = await desk.store.deadDeliveries(
        actor.shopId,
        present({ limit: query.limit, cursor: await paging.open(query.cursor, scope) }),
      );
      return paging.close(page, scope, toDeliveryJson);
    },
  );
  route(
    "post",
    "/v1/deliveries/{id}/resend",
    { tag: "Deliveries", summary: "Really send it again", access: "deliveries.write", params: idParams, status: 202 },
    async ({ actor, params }) => {
      if (!(await desk.store.resendDelivery(actor.shopId, params.id, desk.now())))
        throw new NotFoundError("delivery.not_found", "There is no such dead delivery.");
      desk.hub.wake(actor.shopId);
      desk.background(deliverDue(desk));
      return { id: params.id, state: "pending" };
    },
  );
}
