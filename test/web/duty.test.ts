/** The business calendar and one's own status, in a real browser on a real server. */
import { expect, it } from "vitest";
import { logIn, page, server, violations } from "../support/desk-page.ts";
import { until } from "../support/server.ts";

const calendar = async () => (await server.admin("GET", "/v1/shop")).body.calendar;
const inShanghai = (ms: number) => new Date(ms + 8 * 3_600_000).toISOString();

it.each([false, true])(
  "edits the week, a holiday and an extra day, and shows what holds now; dark: %s",
  async (dark) => {
    const minutes = new Date(Date.now() + 8 * 3_600_000);
    const weekday = ["周日", "周一", "周二", "周三", "周四", "周五", "周六"][minutes.getUTCDay()] ?? "";
    await logIn("/settings", { dark });
    const editor = page.getByRole("group", { name: "营业时间" });
    // Open around the clock today, so that the preview does not depend on when this runs.
    await editor.getByLabel(`${weekday} 开始`).first().fill("00:00");
    await editor.getByLabel(`${weekday} 结束`).first().fill("00:00");
    await editor.getByText(dark ? "现在：休息，" : "现在：营业中，").waitFor();
    // The dark desk shows what the light one saved.
    if (!dark) {
      await editor.getByRole("button", { name: "添加休息日" }).focus();
      await page.keyboard.press("Enter");
      await editor.getByRole("region", { name: "休息日" }).getByLabel("日期").fill(inShanghai(Date.now()).slice(0, 10));
      await editor.getByLabel("名称").fill("店庆");
      await editor.getByText("现在：休息，").waitFor();
      await editor.getByRole("button", { name: "添加特殊工作日" }).click();
      const extra = editor.getByRole("region", { name: "特殊工作日" });
      await extra.locator("input[type=date]").fill("2030-01-01");
    }
    expect(await violations()).toEqual([]);
    await page.getByLabel("承诺几分钟营业时间内回复").fill(dark ? "50" : "45");
    await page.getByRole("button", { name: "保存设置" }).click();
    await page.locator(".toast", { hasText: "设置已保存" }).waitFor();
    const saved = await calendar();
    const key = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"][minutes.getUTCDay()] ?? "";
    expect(saved.week[key]).toEqual([{ from: "00:00", to: "00:00" }]);
    expect(saved.holidays).toEqual([{ date: inShanghai(Date.now()).slice(0, 10), name: "店庆" }]);
    expect(saved.extra).toEqual([{ date: "2030-01-01", hours: [{ from: "09:00", to: "21:00" }] }]);
    expect((await server.admin("GET", "/v1/shop")).body.promiseMinutes).toBe(dark ? 50 : 45);
  },
);

it("says whether one is there, by keyboard, and shows colleagues and the shopper's promise", async () => {
  await logIn("/sessions?tab=queued");
  const status = page.getByRole("button", { name: /^我的状态/ });
  await until(async () => (await server.admin("GET", "/v1/agents")).body.items[0].online === true, "presence");
  await status.focus();
  await page.keyboard.press("Enter");
  await page.locator(".toast", { hasText: "忙" }).waitFor();
  await page.keyboard.press("Enter");
  await page.locator(".toast", { hasText: "离开" }).waitFor();
  await until(async () => (await server.admin("GET", "/v1/agents")).body.items[0].duty === "away", "the mark");
  const shopper = await server.visitor();
  await shopper.say("转人工");
  await shopper.hears(1);
  await page.getByRole("option").first().click();
  await page
    .getByText(/承诺 .+ 前回复 · 还有/)
    .first()
    .waitFor();
  expect(await violations()).toEqual([]);
  await page.reload();
  await status.waitFor();
  expect(await status.textContent()).toBe("离开");
});
