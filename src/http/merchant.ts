/** The merchant's API: articles, matching, imports, gaps, corrections. */
import type { Route } from "./api.ts";
import { articleBulkRoutes } from "./article-bulk.ts";
import { articlePictureRoutes } from "./article-pictures.ts";
import { articleRoutes } from "./articles.ts";
import type { HttpDeps } from "./context.ts";
import { correctionRoutes } from "./corrections.ts";
import { flowRoutes } from "./flows.ts";
import { gapRoutes } from "./gaps.ts";
import { importRoutes } from "./imports.ts";
import { knowledgeRoutes } from "./knowledge.ts";
import type { Paging } from "./paging.ts";
import { previewRoutes } from "./preview.ts";
import { publishRoutes } from "./publish.ts";
import { reviewRoutes } from "./review.ts";
import { shopRoutes } from "./shop.ts";
import { synonymRoutes } from "./synonyms.ts";

export function merchantRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  articleRoutes(route, http, paging);
  articleBulkRoutes(route, http);
  articlePictureRoutes(route, http);
  publishRoutes(route, http);
  reviewRoutes(route, http);
  previewRoutes(route, http);
  knowledgeRoutes(route, http);
  synonymRoutes(route, http);
  importRoutes(route, http);
  gapRoutes(route, http);
  correctionRoutes(route, http, paging);
  flowRoutes(route, http);
  shopRoutes(route, http);
}
