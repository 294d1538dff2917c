/** The editor and the learning loop in a real browser on a real server, as a merchant does them. */
import { expect, it } from "vitest";
import { logIn, page, server, violations } from "../support/desk-page.ts";
import { until } from "../support/server.ts";

const toast = (text: string) => page.locator(".toast", { hasText: text }).waitFor();
const article = async (fields: object) =>
  (await server.admin("POST", "/v1/articles", { status: "published", ...fields })).body;

it("stops an edit that would break, names the question, and lets it go once it is put right", async () => {
  const other = await article({ question: "拆封的墨盒还收不收", answer: "拆封不收。" });
  await logIn(`/articles/${other.id}`);
  await page.getByText("高级匹配与必中题").click();
  await page.getByPlaceholder("添加问法").fill("补差额");
  await page.keyboard.press("Enter");
  await page.getByLabel("必不中问题").fill("补差额");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "保存并发布" }).click();
  await page.locator(".checks .notice.red", { hasText: "不能发布" }).waitFor();
  await page.getByText("必不中题被命中：“补差额”").waitFor();
  expect(await violations()).toEqual([]);
  expect((await server.admin("GET", `/v1/articles/${other.id}`)).body.publishedVersion).toBe(1);

  await page.getByRole("button", { name: "移除“补差额”" }).first().click();
  await page.getByRole("button", { name: "重新检查" }).click();
  await page.locator(".checks .notice:not(.red)").waitFor();
  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: "定时或灰度发布" }).click();
  await page.getByLabel("顾客比例").fill("10");
  await page.getByRole("dialog").getByRole("button", { name: "发布", exact: true }).click();
  // The edit is saved first, then goes to a tenth.
  await page.getByText("面向 10% 顾客").waitFor();
  await page.getByRole("button", { name: "发布给所有人" }).click();
  await toast("已结束灰度");
});

it("makes one article of a new one that is refused, put right and published", async () => {
  await server.admin("PATCH", "/v1/shop", { bannedWords: ["全网最低"] });
  const banned = { question: "露营灯贵吗", answer: "全网最低。", status: "published" };
  await until(async () => (await server.admin("POST", "/v1/articles", banned)).status === 422, "the banned word");
  await logIn("/articles/new");
  await page.getByLabel("标准问题").fill("露营灯的价格怎么样");
  const answer = page.getByRole("textbox", { name: "默认答案" });
  await answer.fill("全网最低。");
  await page.getByRole("button", { name: "保存并发布" }).click();
  await page.locator(".toast.bad").waitFor();
  await answer.fill("价格适中。");
  await page.getByRole("button", { name: "保存并发布" }).click();
  await page.waitForURL(/\/articles\/art_/);
  const { items } = (await server.admin("GET", `/v1/articles?q=${encodeURIComponent("露营灯的价格")}`)).body;
  const found = items.filter((one: { question: string }) => one.question === "露营灯的价格怎么样");
  expect(found).toMatchObject([{ status: "published", version: 2, answer: "价格适中。" }]);
  await server.admin("PATCH", "/v1/shop", { bannedWords: [] });
});

it("asks as of another time", async () => {
  const promo = await article({
    question: "腊八专场满减怎么算",
    answer: "满 99 减 20。",
    validUntil: "2031-01-08T23:59:59+08:00",
  });
  await logIn(`/articles/${promo.id}`);
  await page.locator("[data-tryit]").fill("腊八专场满减怎么算");
  await page.getByText(/本条胜出/).waitFor();
  await page.getByLabel("按这个时间问").fill("2031-01-09T00:00:00");
  await page.getByText("本条没有命中").waitFor();
  await page.getByLabel("按这个时间问").fill("2031-01-08T23:59:59");
  await page.getByText(/本条胜出/).waitFor();
});

it("turns unanswered questions into an article, with proof first", async () => {
  const asked = ["鹦鹉能寄养吗", "能寄养鹦鹉不", "鹦鹉可以寄养吗"];
  for (const text of asked) {
    const shopper = await server.visitor();
    await shopper.say(text);
    await shopper.hears();
  }
  await logIn("/articles");
  await page.getByRole("tab", { name: "待学习" }).click();
  const card = page.locator(".gaps > li", { hasText: "寄养" }).first();
  await card.getByText("3 位顾客").waitFor();
  await card.getByRole("button", { name: "新建条目" }).click();
  await page.getByLabel("默认答案").fill("可以，按天收费。");
  await page.getByRole("button", { name: "试算效果" }).click();
  await page.getByText(/现在能答 0 个，之后能答 3 个/).waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "加入并发布" }).click();
  await toast("已加入并发布");
  await page.locator(".learned").waitFor();
  await until(async () => {
    const shopper = await server.visitor();
    await shopper.say("能寄养鹦鹉不");
    return (await shopper.hears())[0].content.text === "可以，按天收费。";
  }, "the new answer");
});

