import { describe, expect, it } from "vitest";
import { createSafeFetch } from "../../src/worker/safe-fetch.ts";

const answering = (response: () => Response) => {
  const calls: { readonly url: string; readonly redirect: string | undefined }[] = [];
  const fake = async (input: RequestInfo | URL, init?: RequestInit) => {
    calls.push({ url: input instanceof Request ? input.url : String(input), redirect: init?.redirect });
    return response();
  };
  return { calls, fake: fake as typeof fetch };
};

describe("a Worker's door out", () => {
  it.each([
    "http://api.example.com/",
    "https://10.0.0.1/",
    "https://8.8.8.8/",
    "https://[2606:4700::1111]/",
    "https://[::ffff:7f00:1]/",
    "https://2130706433/",
    "https://localhost/",
    "https://metadata.google.internal/",
    "https://printer.local./",
    "https://intranet/",
    "https://user:word@api.example.com/",
    "ftp://api.example.com/",
  ])("does not call %s", async (url) => {
    const { calls, fake } = answering(() => new Response());
    await expect(createSafeFetch([], fake)(url)).rejects.toMatchObject({ code: "outbound.address_not_allowed" });
    expect(calls).toEqual([]);
  });

  it("calls public names over https, and what the deployer allows", async () => {
    const { calls, fake } = answering(() => Response.json({ ok: true }));
    const safe = createSafeFetch(["127.0.0.1:9000"], fake);
    expect(await (await safe("https://api.example.com/x")).json()).toEqual({ ok: true });
    await safe("http://127.0.0.1:9000/y");
    await expect(safe("http://127.0.0.1:9001/y")).rejects.toMatchObject({ code: "outbound.address_not_allowed" });
    expect(calls.map(({ url }) => url)).toEqual(["https://api.example.com/x", "http://127.0.0.1:9000/y"]);
  });

  it("follows no redirect", async () => {
    const { calls, fake } = answering(
      () => new Response(null, { status: 302, headers: { location: "https://10.0.0.1/" } }),
    );
    await expect(createSafeFetch([], fake)("https://api.example.com/")).rejects.toThrow("redirect");
    expect(calls).toEqual([{ url: "https://api.example.com/", redirect: "manual" }]);
  });

  it("reads no endless answer", async () => {
    const piece = new Uint8Array(1024 * 1024);
    const endless = () => new Response(new ReadableStream({ pull: (controller) => controller.enqueue(piece.slice()) }));
    const { fake } = answering(endless);
    const answer = await createSafeFetch([], fake)("https://api.example.com/");
    await expect(answer.arrayBuffer()).rejects.toThrow("too large");
  });
});
