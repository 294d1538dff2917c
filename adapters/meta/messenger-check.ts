import { z } from "zod";
import type { Check, CheckOptions } from "../../src/core/adapter.ts";
import { wireId } from "../shared/wire.ts";
import { failedCheck, type Graph } from "./graph.ts";
import type { PageConfig } from "./messenger-config.ts";

/** Whose token it is. https://developers.facebook.com/docs/graph-api/reference/page and …/instagram-platform/reference/me */
export async function checkPage(
  { pageId, nameField }: Pick<PageConfig, "pageId"> & { readonly nameField: "name" | "username" },
  graph: Graph,
  { signal }: CheckOptions,
): Promise<readonly Check[]> {
  const answer = await graph({ path: `${pageId}?fields=id,${nameField}`, method: "GET", signal });
  if (!answer.ok) return [failedCheck(answer)];
  const account = z
    .object({ id: wireId, name: z.string().optional(), username: z.string().optional() })
    .safeParse(answer.body).data;
  const detail = account?.username ?? account?.name ?? "The account shows no name.";
  return [{ check: "token", ok: account?.id === pageId, detail }];
}
