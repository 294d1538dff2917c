/** The surface other programs rely on: every path of the contract is there, every route is guarded, every error is a problem document. */

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { declared } from "../../src/http/api.ts";
import { startServer, type TestServer } from "../support/server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const CONTRACT = `
  POST /v1/auth/login | POST /v1/auth/logout | GET /v1/me | GET /v1/users | POST /v1/users | PATCH /v1/users/{id}
  GET /v1/channels | GET /v1/inboxes | POST /v1/inboxes | GET /v1/inboxes/{id} | PATCH /v1/inboxes/{id} | DELETE /v1/inboxes/{id} | POST /v1/inboxes/{id}/check
  POST /v1/visitor/sessions | POST /v1/visitor/messages | GET /v1/visitor/messages | GET /v1/visitor/stream | POST /v1/visitor/uploads | POST /v1/visitor/rating
  GET /v1/sessions | GET /v1/sessions/{id} | GET /v1/tickets | GET /v1/tickets/{id} | POST /v1/tickets/{id}/claim | POST /v1/tickets/{id}/messages
  POST /v1/tickets/{id}/notes | POST /v1/tickets/{id}/transfer | POST /v1/tickets/{id}/release | POST /v1/tickets/{id}/return-to-bot | POST /v1/tickets/{id}/resolve
  POST /v1/tickets/{id}/reopen | POST /v1/tickets/{id}/priority | POST /v1/tickets/{id}/tags | GET /v1/contacts/{id} | GET /v1/contacts/{id}/history
  GET /v1/contacts/{id}/orders | POST /v1/contacts/{id}/merge | POST /v1/contacts/{id}/export | POST /v1/contacts/{id}/erase | POST /v1/contacts/{id}/reveal | GET /v1/stream | GET /v1/deliveries | POST /v1/deliveries/{id}/resend
  GET /v1/audit | GET /v1/audit/verify | GET /v1/tasks/{id} | GET /v1/articles | POST /v1/articles | GET /v1/articles/{id} | PATCH /v1/articles/{id} | DELETE /v1/articles/{id}
  POST /v1/articles/{id}/publish | GET /v1/articles/{id}/versions | POST /v1/articles/{id}/rollback | POST /v1/knowledge/match | POST /v1/knowledge/import
  GET /v1/knowledge/export | GET /v1/knowledge/gaps | POST /v1/knowledge/gaps/{id}/accept | POST /v1/knowledge/gaps/{id}/ignore | GET /v1/knowledge/synonyms | PUT /v1/knowledge/synonyms`
  .split(/[|\n]/)
  .map((line) => line.trim())
  .filter((line) => line !== "");

describe("the contract", () => {
  it("is all in the OpenAPI document", async () => {
    const { body } = await server.call("GET", "/openapi.json");
    expect(body.openapi).toMatch(/^3\.1/);
    const paths = Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(CONTRACT.filter((line) => !paths.includes(line))).toEqual([]);
  });

  it("answers 401 with a problem document on every route that is not public", async () => {
    const routes = [...new Map(declared.map((route) => [`${route.method} ${route.path}`, route])).values()];
    expect(routes.length).toBeGreaterThan(50);
    for (const { method, path, access } of routes.filter((route) => route.access !== "public")) {
      const answer = await server.call(
        method.toUpperCase(),
        path.replaceAll(/\{\w+\}/g, "x"),
        method === "get" ? {} : { body: {} },
      );
      // A visitor's write is read before its token is looked at; both are refusals.
      expect([access === "visitor" ? [401, 422, 415] : [401]].flat(), `${method} ${path}`).toContain(answer.status);
      expect(answer.body).toMatchObject({
        status: answer.status,
        code: expect.stringMatching(/^[a-z_]+\.[a-z_]+$/),
        requestId: answer.headers.get("x-request-id"),
      });
      expect(answer.headers.get("content-type")).toContain("application/problem+json");
    }
  });

  it("says the same of an unknown id and of another's", async () => {
    for (const path of [
      "/v1/sessions/x",
      "/v1/tickets/x",
      "/v1/contacts/x",
      "/v1/articles/x",
      "/v1/inboxes/x",
      "/v1/tasks/x",
      "/v1/contacts/x/history",
    ]) {
      expect((await server.admin("GET", path)).status, path).toBe(404);
    }
  });
});

describe("input that is wrong", () => {
  const hostile = [
    ["broken JSON", "{", "application/json", 400],
    ["2 MB", JSON.stringify({ text: "x".repeat(2_000_000) }), "application/json", 413],
    ["100,000 levels", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, "application/json", 400],
    ["another type", "text=1", "application/x-www-form-urlencoded", 415],
    ["an unknown key", JSON.stringify({ text: "a", shopId: "other" }), "application/json", 422],
    ["a list", "[]", "application/json", 422],
    ["not UTF-8", Uint8Array.of(0x22, 0xff, 0xfe, 0x22), "application/json", 400],
    ["__proto__", '{"text":"a","__proto__":{"role":"admin"}}', "application/json", 422],
  ] as const;
  it.each(hostile)("%s", async (_name, raw, type, status) => {
    const { token } = (
      await server.call("POST", "/v1/auth/login", {
        body: { email: "admin@shop.test", password: "correct-horse-battery" },
      })
    ).body;
    const answer = await server.call("POST", "/v1/knowledge/match", { raw, token, headers: { "content-type": type } });
    expect(answer.status).toBe(status);
    expect(answer.body.code).toMatch(/\./);
    expect((await server.call("GET", "/healthz")).status).toBe(200);
  });

  it.each([
    "\u0000",
    "\ud800",
    "a\u0000b\udfffc",
    "𠮷😀‍👩‍👩‍👧",
    "'; drop table messages; --",
    "<img src=x onerror=alert(1)>",
    "x".repeat(5000),
  ])("keeps and answers %j", async (text) => {
    const visitor = await server.visitor();
    const answer = await visitor.say(text);
    expect([201, 422]).toContain(answer.status);
    if (answer.status === 201) expect((await visitor.hears()).length).toBeGreaterThan(0);
  });

  it("reports every bad line of an import and imports nothing", async () => {
    const lines = [
      '{"id":"ok-1","question":"好的吗","answer":"好"}',
      "{nope",
      '{"question":""}',
      '{"id":"ok-2","question":"x","answer":"{{ bad.name }}"}',
    ];
    const { token } = (
      await server.call("POST", "/v1/auth/login", {
        body: { email: "admin@shop.test", password: "correct-horse-battery" },
      })
    ).body;
    const { body } = await server.call("POST", "/v1/knowledge/import?publish=1", {
      raw: lines.join("\n"),
      token,
      headers: { "content-type": "application/x-ndjson" },
    });
    const task = await finished(body.taskId);
    expect(task.state).toBe("failed");
    expect(task.errors.map((error: { line: number }) => error.line)).toEqual([2, 3, 4]);
    expect((await server.admin("GET", "/v1/articles/ok-1")).status).toBe(404);
    const skipping = await server.call("POST", "/v1/knowledge/import?skipInvalid=1", {
      raw: lines.join("\n"),
      token,
      headers: { "content-type": "application/x-ndjson" },
    });
    expect((await finished(skipping.body.taskId)).result).toMatchObject({ imported: 1, invalid: 3 });
  });

  it("exports what it imported, as NDJSON and as CSV without formulas", async () => {
    await server.admin("POST", "/v1/articles", {
      id: "formula",
      question: "=1+1",
      answer: "@cmd",
      phrasings: ["a,b", 'say "hi"'],
    });
    const { token } = (
      await server.call("POST", "/v1/auth/login", {
        body: { email: "admin@shop.test", password: "correct-horse-battery" },
      })
    ).body;
    const csv = (await server.call("GET", "/v1/knowledge/export?format=csv", { token })).body as string;
    expect(csv).toContain(`"'=1+1"`);
    await server.admin("DELETE", "/v1/articles/formula");
    const { body } = await server.call("POST", "/v1/knowledge/import", {
      raw: csv,
      token,
      headers: { "content-type": "text/csv" },
    });
    expect((await finished(body.taskId)).errors ?? []).toEqual([]);
    expect((await server.admin("GET", "/v1/articles/formula")).body).toMatchObject({
      question: "=1+1",
      answer: "@cmd",
      phrasings: ["a,b", 'say "hi"'],
    });
  });

  async function finished(taskId: string) {
    for (;;) {
      const { body } = await server.admin("GET", `/v1/tasks/${taskId}`);
      if (body.state === "done" || body.state === "failed") return body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
});

describe("logins", () => {
  it("needs the CSRF header for writes by cookie, not for Bearer", async () => {
    const login = await server.call("POST", "/v1/auth/login", {
      body: { email: "admin@shop.test", password: "correct-horse-battery" },
    });
    const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
    expect(login.headers.get("set-cookie")).toMatch(/HttpOnly.*SameSite=Strict/i);
    const { csrf } = (await server.call("GET", "/v1/me", { headers: { cookie } })).body;
    const body = { text: "多久发货" };
    expect((await server.call("POST", "/v1/knowledge/match", { body, headers: { cookie } })).body.code).toBe(
      "auth.csrf_missing",
    );
    expect(
      (await server.call("POST", "/v1/knowledge/match", { body, headers: { cookie, "x-xiaoer-csrf": csrf } })).status,
    ).toBe(200);
    expect(
      (
        await server.call("POST", "/v1/knowledge/match", {
          body,
          headers: { cookie, "x-xiaoer-csrf": csrf, origin: "https://evil.example" },
        })
      ).status,
    ).toBe(403);
    expect((await server.call("POST", "/v1/auth/logout", { headers: { cookie, "x-xiaoer-csrf": csrf } })).status).toBe(
      204,
    );
    expect((await server.call("GET", "/v1/me", { headers: { cookie } })).status).toBe(401);
  });

  it("holds each role to its table, and ends a login when the role changes", async () => {
    const made = await server.admin("POST", "/v1/users", {
      email: "mei@shop.test",
      name: "小梅",
      role: "agent",
      password: "a-long-enough-one",
    });
    expect(made.status).toBe(201);
    const login = async () =>
      (await server.call("POST", "/v1/auth/login", { body: { email: "MEI@shop.test", password: "a-long-enough-one" } }))
        .body.token;
    const token = await login();
    expect((await server.call("GET", "/v1/sessions", { token })).status).toBe(200);
    expect((await server.call("GET", "/v1/users", { token })).status).toBe(403);
    expect((await server.call("POST", "/v1/articles", { token, body: { question: "x" } })).status).toBe(403);
    await server.admin("PATCH", `/v1/users/${made.body.id}`, { role: "editor" });
    expect((await server.call("GET", "/v1/sessions", { token })).status).toBe(401);
    expect((await server.call("GET", "/v1/sessions", { token: await login() })).status).toBe(403);
  });

  it("keeps the last admin, refuses weak passwords and slows guessing down", async () => {
    const admin = (await server.admin("GET", "/v1/me")).body.user;
    expect((await server.admin("PATCH", `/v1/users/${admin.id}`, { disabled: true })).body.code).toBe(
      "user.last_admin",
    );
    expect(
      (
        await server.admin("POST", "/v1/users", {
          email: "w@shop.test",
          name: "w",
          role: "agent",
          password: "password1234",
        })
      ).body.code,
    ).toBe("auth.weak_password");
    const guesses = [];
    for (let i = 0; i < 12; i += 1)
      guesses.push(
        await server.call("POST", "/v1/auth/login", {
          body: { email: "nobody@shop.test", password: "wrong-wrong-wrong" },
        }),
      );
    expect(guesses[0]).toMatchObject({ status: 401, body: { code: "auth.invalid_login" } });
    expect(guesses.at(-1)?.status).toBe(429);
    expect(guesses.at(-1)?.headers.get("retry-after")).toMatch(/^\d+$/);
  });
});

describe("a visitor", () => {
  it("is refused for a bad proof and never falls back to the claimed id", async () => {
    for (const identity of [
      { token: "x.y.z" },
      { externalId: "m-1001", signature: "0".repeat(64) },
      { externalId: "m-1001" },
    ]) {
      const answer = await server.call("POST", "/v1/visitor/sessions", { body: { inboxId: "web", identity } });
      expect(answer).toMatchObject({ status: 401, body: { code: "visitor.identity_invalid" } });
    }
  });
  it("is one message for one clientId", async () => {
    const visitor = await server.visitor();
    const first = await visitor.say("多久发货", { clientId: "c1" });
    const again = await visitor.say("多久发货", { clientId: "c1" });
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.message.id).toBe(first.body.message.id);
  });
  it("resumes by its token and sees nothing of another's", async () => {
    const visitor = await server.visitor();
    await visitor.say("多久发货");
    await visitor.hears();
    const back = (
      await server.call("POST", "/v1/visitor/sessions", { body: { inboxId: "web", visitorToken: visitor.token } })
    ).body;
    expect(back.contactId).toBe(visitor.contactId);
    expect(back.messages.length).toBe(2);
    const other = (await server.call("POST", "/v1/visitor/sessions", { body: { inboxId: "web" } })).body;
    expect(other.messages).toEqual([]);
  });
  it("is held to twenty messages a minute", async () => {
    const visitor = await server.visitor();
    const answers = await Promise.all(Array.from({ length: 24 }, () => visitor.say("好")));
    const slowed = answers.filter((answer) => answer.status === 429);
    expect(slowed.length).toBeGreaterThanOrEqual(3);
    expect(slowed[0]?.headers.get("retry-after")).toMatch(/^\d+$/);
  });
  it("uploads what it proves to be, and nothing that runs", async () => {
    const visitor = await server.visitor();
    const upload = async (bytes: Uint8Array<ArrayBuffer>, name: string, type: string) => {
      const form = new FormData();
      form.set("file", new Blob([bytes], { type }), name);
      const response = await fetch(`${server.url}/v1/visitor/uploads`, {
        method: "POST",
        headers: { authorization: `Bearer ${visitor.token}` },
        body: form,
      });
      return {
        status: response.status,
        body: (await response.json()) as { fileId: string; url: string; mime: string; code: string },
      };
    };
    const png = sampleFile("image").bytes;
    const kept = await upload(png, "../‮photo.png", "image/png");
    expect(kept).toMatchObject({ status: 201, body: { mime: "image/png" } });
    const served = await fetch(server.url + kept.body.url);
    expect(served.headers.get("content-security-policy")).toContain("sandbox");
    expect((await fetch(`${server.url}/files/${kept.body.fileId}?until=9999999999999&sig=00`)).status).toBe(404);
    expect((await upload(new TextEncoder().encode("<svg onload=alert(1)>"), "x.svg", "image/svg+xml")).status).toBe(
      415,
    );
    expect((await upload(new TextEncoder().encode("<html>"), "x.png", "image/png")).status).toBe(415);
    const sent = await server.call("POST", "/v1/visitor/messages", {
      token: visitor.token,
      body: { clientId: "f", content: { type: "image", fileId: kept.body.fileId } },
    });
    expect(sent.body.message.content.url).toMatch(/^\/files\/fil_/);
    const stranger = await server.visitor();
    expect(
      (
        await server.call("POST", "/v1/visitor/messages", {
          token: stranger.token,
          body: { clientId: "f", content: { type: "image", fileId: kept.body.fileId } },
        })
      ).status,
    ).toBe(404);
    // A link ends; the message is read again for another, by whom it belongs to.
    const again = `/v1/visitor/messages/${sent.body.message.id}`;
    expect((await server.call("GET", again, { token: visitor.token })).body.message.content.url).toMatch(
      /^\/files\/fil_/,
    );
    expect((await server.call("GET", again, { token: stranger.token })).status).toBe(404);
  });
});

describe("one person", () => {
  it("keeps one timeline when an anonymous visitor proves to be a member", async () => {
    const stranger = await server.visitor();
    await stranger.say("多久发货");
    await stranger.hears();
    const { token } = (await server.call("GET", "/demo/identity?member=m-1003")).body;
    const opened = (
      await server.call("POST", "/v1/visitor/sessions", {
        body: { inboxId: "web", identity: { token }, visitorToken: stranger.token },
      })
    ).body;
    const history = (await server.admin("GET", `/v1/contacts/${opened.contactId}/history`)).body.items;
    expect(history.map((message: { content: { text: string } }) => message.content.text)).toContain("多久发货");
    // Another member who only holds the old token gains nothing of the first one's.
    const other = (await server.call("GET", "/demo/identity?member=m-1004")).body.token;
    const second = (
      await server.call("POST", "/v1/visitor/sessions", {
        body: { inboxId: "web", identity: { token: other }, visitorToken: stranger.token },
      })
    ).body;
    expect((await server.admin("GET", `/v1/contacts/${second.contactId}/history`)).body.items).toEqual([]);
  });
});
