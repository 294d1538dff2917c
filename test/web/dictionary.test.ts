/** The shop's own words, edited in a real browser. */
import { expect, it } from "vitest";
import { logIn, page, server, violations } from "../support/desk-page.ts";
import { until } from "../support/server.ts";

const put = (body: object, headers: Record<string, string> = {}) =>
  server.admin("PUT", "/v1/knowledge/synonyms", body, headers);
const stored = async () => (await server.admin("GET", "/v1/knowledge/synonyms")).body;

it("adds groups one by one and from a pasted list, and the bot understands them", async () => {
  const made = (
    await server.admin("POST", "/v1/articles", {
      question: "云朵沙发怎么清洗",
      answer: "拆下外套机洗。",
      status: "published",
    })
  ).body;
  const asker = await server.visitor();
  await asker.say("豆腐块怎么清洗呀");
  await asker.hears();
  await logIn("/articles");
  await page.getByRole("tab", { name: "词典" }).click();
  await page.getByText("还没有自己的同义词").waitFor();
  await page.getByLabel("添加一组").fill("云朵沙发 = 豆腐块");
  await page.keyboard.press("Enter");
  await page.getByLabel("添加一组").fill("只有一个");
  await page.keyboard.press("Enter");
  await page.getByText("一组至少要有两个词").waitFor();
  expect(await page.getByRole("button", { name: "保存词典" }).isDisabled()).toBe(true);
  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "撤销修改" }).click();
  await page.getByLabel("添加一组").evaluate((field) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text", "保价，补差价\n发票 = 收据 = 小票\n");
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  });
  await page.getByLabel("没有意思的词").fill("小二优选");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "保存前看影响" }).click();
  await page.getByText(/云朵沙发怎么清洗/).waitFor();
  await page.keyboard.press("Control+s");
  await page.locator(".toast", { hasText: "已保存" }).waitFor();
  expect(await stored()).toMatchObject({
    synonyms: [
      ["保价", "补差价"],
      ["发票", "收据", "小票"],
      ["云朵沙发", "豆腐块"],
    ],
    stopWords: ["小二优选"],
  });
  const shopper = async () => (await server.admin("POST", "/v1/knowledge/match", { text: "豆腐块怎么洗" })).body;
  await until(async () => (await shopper()).matches[0]?.articleId === made.id, "the words");
});

it("merges what somebody else saved meanwhile, and writes over nothing", async () => {
  await put({
    synonyms: [
      ["a1", "a2"],
      ["b1", "b2"],
    ],
    stopWords: ["x"],
  });
  await logIn("/articles");
  await page.getByRole("tab", { name: "词典" }).click();
  await page.getByRole("button", { name: "删除第 1 组" }).click();
  await page.getByLabel("添加一组").fill("c1 = c2");
  await page.keyboard.press("Enter");
  const { version } = await stored();
  expect(
    (
      await put({
        synonyms: [
          ["a1", "a2"],
          ["b1", "b2"],
          ["d1", "d2"],
        ],
        stopWords: ["x", "y"],
      })
    ).status,
  ).toBe(200);
  expect((await put({ synonyms: [], stopWords: [] }, { "if-match": `"${version}"` })).status).toBe(412);
  await page.getByRole("button", { name: "保存词典" }).click();
  await page.locator(".toast", { hasText: "别人刚改过" }).waitFor();
  await page.getByRole("button", { name: "保存词典" }).click();
  await page.locator(".toast", { hasText: "已保存" }).waitFor();
  expect(await stored()).toMatchObject({
    synonyms: [
      ["c1", "c2"],
      ["b1", "b2"],
      ["d1", "d2"],
    ],
    stopWords: ["x", "y"],
  });
});
