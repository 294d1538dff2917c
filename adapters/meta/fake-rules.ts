import { sampleKind, serveSample } from "../shared/fake-media.ts";

/** How the Graph API refuses. https://developers.facebook.com/docs/graph-api/guides/error-handling */
export function graphRefusal(status: number, code: number, message: string, subcode?: number): Response {
  const error = {
    message: `(#${code}) ${message}`,
    type: "OAuthException",
    code,
    error_subcode: subcode,
    fbtrace_id: "x",
  };
  return Response.json({ error }, { status });
}

/** A named failure in Meta's words. */
export function named(failure: "429" | "500" | "502" | "401" | "gone", rateLimit: number): Response {
  if (failure === "502") return new Response("<html><h1>502 Bad Gateway</h1></html>", { status: 502 });
  if (failure === "401") return graphRefusal(401, 190, "Invalid OAuth access token.");
  if (failure === "500") return graphRefusal(500, 2, "Service temporarily unavailable");
  return graphRefusal(failure === "429" ? 429 : 400, rateLimit, "Rate limit hit");
}

/** Meta's file hosts, served from the fake's own. */
export function graphFile(request: Request, apiRoot: string): Response | undefined {
  const base = `${new URL(apiRoot).pathname.replace(/\/+$/, "")}/file/`;
  const { pathname } = new URL(request.url);
  return pathname.startsWith(base) ? serveSample(sampleKind(pathname)) : undefined;
}

export function isPublic(url: string): boolean {
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) && new URL(url).hostname.includes(".");
}
