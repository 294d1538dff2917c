/** The shop's settings in a real browser on a real server. */
import { expect, it } from "vitest";
import { logIn, page, server, violations } from "../support/desk-page.ts";
import { until } from "../support/server.ts";

const toast = (text: string) => page.locator(".toast", { hasText: text }).waitFor();
const shop = async () => (await server.admin("GET", "/v1/shop")).body;
const saveButton = () => page.getByRole("button", { name: "保存设置" });
const section = (name: string) => page.getByRole("group", { name, exact: true });

it("makes the bot speak in the shop's own words, by keyboard, and shows how before it does", async () => {
  await logIn("/settings");
  const tone = section("语气与称呼");
  await tone.getByText("亲，我是小二，请问有什么可以帮您？").waitFor();
  await tone.getByLabel("店铺语气").selectOption("polite");
  await tone.getByText("您好，我是小二，请问").waitFor();
  await tone.getByLabel("简体中文的招呼").fill("客官，");
  await tone.getByLabel("简体中文里怎么称呼顾客").fill("客官");
  await tone.getByText("客官，我是小二，请问有什么可以帮您？……已帮客官查到").waitFor();
  await tone.getByLabel("小二优选 · 网页 的语气").selectOption({ label: "跟随渠道：您（礼貌）" });
  await tone.getByLabel("渠道：网页 的语气").selectOption("neutral");
  await tone
    .getByLabel("小二优选 · 网页 的语气")
    .locator("option", { hasText: "跟随渠道：无称呼" })
    .waitFor({ state: "attached" });
  await tone.getByLabel("小二优选 · 网页 的语气").selectOption("polite");
  await page.getByText("未保存：语气与称呼").waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.press("Control+s");
  await toast("设置已保存");
  expect((await shop()).tone).toEqual({
    profile: "polite",
    channels: { web: "neutral" },
    inboxes: { web: "polite" },
    address: { "zh-CN": { greeting: "客官，", you: "客官" } },
  });
  await until(async () => {
    const shopper = await server.visitor();
    await shopper.say("qwxzv kjhgq 嗯嗯哪哪");
    return (await shopper.hears())[0].content.text.startsWith("客官，");
  }, "the greeting");
}, 30_000);

it("explains the scores, stops what cannot be, and counts the banned words", async () => {
  await logIn("/settings", { dark: true });
  const knowledge = section("知识与回答");
  await knowledge.getByLabel("直接回答，从几分起").fill("0.4");
  await knowledge.getByText("两个分数要么都填").waitFor();
  await knowledge.getByLabel("猜您想问，从几分起").fill("0.6");
  await knowledge.getByText("不能比“直接回答”高").waitFor();
  await page.getByLabel("店铺名称").focus();
  await page.keyboard.press("Control+s");
  // The focus goes to what stands in the way, and nothing is sent.
  await page.waitForFunction(() => document.activeElement?.getAttribute("aria-invalid") === "true");
  const { version } = await shop();
  await knowledge.getByLabel("猜您想问，从几分起").fill("0.4");
  await knowledge.getByText("不会再问“您想问的是不是”").waitFor();
  await knowledge.getByLabel("猜您想问，从几分起").fill("0.2");
  await knowledge.getByText("0.40 分起直接回答；0.20 到 0.40 分").waitFor();
  await knowledge.getByLabel("英文").press("Space");
  await knowledge.getByLabel("简体中文").press("Space");
  await knowledge.getByLabel("译文过期时").selectOption("fallback");
  await knowledge.getByLabel("自带的入门知识").selectOption("never");
  await knowledge.getByText("只用店铺自己的知识回答").waitFor();
  const banned = knowledge.getByLabel("禁用词");
  await banned.fill("全网最低\n 绝对正品 \n\n全网最低\n");
  await knowledge.getByText("共 2 个。").waitFor();
  await knowledge.getByText("有 1 个重复").waitFor();
  expect(await violations()).toEqual([]);
  await saveButton().press("Enter");
  await toast("设置已保存");
  expect(await shop()).toMatchObject({
    version: version + 1,
    thresholds: { answer: 0.4, suggest: 0.2 },
    locales: ["zh-CN", "en"],
    staleTranslations: "fallback",
    starters: "never",
    bannedWords: ["全网最低", "绝对正品"],
  });
  expect(await banned.inputValue()).toBe("全网最低\n绝对正品");
  // Both empty again: what the engine ships with.
  await knowledge.getByLabel("直接回答，从几分起").fill("");
  await knowledge.getByLabel("猜您想问，从几分起").fill("");
  await knowledge.getByLabel("自带的入门知识").selectOption("auto");
  await saveButton().press("Enter");
  await until(async () => (await shop()).thresholds === null, "the defaults");
}, 30_000);

it("keeps what was typed when somebody else saved first, and asks before it is left", async () => {
  await logIn("/settings");
  await page.getByLabel("店铺名称").fill("别家");
  await page.getByLabel("客服时间").fill("8:00–20:00");
  await server.admin("PATCH", "/v1/shop", { hours: "全天", missesToHandoff: 3 });
  await page.keyboard.press("Control+s");
  await page.getByText("你们都改了：客服时间").waitFor();
  expect(await page.getByLabel("店铺名称").inputValue()).toBe("别家");
  expect(await page.getByLabel("客服时间").inputValue()).toBe("8:00–20:00");
  expect(await page.getByLabel("连续几次答不上就转人工").inputValue()).toBe("3");
  expect(await shop()).toMatchObject({ name: "小二优选", hours: "全天" });

  await page.getByRole("link", { name: "流程" }).click();
  const dialog = page.getByRole("dialog", { name: "有未保存的修改" });
  await dialog.getByRole("button", { name: "取消" }).press("Enter");
  await page.keyboard.press("Control+s");
  await toast("设置已保存");
  expect(await shop()).toMatchObject({ name: "别家", hours: "8:00–20:00", missesToHandoff: 3 });
  await page.getByLabel("店铺名称").fill("小二优选");
  await page.getByRole("button", { name: "放弃修改" }).press("Enter");
  expect(await page.getByLabel("店铺名称").inputValue()).toBe("别家");
  await page.getByLabel("店铺名称").fill("");
  await page.getByText("不能为空").waitFor();
  await page.getByLabel("时区").fill("Mars/Base");
  await page.getByText("没有这个时区").waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole("link", { name: "流程" }).click();
  await dialog.getByRole("button", { name: "不保存，离开" }).press("Enter");
  await page.getByRole("heading", { name: "对话流程" }).waitFor();
}, 30_000);

it("shows who may not change them what they are, and nothing to save with", async () => {
  const login = { email: "reader@shop.test", password: "another-long-passphrase" };
  await server.admin("POST", "/v1/users", { ...login, name: "编", role: "editor" });
  await logIn("/settings", { as: login });
  await page.getByText("只有管理员可以修改店铺设置").waitFor();
  expect(await page.getByLabel("店铺名称").isDisabled()).toBe(true);
  expect(await page.getByLabel("禁用词").isDisabled()).toBe(true);
  expect(await saveButton().count()).toBe(0);
  expect(await violations()).toEqual([]);
});
