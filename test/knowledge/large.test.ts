import { describe, expect, it } from "vitest";
import { buildIndex, type KnowledgeArticle, loadIndex } from "../../knowledge/index.ts";

const SUBJECTS = "手机 耳机 衬衫 牛奶 台灯 书包 键盘 雨伞 水杯 围巾 口红 帐篷 自行车 洗衣机 电饭煲".split(" ");
const VERBS = "退货 换货 保修 发货 开票 安装 清洗 充电 退款 补差价 改地址 取消 评价 收藏 赠送".split(" ");
const articles = Array.from({ length: 2400 }, (_, i): KnowledgeArticle => {
  const subject = SUBJECTS[i % SUBJECTS.length];
  const verb = VERBS[Math.floor(i / SUBJECTS.length) % VERBS.length];
  return { id: `a${i}`, question: `型号${1000 + i}的${subject}怎么${verb}` };
});

describe("in a large shop, where changes are laid on top", () => {
  it("an article put is found, one replaced is not found by its old words, one removed not at all", () => {
    const index = buildIndex(articles);
    index.put({
      id: "new",
      question: "鲸鱼抱枕会不会掉毛",
      keywords: ["鲸鱼"],
      counterExamples: ["鲨鱼抱枕会不会掉毛"],
    });
    expect(index.match("鲸鱼抱枕掉毛吗").matches[0]?.articleId).toBe("new");
    expect(index.match("鲨鱼抱枕会不会掉毛").matches[0]?.articleId).not.toBe("new");
    index.put({ id: "new", question: "海豚抱枕多大" });
    expect(index.match("鲸鱼会不会掉毛").matches[0]?.articleId).not.toBe("new");
    expect(index.match("海豚抱枕多大").matches[0]?.articleId).toBe("new");
    expect(index.size).toBe(2401);
    index.remove("new");
    index.remove("never there");
    expect(index.match("海豚抱枕多大").matches.map((m) => m.articleId)).not.toContain("new");
    expect(index.size).toBe(2400);
  });

  it("a snapshot holds the changes", () => {
    const index = buildIndex(articles);
    index.put({ id: "new", question: "鲸鱼抱枕会不会掉毛" });
    index.remove("a7");
    const loaded = loadIndex(index.snapshot());
    expect(loaded.size).toBe(2400);
    for (const text of ["鲸鱼抱枕掉毛吗", "型号1007的雨伞怎么退货"])
      expect(loaded.match(text)).toEqual(index.match(text));
  });

  it("many changes are taken in", () => {
    const index = buildIndex(articles.slice(0, 2000));
    for (const article of articles.slice(2000)) index.put(article);
    expect(index.size).toBe(2400);
    const { id, question } = articles[2390] ?? { id: "", question: "" };
    expect(index.match(question).matches[0]?.articleId).toBe(id);
  });
});

describe("articles with several phrasings", () => {
  // What each article's phrasings have in common is the subject; the verbs are everybody's.
  const taught = Array.from({ length: 900 }, (_, i): KnowledgeArticle => {
    const subject = `${SUBJECTS[i % SUBJECTS.length]}${SUBJECTS[Math.floor(i / SUBJECTS.length) % SUBJECTS.length]}${VERBS[Math.floor(i / 225) % VERBS.length]}`;
    return { id: `t${i}`, question: `${subject}怎么办`, phrasings: [`${subject}要多久`, `请问${subject}行不行`] };
  });

  it("are taught by the hundreds, and a snapshot holds what was learnt", () => {
    const index = buildIndex(taught);
    const loaded = loadIndex(index.snapshot());
    for (const i of [0, 17, 450, 899]) {
      const text = `${taught[i]?.question.replace("怎么办", "")}可以吗`;
      expect(index.match(text).matches[0]?.articleId).toBe(`t${i}`);
      expect(loaded.match(text)).toEqual(index.match(text));
    }
  });
});

describe("a snapshot", () => {
  it("that is none is refused", () => {
    expect(() => loadIndex(new Uint8Array([1, 2, 3]))).toThrow(/no knowledge snapshot/);
    const cut = buildIndex(articles.slice(0, 10)).snapshot().slice(0, 400);
    expect(() => loadIndex(cut)).toThrow(/cut off/);
  });

  it("may start anywhere in a larger buffer", () => {
    const bytes = buildIndex(articles.slice(0, 10)).snapshot();
    const larger = new Uint8Array(bytes.length + 3);
    larger.set(bytes, 3);
    expect(loadIndex(larger.subarray(3)).match("型号1003怎么退货").matches[0]?.articleId).toBe("a3");
  });
});
