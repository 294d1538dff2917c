/** The desk API: files that platforms keep for us. */
import { z } from "@hono/zod-openapi";
import { ConflictError, NotFoundError } from "../core/errors.ts";
import { fetchSoon } from "../desk/fetch-media.ts";
import { idParams, type Route } from "./api.ts";
import type { HttpDeps } from "./context.ts";
import { presentMessage } from "./present.ts";
import { messageShape } from "./shapes.ts";

export function mediaRoutes(route: Route, { desk }: HttpDeps): void {
  route(
    "post",
    "/v1/messages/{id}/media/retry",
    {
      tag: "Sessions",
      summary: "Fetch a message's file once more from its platform",
      access: "sessions.serve",
      params: idParams,
      status: 202,
      answer: z.object({ message: messageShape }),
    },
    async ({ actor, params }) => {
      const { shopId } = actor;
      const message = await desk.store.message(shopId, params.id);
      if (message === undefined) throw new NotFoundError("message.not_found", "There is no such message.");
      if (message.media?.state === "failed") {
        await desk.store.retryMedia({ shopId, messageId: message.id, now: desk.now() });
        desk.hub.wake(shopId, [message.conversationId]);
        fetchSoon(desk, message.inboxId);
      }
      // Another agent may have been faster, and the file be on its way or here.
      const current = await desk.store.message(shopId, params.id);
      if (current?.media === undefined) throw new ConflictError("media.none", "This message has no file to fetch.");
      return { message: await presentMessage(desk, current, "desk") };
    },
  );
}
