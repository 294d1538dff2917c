import { ApiError, authHeaders } from "./client.ts";
import type { Problem, Upload } from "./types.ts";

/** Sends a file; `fetch` cannot say how far it is, so this one is an XMLHttpRequest. @throws {ApiError}, or an AbortError when cancelled */
export function uploadFile(
  file: File,
  {
    onProgress,
    signal,
    path = "/v1/uploads",
  }: { readonly onProgress: (share: number) => void; readonly signal: AbortSignal; readonly path?: string },
): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.responseType = "json";
    for (const [name, value] of Object.entries(authHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0);
    request.onerror = () => reject(new ApiError({ status: 0, code: "network" }));
    request.onabort = () => reject(new DOMException("Cancelled.", "AbortError"));
    request.onload = () => {
      const { status, response } = request as { readonly status: number; readonly response: unknown };
      // The contract types both answers.
      if (status === 201) resolve(response as Upload);
      else reject(new ApiError({ code: "internal", ...(response as Partial<Problem> | null), status }));
    };
    signal.addEventListener("abort", () => request.abort(), { once: true });
    const form = new FormData();
    form.set("file", file);
    request.send(form);
  });
}
