/** Identities on the desk, in a real browser on a real server: hints, a merge and its undoing by keyboard, and a call that pops up. */
import { readFileSync } from "node:fs";
import { beforeAll, expect, it } from "vitest";
import { createFakeCall } from "../../adapters/call/fake.ts";
import { logIn, page, server, violations } from "../support/desk-page.ts";
import { post, until } from "../support/server.ts";

const call = { signingSecret: `whsec_${btoa("k".repeat(32))}`, callingCode: "86" };
const clock = { now: () => Date.now(), advance: () => undefined };
const fake = createFakeCall({ ...call, format: "events" }, { clock });
beforeAll(async () => {
  const made = { id: "phone", channel: "call", name: "热线", config: call };
  expect((await server.admin("POST", "/v1/inboxes", made)).status).toBe(201);
});

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const sessionOf = async (contactId: string): Promise<string> =>
  (await server.admin("GET", `/v1/sessions?contactId=${contactId}`)).body.items[0].id;
const identitiesOf = async (contactId: string) =>
  (await server.admin("GET", `/v1/contacts/${contactId}`)).body.identities;

it("merges two contacts and undoes it, by keyboard alone, at once and later", async () => {
  const member = await server.visitor("m-1002");
  await member.say("多久发货");
  await member.hears(1);
  const stranger = await server.visitor();
  await stranger.say("多久发货");
  await stranger.hears(1);
  await logIn(`/sessions/${await sessionOf(member.contactId)}?tab=bot`, { dark: true });
  const card = page.locator(".context");
  await card.getByRole("button", { name: "合并客户" }).focus();
  await press("Enter");
  const dialog = page.getByRole("dialog", { name: "把另一个客户合并进来" });
  await dialog.waitFor();
  await page.keyboard.type(stranger.contactId);
  await dialog.getByRole("radio").first().waitFor();
  await press("Tab", "Space");
  await dialog.getByRole("region", { name: "并入" }).waitFor();
  await dialog.getByRole("region", { name: "保留" }).getByText("m-1002").waitFor();
  expect(await violations()).toEqual([]);
  expect(await dialog.getByRole("button", { name: "合并", exact: true }).isDisabled()).toBe(true);
  await dialog.getByLabel("合并原因").focus();
  await page.keyboard.type("电话里核对过");
  await press("Enter");
  await page.locator(".toast", { hasText: "已合并" }).waitFor();
  await dialog.waitFor({ state: "detached" });
  await until(async () => (await identitiesOf(member.contactId)).length === 2, "the merge");
  await card.getByText("客服合并").waitFor();
  expect(await violations()).toEqual([]);
  await page.locator(".toast").getByRole("button", { name: "撤销" }).focus();
  await press("Enter");
  await page.locator(".toast", { hasText: "已撤销合并" }).waitFor();
  await card.getByText("店长 已撤销").waitFor();
  expect(await identitiesOf(member.contactId)).toHaveLength(1);

  await server.admin("POST", `/v1/contacts/${member.contactId}/merge`, { from: stranger.contactId, reason: "同一人" });
  await card.getByRole("button", { name: /撤销与 .* 的合并/ }).focus();
  await press("Enter");
  const undo = page.getByRole("dialog", { name: "撤销合并" });
  await undo.getByLabel("撤销原因").waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.type("不是同一个人");
  await press("Enter");
  await undo.waitFor({ state: "detached" });
  expect(await identitiesOf(member.contactId)).toHaveLength(1);
  expect(await identitiesOf(stranger.contactId)).toHaveLength(1);
});

it("pops up who calls, with the way to their session", async () => {
  const member = await server.visitor("m-1001");
  await member.say("多久发货");
  await member.hears(1);
  await logIn("/tickets");
  await page.getByRole("main").waitFor();
  await page.locator(".status-dot.live").waitFor();
  const ring = await fake.webhook({ type: "join", userId: "+8613812346721" });
  expect((await post(server, "phone", ring)).status).toBe(204);
  const pop = page.getByRole("region", { name: "来电提醒" }).getByRole("article");
  await pop.getByText("林小美").waitFor({ timeout: 10_000 });
  await pop.getByText("未经验证").waitFor();
  expect(await violations()).toEqual([]);
  await pop.getByRole("link", { name: "打开会话" }).focus();
  await press("Enter");
  await page.waitForURL(new RegExp(`/sessions/${await sessionOf(member.contactId)}`));
  await page.locator(".context .order", { hasText: "20881234" }).waitFor();
  await page.locator(".identity-list li", { hasText: "热线" }).getByText("来电号码相符").waitFor();
  expect(await pop.count()).toBe(0);
});

it("hands out a person's data, holds it and erases it, by keyboard alone", async () => {
  const member = await server.visitor("m-1003");
  await member.say("我的紫砂壶在哪里");
  await member.hears(1);
  await logIn(`/sessions/${await sessionOf(member.contactId)}?tab=bot`);
  const card = page.locator(".context");
  const button = (name: string) => card.getByRole("button", { name, exact: true });
  const download = page.waitForEvent("download");
  await button("导出").focus();
  await press("Enter");
  const file = readFileSync(await (await download).path(), "utf8");
  expect(JSON.parse(file)).toMatchObject({ contactId: member.contactId });
  expect(file).toContain("紫砂壶");

  await button("法律保全").focus();
  await press("Enter");
  const hold = page.getByRole("dialog", { name: "法律保全" });
  await hold.getByLabel("原因").waitFor();
  expect(await violations()).toEqual([]);
  await page.keyboard.type("仲裁 42 号");
  await press("Enter");
  await card.getByText("法律保全中：仲裁 42 号").waitFor();
  expect(await button("删除").count()).toBe(0);
  await button("解除保全").focus();
  await press("Enter");

  await button("删除").focus();
  await press("Enter");
  const erase = page.getByRole("dialog", { name: "永久删除个人数据" });
  await erase.getByLabel("以确认").waitFor();
  expect(await violations()).toEqual([]);
  await press("Enter");
  expect(await erase.isVisible()).toBe(true);
  await page.keyboard.type(member.contactId.slice(-6));
  await press("Enter");
  await card.getByText(/个人数据已于 .* 删除/).waitFor();
  await page.getByText("内容已应客户要求删除").first().waitFor();
  expect(await page.getByText("紫砂壶").count()).toBe(0);
});
