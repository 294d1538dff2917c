/** Pictures for answers: uploaded once by who writes them, shown to every shopper who is told. */
import { z } from "@hono/zod-openapi";
import { InvalidError } from "../core/errors.ts";
import { isPicture } from "../core/file.ts";
import { pictureOwner } from "../desk/check-references.ts";
import { ownFile } from "../desk/own-file.ts";
import { idParams, type Route } from "./api.ts";
import type { HttpDeps } from "./context.ts";
import { saveUpload } from "./files.ts";

const LINK_MS = 10 * 60_000;

export function articlePictureRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "post",
    "/v1/knowledge/pictures",
    {
      tag: "Knowledge",
      summary: "Upload a picture for answers (multipart, field `file`)",
      access: "articles.write",
      status: 201,
    },
    ({ c, actor: { shopId } }) =>
      saveUpload(
        http,
        c,
        { shopId, ownerId: pictureOwner(shopId) },
        {
          accept(mime) {
            if (!isPicture(mime)) throw new InvalidError("knowledge.not_a_picture", "An answer takes pictures only.");
          },
        },
      ),
  );
  route(
    "get",
    "/v1/knowledge/pictures/{id}",
    {
      tag: "Knowledge",
      summary: "A link to a picture of an answer, for a few minutes",
      access: "articles.read",
      params: idParams,
      answer: z.object({ url: z.string() }),
    },
    async ({ actor: { shopId }, params }) => {
      await ownFile(desk, { shopId, owners: [pictureOwner(shopId)] }, { type: "image", fileId: params.id });
      return { url: await desk.filePath(params.id, LINK_MS) };
    },
  );
}
