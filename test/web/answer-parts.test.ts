/** What goes with the words of an answer, put there by a merchant in a real browser. */
import { expect, it } from "vitest";
import { sampleFile } from "../../adapters/shared/fake-media.ts";
import { logIn, page, server, violations } from "../support/desk-page.ts";

it("adds a picture, buttons and a group, shows them on each channel, and keeps them", async () => {
  await logIn("/articles/new");
  await page.getByLabel("标准问题").fill("麻绳吊椅承重多少");
  await page.getByLabel("默认答案", { exact: true }).fill("承重 120 公斤，安装见图。");

  const { bytes, mime } = sampleFile("image");
  await page
    .locator("input[type=file]")
    .first()
    .setInputFiles({
      name: "安装.png",
      mimeType: mime,
      buffer: Buffer.from(bytes),
    });
  await page.getByLabel("图片说明").fill("安装图");
  await page.getByRole("button", { name: "添加按钮" }).first().click();
  const first = page.getByRole("group", { name: "第 1 个按钮" });
  await first.getByLabel("按钮文字").fill("看安装视频");
  await first.getByLabel("点了之后").selectOption({ label: "打开链接" });
  // Not finished: what a save would refuse cannot be saved.
  expect(await page.getByRole("button", { name: "保存草稿" }).isDisabled()).toBe(true);
  await first.getByLabel("链接地址").fill("https://shop.example/video");
  await page.getByRole("button", { name: "添加按钮" }).first().click();
  const second = page.getByRole("group", { name: "第 2 个按钮" });
  await second.getByLabel("按钮文字").fill("找客服");
  await second.getByLabel("点了之后").selectOption({ label: "转人工" });
  await second.getByRole("button", { name: "上移" }).click();
  expect(await first.getByLabel("按钮文字").inputValue()).toBe("找客服");
  await page.getByLabel("先发订单卡片").check();
  await page.getByLabel("答完之后").selectOption({ label: "投诉" });

  await page.locator("[data-tryit]").fill("麻绳吊椅承重多少");
  const shown = page.getByRole("tabpanel");
  await shown.locator("img").waitFor();
  await shown.getByText("承重 120 公斤，安装见图。").waitFor();
  await shown.getByText("看安装视频").waitFor();
  await page.getByText("不知道说的是哪个订单").waitFor();
  await shown.getByText("随后转人工").waitFor();
  await page.getByText("高级匹配与必中题").click();
  await page.getByLabel("必中问题").fill("吊椅能坐两个人吗");
  await page.keyboard.press("Enter");
  await page.getByLabel("必中问题").fill("麻绳吊椅承重多少");
  await page.keyboard.press("Enter");
  await page.getByText("回归题 1/2 通过").waitFor();
  await page.getByText("必中题没命中：“吊椅能坐两个人吗”").waitFor();
  expect(await violations()).toEqual([]);

  await page.getByRole("button", { name: "保存草稿" }).click();
  await page.waitForURL(/\/articles\/art_/);
  const id = page.url().split("/").at(-1) ?? "";
  const { body } = await server.admin("GET", `/v1/articles/${id}`);
  expect(body).toMatchObject({
    image: { fileId: expect.stringMatching(/^fil_/), alt: "安装图" },
    buttons: [
      { label: "找客服", person: true },
      { label: "看安装视频", url: "https://shop.example/video" },
    ],
    orderCard: true,
    handoffGroup: "complaints",
  });
  await page.reload();
  await page.locator(".picture-thumb").waitFor();
  await page.getByRole("button", { name: "移除图片" }).click();
  await page.getByRole("button", { name: "保存草稿" }).click();
  await page.locator(".toast", { hasText: "已保存" }).waitFor();
  expect((await server.admin("GET", `/v1/articles/${id}`)).body.image).toBeUndefined();
});
