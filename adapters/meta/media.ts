import { z } from "zod";
import type { AdapterDeps, FetchedMedia, SendOptions } from "../../src/core/adapter.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { fetchMediaFile } from "../shared/fetch-media.ts";
import type { GraphConfig } from "./config.ts";
import type { Graph } from "./graph.ts";

/** Where Meta keeps files. A payload's url is never followed elsewhere. */
const META_HOSTS = /(?:^|\.)(?:fbcdn\.net|fbsbx\.com|cdninstagram\.com|facebook\.com|whatsapp\.net)$/;

interface MediaDeps extends Pick<AdapterDeps, "fetch"> {
  readonly config: GraphConfig;
}

/** https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media: an id gives a url for 5 minutes, fetched with the token. */
export async function fetchById(
  id: string,
  { graph, ...deps }: MediaDeps & { readonly graph: Graph },
  options: SendOptions,
): Promise<FetchedMedia | undefined> {
  const answer = await graph({ path: encodeURIComponent(id), method: "GET", signal: options.signal });
  if (!answer.ok) {
    if (answer.receipt.code === "delivery.bad_request") return undefined;
    throw unavailable(answer.receipt.detail);
  }
  const file = z.object({ url: z.string(), mime_type: z.string().optional() }).safeParse(answer.body).data;
  if (file === undefined) throw unavailable("Meta named no address for the file.");
  const fetched = await fetchByUrl(file.url, deps, { ...options, token: deps.config.accessToken });
  return fetched && { ...fetched, ...(file.mime_type === undefined ? {} : { mime: file.mime_type }) };
}

/** https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages: attachments come as signed urls. */
export async function fetchByUrl(
  address: string,
  { config, fetch }: MediaDeps,
  { signal, token }: SendOptions & { readonly token?: string },
): Promise<FetchedMedia | undefined> {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isMetas = url?.protocol === "https:" && META_HOSTS.test(url.hostname);
  if (url === undefined || !(isMetas || url.origin === new URL(config.apiRoot).origin)) return undefined;
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return fetchMediaFile({ fetch }, { url: url.href, headers }, { ...(signal === undefined ? {} : { signal }) });
}

function unavailable(detail: string): UnavailableError {
  return new UnavailableError("channel.media_unavailable", detail);
}