it("sends a correction from a bot's bubble to the editors, who close it with the version that fixed it", async () => {
  const wrong = await article({ question: "钢笔墨水会不会结冰", answer: "不会。" });
  await until(
    async () =>
      (await server.admin("POST", "/v1/knowledge/match", { text: "钢笔墨水会不会结冰" })).body.matches[0]?.articleId ===
      wrong.id,
    "the article",
  );
  const shopper = await server.visitor();
  await shopper.say("钢笔墨水会不会结冰");
  await shopper.hears();
  const [session] = (await server.admin("GET", `/v1/sessions?contactId=${shopper.contactId}`)).body.items;
  await logIn(`/sessions/${session.id}?tab=bot`);
  await page.locator(".bubble-row.bot", { hasText: "不会。" }).getByRole("button", { name: "修正" }).click();
  await page.getByLabel("补充说明").fill("零下会结冰");
  await page.getByRole("button", { name: "提交修正" }).click();
  await toast("已交给知识编辑");
  await page.goto(`${server.url}/desk/articles`);
  await page.getByRole("tab", { name: "待修正" }).click();
  const card = page.locator(".gaps > li", { hasText: "零下会结冰" });
  await card.getByRole("button", { name: "已由新版本修正" }).click();
  await page.locator(".toast.bad, .toast", { hasText: "No version" }).waitFor();
  await server.admin("PATCH", `/v1/articles/${wrong.id}`, { answer: "零下会。", status: "published" });
  expect(await violations()).toEqual([]);
  await card.getByRole("button", { name: "已由新版本修正" }).click();
  await page.getByText("没有待修正的回答").waitFor();
});

it("shows what a translation missed, and takes it for current once it is found right", async () => {
  const made = await article({
    question: "纸质发票寄到哪里",
    answer: "寄到收货地址。",
    locale: "zh-CN",
    answers: [{ locale: "en", text: "To your address." }],
  });
  await server.admin("PATCH", `/v1/articles/${made.id}`, { answer: "寄到发票地址。" });
  await logIn("/articles?attention=stale");
  await page.getByRole("link", { name: "纸质发票寄到哪里" }).click();
  await page.getByText("翻译过期：译自 v1").waitFor();
  await page.getByRole("button", { name: "看原文改动" }).click();
  await page.locator(".translation-diff ins", { hasText: "发票" }).waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "标记为最新" }).click();
  await page.getByText("翻译最新").waitFor();
  await page.getByRole("button", { name: "保存草稿" }).click();
  await toast("已保存");
  expect((await server.admin("GET", `/v1/articles/${made.id}`)).body).not.toHaveProperty("stale");
});

it("changes many at once, and walks the category tree", async () => {
  const both = [
    await article({ question: "贝壳风铃怎么挂", answer: "挂钩。" }),
    await article({ question: "贝壳相框怎么擦", answer: "干布。" }),
  ];
  await logIn(`/articles?q=${encodeURIComponent("贝壳")}`);
  for (const { question } of both) await page.getByRole("checkbox", { name: `选择“${question}”` }).check();
  await page.getByText("已选 2 条").first().waitFor();
  expect(await violations()).toEqual([]);
  await page.getByRole("button", { name: "移动到分类" }).click();
  await page.getByRole("dialog").getByLabel("分类").fill("家居/贝壳");
  await page.getByRole("dialog").getByRole("button", { name: "移动到分类" }).click();
  await toast("2 条已完成");
  const tree = page.getByRole("navigation", { name: "分类" });
  await tree.getByRole("button", { name: /^家居/ }).click();
  await tree.getByRole("button", { name: /^贝壳/ }).click();
  await page.waitForURL(/category=/);
  await page.getByRole("link", { name: "贝壳相框怎么擦" }).waitFor();
  for (const { id } of both) expect((await server.admin("GET", `/v1/articles/${id}`)).body.category).toBe("家居/贝壳");
});

it("puts unanswered clusters together and sets them aside with a reason", async () => {
  for (const text of ["vkqz wwrt plmm", "hjjk bbnx ttqs"]) {
    const shopper = await server.visitor();
    await shopper.say(text);
    await shopper.hears();
  }
  await logIn("/articles");
  await page.getByRole("tab", { name: "待学习" }).click();
  const card = (text: string) => page.locator(".gaps > li", { hasText: text }).first();
  await card("vkqz").getByRole("button", { name: "合并" }).click();
  await page.getByRole("dialog").getByRole("radio", { name: /hjjk/ }).check();
  await page.getByRole("dialog").getByRole("button", { name: "合并" }).click();
  await toast("已合并");
  await card("hjjk").getByText("人工合并").waitFor();
  expect(await violations()).toEqual([]);
  await card("hjjk").getByRole("button", { name: "忽略" }).click();
  await page.getByLabel("原因").fill("乱打的字");
  await page.getByRole("dialog").getByRole("button", { name: "忽略" }).click();
  await toast("已忽略");
  await card("hjjk").waitFor({ state: "detached" });
});

it("is accessible in the dark, with the finer settings open", async () => {
  const made = await article({
    question: "口令红包在哪领",
    answer: "首页。",
    keywords: ["口令"],
    rules: [{ kind: "contains", value: "口令红包" }],
    mustNot: ["退款"],
  });
  await logIn(`/articles/${made.id}`, { dark: true });
  await page.getByLabel("规则内容").waitFor();
  expect(await page.getByLabel("规则内容").inputValue()).toBe("口令红包");
  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.getByText(/重放 \d+ 个真实问题/).waitFor();
  expect(await violations()).toEqual([]);
});
