/** Articles in and out of files. */
import { z } from "@hono/zod-openapi";
import { NotFoundError, UnsupportedTypeError } from "../core/errors.ts";
import { exportArticles, IMPORT_LIMIT, parseImport, readImport } from "../desk/articles.ts";
import { checkDraft } from "../desk/check-draft.ts";
import { runImport } from "../desk/import-articles.ts";
import { undoImport } from "../desk/undo-import.ts";
import { idParams, type Route } from "./api.ts";
import { readBytes } from "./body.ts";
import type { HttpDeps } from "./context.ts";
import { toTaskJson } from "./present.ts";
import { taskShape } from "./shapes.ts";

const flag = z.enum(["0", "1"]).optional();

export function importRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "post",
    "/v1/knowledge/import",
    {
      tag: "Knowledge",
      summary: "NDJSON, CSV (UTF-8 or GBK) or XLSX; all or nothing; the task's id undoes it",
      access: "articles.write",
      query: z.object({ dryRun: flag, publish: flag, skipInvalid: flag }),
      status: 202,
      answer: z.object({ taskId: z.string() }),
    },
    async ({ c, actor, query }) => {
      const format = FORMATS[(c.req.header("content-type") ?? "").split(";")[0]?.trim() ?? ""];
      if (format === undefined)
        throw new UnsupportedTypeError(
          "request.type_not_allowed",
          "Send application/x-ndjson, text/csv or an XLSX workbook.",
        );
      const source = await readImport(await readBytes(c.req.raw, IMPORT_LIMIT), format);
      const parsed = parseImport(source.body, source.format, {
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
    async ({ actor, params }) => {
      const undone = await undoImport(desk, { shopId: actor.shopId, batchId: params.id, by: actor.name });
      desk.hub.wake(actor.shopId);
      return undone;
    },
  );
  route(
    "get",
    "/v1/knowledge/export",
    {
      tag: "Knowledge",
      summary: "All articles as NDJSON or CSV",
      access: "articles.read",
      query: z.object({ format: z.enum(["ndjson", "csv"]).default("ndjson") }),
    },
    async ({ actor, query }) => {
      const body = exportArticles(desk, actor.shopId, query.format);
      return new Response(body, {
        headers: {
          "content-type": query.format === "csv" ? "text/csv; charset=utf-8" : "application/x-ndjson",
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

const FORMATS: Readonly<Record<string, "csv" | "ndjson" | "xlsx">> = {
  "text/csv": "csv",
  "application/x-ndjson": "ndjson",
  "application/ndjson": "ndjson",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
};
