import type { AdapterDeps, FetchedMedia, SendOptions } from "../../src/core/adapter.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { factsOf } from "../shared/fetch-media.ts";
import { type TelegramApi, toReceipt } from "./api.ts";
import type { TelegramConfig } from "./config.ts";

interface MediaDeps extends Pick<AdapterDeps, "fetch"> {
  readonly api: TelegramApi;
  readonly config: TelegramConfig;
}

/** Files up to 20 MB, by a path that holds for an hour. https://core.telegram.org/bots/api#getfile */
export async function fetchMedia(
  fileId: string,
  { api, config, fetch }: MediaDeps,
  { signal }: SendOptions,
): Promise<FetchedMedia | undefined> {
  const path = await api.callApi("getFile", { file_id: fileId }, { signal }).then(
    (file) => file.file_path,
    (error: unknown) => {
      const receipt = toReceipt(error);
      // "file is too big", "wrong file_id": no later try will do better.
      if (receipt.code === "delivery.bad_request") return undefined;
      throw unavailable(receipt.detail);
    },
  );
  // A Bot API server run with --local names a path on its own disk, which is not for us to read.
  if (path === undefined || path.startsWith("/") || path.split("/").includes("..")) return undefined;
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  const url = `${config.apiRoot.replace(/\/+$/, "")}/file/bot${config.token}/${encoded}`;
  // The url holds the token, so the cause, whose message may quote it, stays here.
  const response = await fetch(url, { signal: signal ?? null }).catch(() => {
    throw unavailable("The file could not be fetched.");
  });
  if (response.status === 404) return undefined;
  if (!response.ok || response.body === null) throw unavailable(`The file was answered with ${response.status}.`);
  return { body: response.body, name: path.split("/").at(-1), ...factsOf(response) };
}

function unavailable(detail: string): UnavailableError {
  return new UnavailableError("channel.media_unavailable", detail);
}
