/** Review before publish in a real browser: the editor's side and the reviewer's, one after the other. */
import { beforeAll, expect, it } from "vitest";
import { logIn, page, server, violations } from "../support/desk-page.ts";

const EDITOR = { email: "review-editor@shop.test", password: "another-long-passphrase" };
beforeAll(async () => {
  expect((await server.admin("POST", "/v1/users", { ...EDITOR, name: "编辑林", role: "editor" })).status).toBe(201);
});

const button = (name: string) => page.getByRole("button", { name, exact: true });
const toast = (words: string) => page.locator(".toast", { hasText: words }).waitFor();
const bar = () => page.getByRole("region", { name: "审核" });
const dialog = (name: string) => page.getByRole("dialog", { name });
const answer = () => page.getByRole("textbox", { name: "默认答案" });
const article = async (id: string) => (await server.admin("GET", `/v1/articles/${id}`)).body;
const waiting = () => page.getByRole("tab", { name: "条目" }).locator(".count");

async function make(question: string): Promise<string> {
  return (await server.admin("POST", "/v1/articles", { question, answer: "按说明书第一页。", status: "published" }))
    .body.id;
}

for (const dark of [false, true])
  it(`asks, sends back, asks again and publishes, ${dark ? "dark" : "light"}`, async () => {
    await server.admin("PATCH", "/v1/shop", { review: "editors" });
    const id = await make(dark ? "温室的卷膜机怎么上油" : "水培架的营养液怎么换");

    await logIn(`/articles/${id}`, { dark, as: EDITOR });
    await button("提交审核").waitFor();
    expect(await button("提交审核").isDisabled()).toBe(true);
    expect(await button("发布").count()).toBe(0);
    await answer().fill("每周换一次,按说明书第二页。");
    await button("提交审核").press("Enter");
    await dialog("提交审核").getByLabel("给审核人的话").fill("页码请核对");
    expect(await violations()).toEqual([]);
    await page.keyboard.press("Enter");
    await toast("已提交审核");
    await bar().getByText("等待审核").waitFor();
    expect(await bar().getByRole("button", { name: "退回" }).count()).toBe(0);
    expect(await violations()).toEqual([]);
    expect(await article(id)).toMatchObject({ version: 2, publishedVersion: 1, review: { note: "页码请核对" } });
    await page.getByRole("button", { name: "更多" }).click();
    await page.getByRole("menuitem", { name: "版本与回滚" }).waitFor();
    for (const name of ["删除条目", "定时或灰度发布"])
      expect(await page.getByRole("menuitem", { name }).count()).toBe(0);
    await page.context().close();

    await logIn("/articles", { dark });
    await waiting().waitFor();
    expect(await waiting().textContent()).toBe("1");
    await page.getByText("1 条待审核").waitFor();
    await button("查看").press("Enter");
    await page.waitForURL(/attention=review/);
    await page.locator(".chip", { hasText: "待审核" }).waitFor();
    expect(await violations()).toEqual([]);
    await page.locator("td a.table-link").first().click();
    await bar().getByText("编辑林 请求审核").waitFor();
    await bar().getByText("页码请核对").waitFor();
    await bar().getByRole("button", { name: "看改动" }).press("Enter");
    await dialog("和顾客现在看到的相比").locator("ins", { hasText: "每周换一次" }).waitFor();
    expect(await violations()).toEqual([]);
    await page.keyboard.press("Escape");
    await bar().getByRole("button", { name: "退回" }).press("Enter");
    await dialog("退回").getByLabel("退回原因").fill("是第三页");
    expect(await violations()).toEqual([]);
    await page.keyboard.press("Enter");
    await toast("已退回");
    await page.getByText("退回了 v2：是第三页").waitFor();
    expect(await bar().count()).toBe(0);
    await page.context().close();

    await logIn(`/articles/${id}`, { dark, as: EDITOR });
    await page.getByText("退回了 v2：是第三页").waitFor();
    expect(await violations()).toEqual([]);
    await answer().fill("每周换一次,按说明书第三页。");
    await button("提交审核").click();
    await page.keyboard.press("Enter");
    await toast("已提交审核");
    expect(await page.getByText("是第三页").count()).toBe(0);
    await page.context().close();

    await logIn(`/articles/${id}`, { dark });
    await bar().getByRole("button", { name: "发布" }).waitFor();
    // The editor saves once more while the reviewer looks: what is published is what was looked at.
    const { body } = await server.call("POST", "/v1/auth/login", { body: EDITOR });
    const change = { answer: "悄悄改了,按说明书第九页。" };
    await server.call("PATCH", `/v1/articles/${id}`, { token: body.token, body: change });
    await bar().getByText("提交后又改过").waitFor();
    await bar().getByRole("button", { name: "发布" }).press("Enter");
    await toast("已发布");
    expect(await bar().count()).toBe(0);
    expect(await article(id)).toMatchObject({ status: "published", version: 4, answer: change.answer });
  }, 60_000);

