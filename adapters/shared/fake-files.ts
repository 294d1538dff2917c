/** A shop's own web server, for platforms that want a file's bytes: any path of a host under `.example` is a small file. */
export function serveShopFile(request: Request): Response | undefined {
  const { hostname, pathname } = new URL(request.url);
  if (!hostname.endsWith(".example")) return undefined;
  const type = TYPES[/\.(\w+)$/.exec(pathname)?.[1] ?? ""] ?? "application/octet-stream";
  return new Response(`bytes of ${pathname}`, { headers: { "content-type": type } });
}

const TYPES: Readonly<Record<string, string>> = {
  jpg: "image/jpeg",
  png: "image/png",
  mp3: "audio/mpeg",
  amr: "audio/amr",
  mp4: "video/mp4",
  pdf: "application/pdf",
};
