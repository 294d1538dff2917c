/** Articles in and out of files. */
import { z } from "@hono/zod-openapi";
import { NotFoundError, UnsupportedTypeError } from "../core/errors.ts";
import { IMPORT_LIMIT, type ImportFormat, parseImport, readImport } from "../desk/articles.ts";
import { checkDraft } from "../desk/check-draft.ts";
import { EXPORT_FORMATS, EXPORT_TYPES, exportArticles } from "../desk/export-articles.ts";
import { runImport } from "../desk/import-articles.ts";
import { undoImport } from "../desk/undo-import.ts";
import { idParams, type Route } from "./api.ts";
import { readBytes } from "./body.ts";
import type { HttpDeps } from "./context.ts";
import { toTaskJson } from "./present.ts";
import { denied, mayTell, refuseUnreviewed } from "./review.ts";
import { taskShape } from "./shapes.ts";

const flag = z.enum(["0", "1"]).optional();

export function importRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "post",
    "/v1/knowledge/import",
    {
      tag: "Knowledge",
      summary: "NDJSON, CSV (UTF-8 or GBK), a JSON list or XLSX; all or nothing; the task's id undoes it",
      access: "articles.write",
      query: z.object({ dryRun: flag, publish: flag, skipInvalid: flag }),
      status: 202,
      answer: z.object({ taskId: z.string() }),
    },
    async ({ c, actor, query }) => {
      if (query.publish === "1" && query.dryRun !== "1") await refuseUnreviewed(http, c, actor);
      const format = FORMATS[(c.req.header("content-type") ?? "").split(";")[0]?.trim() ?? ""];
      if (format === undefined)
        throw new UnsupportedTypeError(
          "request.type_not_allowed",
          "Send application/x-ndjson, text/csv, application/json or an XLSX workbook.",
        );
      const source = await readImport(await readBytes(c.req.raw, IMPORT_LIMIT), format);
      const parsed = await parseImport(source.body, source.format, {
        check: (draft) => checkDraft(desk, draft),
        newId: desk.newId,
      });
      const taskId = desk.newId("tsk");
      await desk.store.createTask({
        id: taskId,
        shopId: actor.shopId,
        kind: "knowledge.import",
        input: { by: actor.name },
        total: parsed.rows,
        now: desk.now(),
      });
      const options = {
        dryRun: query.dryRun === "1",
        publish: query.publish === "1",
        skipInvalid: query.skipInvalid === "1",
        by: actor.name,
        ownerId: actor.id,
      };
      desk.background(runImport(desk, { taskId, shopId: actor.shopId, parsed, ...options }));
      return { taskId };
    },
  );
  route(
    "post",
    "/v1/knowledge/imports/{id}/undo",
    {
      tag: "Knowledge",
      summary: "Puts back what an import replaced, for three days; what was edited since stays",
      access: "articles.write",
      params: idParams,
    },
    async ({ c, actor, params: { id: batchId } }) => {
      const { shopId } = actor;
      const untold = !(await mayTell(http, actor));
      const undone = await undoImport(desk, { shopId, batchId, by: actor.name, untold });
      if (undone === undefined) throw await denied(http, c, actor, batchId);
      desk.hub.wake(shopId);
      return undone;
    },
  );
  route(
    "get",
    "/v1/knowledge/export",
    {
      tag: "Knowledge",
      summary: "All articles as NDJSON, CSV, a JSON list or an XLSX workbook",
      access: "articles.read",
      query: z.object({ format: z.enum(EXPORT_FORMATS).default("ndjson") }),
    },
    async ({ actor, query }) => {
      const body = await exportArticles(desk, actor.shopId, query.format);
      return new Response(body, {
        headers: {
          "content-type": EXPORT_TYPES[query.format],
          "content-disposition": `attachment; filename="articles.${query.format}"`,
          "cache-control": "no-store",
        },
      });
    },
  );
  route(
    "get",
    "/v1/tasks/{id}",
    { tag: "Operations", summary: "How far a long task is", access: "tasks.read", params: idParams, answer: taskShape },
    async ({ actor, params }) => {
      const task = await desk.store.task(actor.shopId, params.id);
      if (task === undefined) throw new NotFoundError("task.not_found", "There is no such task.");
      return toTaskJson(task);
    },
  );
}

const FORMATS: Readonly<Record<string, ImportFormat>> = {
  "text/csv": "csv",
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
  "application/json": "json",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};