it("shows whoever publishes a version they have not seen, instead of publishing it", async () => {
  const id = await make("育苗盘的盖子怎么扣");
  await server.admin("PATCH", `/v1/articles/${id}`, { answer: "先扣左边。" });
  await server.admin("POST", `/v1/articles/${id}/review`, {});
  await logIn(`/articles/${id}`);
  await bar().waitFor();
  let old: unknown;
  // The live frame is late: the page still holds what it was opened with.
  await page.route(`**/v1/articles/${id}`, async (route) => {
    if (route.request().method() === "GET" && old !== undefined) return route.fulfill({ json: old });
    return route.fallback();
  });
  old = await article(id);
  await server.admin("PATCH", `/v1/articles/${id}`, { answer: "先扣右边。" });
  await bar().getByRole("button", { name: "发布" }).click();
  await toast("刚有人保存了新版本");
  expect(await article(id)).toMatchObject({ publishedVersion: 1, version: 3 });
});

it("imports an editor's JSON as drafts, and exports every format", async () => {
  await server.admin("PATCH", "/v1/shop", { review: "editors" });
  await logIn("/articles", { as: EDITOR });
  await button("导入").click();
  await dialog("导入").getByText("导入后是草稿").waitFor();
  expect(await page.getByLabel("导入后直接发布").count()).toBe(0);
  const list = [{ id: "web-json", question: "花盆可以叠放吗", answer: "可以。" }];
  await page.getByLabel("选择 CSV、XLSX、JSON 或 NDJSON 文件").setInputFiles({
    name: "articles.json",
    mimeType: "application/json",
    buffer: Buffer.from(JSON.stringify(list)),
  });
  expect(await violations()).toEqual([]);
  await dialog("导入").getByRole("button", { name: "导入", exact: true }).click();
  await page.getByRole("button", { name: "完成" }).click();
  expect(await article("web-json")).toMatchObject({ status: "draft", answer: "可以。" });

  for (const format of ["XLSX", "CSV", "JSON", "NDJSON"]) {
    await page.getByRole("button", { name: "导出" }).click();
    const file = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: `导出为 ${format}`, exact: true }).click();
    expect((await file).suggestedFilename()).toBe(`articles.${format.toLowerCase()}`);
  }
});

it("leaves the dictionary and the flows, which know no drafts, to admins", async () => {
  await server.admin("PUT", "/v1/knowledge/synonyms", { synonyms: [["云朵沙发", "豆腐块"]], stopWords: [] });
  await server.admin("PATCH", "/v1/shop", { review: "editors" });
  await logIn("/articles", { as: EDITOR });
  await page.getByRole("tab", { name: "词典" }).click();
  await page.getByText("词典保存后立刻生效").waitFor();
  await page.getByText("豆腐块").waitFor();
  expect(await button("保存词典").count()).toBe(0);
  expect(await page.getByLabel("添加一组").count()).toBe(0);
  expect(await violations()).toEqual([]);
  await page.goto(`${server.url}/desk/flows/return-guide`);
  await page.getByText("开启审核后只有管理员可以").waitFor();
  expect(await button("保存").count()).toBe(0);
  expect(await violations()).toEqual([]);
});

it("off, an editor has the button that publishes, and the setting is a field of the settings", async () => {
  await server.admin("PATCH", "/v1/shop", { review: "off" });
  await logIn("/settings");
  await page.getByLabel("发布前审核").selectOption("editors");
  await page.getByText("知识编辑写的条目由管理员看过再发布").waitFor();
  await page.keyboard.press("Control+s");
  await toast("设置已保存");
  expect((await server.admin("GET", "/v1/shop")).body.review).toBe("editors");
  await page.getByLabel("发布前审核").selectOption("off");
  await page.keyboard.press("Control+s");
  await expect.poll(async () => (await server.admin("GET", "/v1/shop")).body.review).toBe("off");
  await page.context().close();
  await logIn("/articles/new", { as: EDITOR });
  await button("保存并发布").waitFor();
  expect(await button("提交审核").count()).toBe(0);
});
