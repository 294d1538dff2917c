/** What a merchant sees of starter articles that have made way, in a real browser on a real server. */
import { expect, it } from "vitest";
import { logIn, page, server, violations } from "../support/desk-page.ts";

const line = () => page.getByText("条入门知识已让位给你自己的内容");

for (const dark of [false, true])
  it(`says how many starters have made way, and leads to the setting, ${dark ? "dark" : "light"}`, async () => {
    await server.admin("PATCH", "/v1/shop", { starters: "auto" });
    await expect
      .poll(async () => (await server.admin("GET", "/v1/articles?limit=1")).body.starters.steppedBack, {
        timeout: 5000,
      })
      .toBe(0);
    await logIn("/articles");
    await page.locator(".chip", { hasText: "入门知识" }).first().waitFor();
    expect(await line().count()).toBe(0);

    await server.admin("PATCH", "/v1/shop", { starters: "never" });
    await expect
      .poll(async () => (await server.admin("GET", "/v1/articles?limit=1")).body.starters.steppedBack, {
        timeout: 5000,
      })
      .toBeGreaterThan(200);
    await page.reload();
    await line().waitFor();
    await page.locator(".chip", { hasText: "已让位" }).first().waitFor();
    expect(await violations()).toEqual([]);
    await page.locator("p.notice").getByRole("link", { name: "设置" }).click();
    await page.waitForURL(/\/desk\/settings/);
  });
