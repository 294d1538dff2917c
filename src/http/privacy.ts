/** What a person may ask of a shop: their data, a hold on it, its end. `security.md` §14 */
import { z } from "@hono/zod-openapi";
import { fromBase64 } from "../core/base64.ts";
import { ConflictError, NotFoundError } from "../core/errors.ts";
import { requestPrivacy } from "../desk/privacy.ts";
import { idParams, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { HttpDeps } from "./context.ts";
import { contactOr404 } from "./desk-json.ts";
import { words } from "./fields.ts";

const taskAnswer = z.object({ taskId: z.string() });

export function privacyRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  const about = { tag: "Contacts", access: "contacts.erase", params: idParams } as const;
  route(
    "post",
    "/v1/contacts/{id}/export",
    { ...about, summary: "All that is kept about a person, as one JSON file", status: 202, answer: taskAnswer },
    async ({ c, actor, params }) => {
      const contact = await contactOr404(http, actor, params.id);
      await desk.store.addAudit(
        auditOf(http, c, actor, { action: "contact.export", target: contact.id, result: "ok", data: {} }),
      );
      const { shopId } = actor;
      return { taskId: await requestPrivacy(desk, "contact.export", { shopId, contactId: contact.id, by: actor }) };
    },
  );
  route(
    "get",
    "/v1/contacts/{id}/exports/{fileId}",
    {
      ...about,
      summary: "The exported file: once, within a day",
      params: idParams.extend({ fileId: z.string().min(1).max(200) }),
    },
    async ({ c, actor, params }) => {
      const contact = await contactOr404(http, actor, params.id);
      const file = await desk.store.file(params.fileId);
      if (file?.shopId !== actor.shopId || file.ownerId !== `export:${contact.id}`)
        throw new NotFoundError("file.not_found", "There is no such file, or it was fetched already.");
      await desk.store.deleteFile(
        actor.shopId,
        file.id,
        auditOf(http, c, actor, { action: "contact.export_fetched", target: contact.id, result: "ok", data: {} }),
      );
      return new Response(fromBase64(file.body), {
        headers: {
          "content-type": "application/json",
          "content-disposition": `attachment; filename="${file.name}"`,
          "cache-control": "no-store",
          "x-content-type-options": "nosniff",
        },
      });
    },
  );
  route(
    "post",
    "/v1/contacts/{id}/erase",
    {
      ...about,
      summary: "Scrub a person from messages, tickets, files and queues, for good",
      status: 202,
      answer: taskAnswer,
    },
    async ({ actor, params }) => {
      const contact = await contactOr404(http, actor, params.id);
      if (contact.legalHold !== undefined)
        throw new ConflictError("contact.on_hold", `A legal hold keeps this contact: ${contact.legalHold}`);
      const { shopId } = actor;
      return { taskId: await requestPrivacy(desk, "contact.erase", { shopId, contactId: contact.id, by: actor }) };
    },
  );
  const hold = (reason: string | undefined) => async (call: Parameters<Parameters<typeof route>[3]>[0]) => {
    const { c, actor } = call;
    const { id } = call.params as z.output<typeof idParams>;
    const audit = auditOf(http, c, actor, {
      action: reason === undefined ? "contact.hold_ended" : "contact.held",
      target: id,
      result: "ok",
      data: reason === undefined ? {} : { reason },
    });
    const input = { shopId: actor.shopId, contactId: id, ...(reason === undefined ? {} : { reason }) };
    if (!(await desk.store.holdContact(input, audit)))
      throw new NotFoundError("contact.not_found", "There is no such contact.");
  };
  route(
    "post",
    "/v1/contacts/{id}/hold",
    {
      ...about,
      summary: "Keep a person's data whoever asks for its end; audited",
      body: z.strictObject({ reason: words(500).pipe(z.string().min(1)) }),
      status: 204,
    },
    (call) => hold(call.body.reason)(call),
  );
  route("delete", "/v1/contacts/{id}/hold", { ...about, summary: "End a legal hold; audited", status: 204 }, (call) =>
    hold(undefined)(call),
  );
}
