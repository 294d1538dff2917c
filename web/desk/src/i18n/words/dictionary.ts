/** The shop's own words. */
export const dictionaryWords = {
  "articles.tab.dictionary": ["词典", "Dictionary"],
  "dictionary.groups": ["同义词", "Synonyms"],
  "dictionary.lead": [
    "一组里的词意思相同：顾客说哪个都找得到。零售常用词已经内置，这里写你店里特有的叫法。",
    "Words of a group mean the same: shoppers may say any of them. Common retail words are built in; these are your shop's own.",
  ],
  "dictionary.add": ["添加一组", "Add a group"],
  "dictionary.example": ["催单 = 快点发货 = 什么时候到", "hoodie = pullover = sweatshirt"],
  "dictionary.addWord": ["添加词", "Add a word"],
  "dictionary.group": ["第 {n} 组", "Group {n}"],
  "dictionary.removeGroup": ["删除第 {n} 组", "Remove group {n}"],
  "dictionary.lone": ["一组至少要有两个词。", "A group needs two words at least."],
  "dictionary.search": ["在同义词里找", "Find among the synonyms"],
  "dictionary.none": ["没有这个词。", "No such word."],
  "dictionary.more": ["还有 {n} 组，搜索可以找到。", "{n} more; a search finds them."],
  "dictionary.empty": ["还没有自己的同义词", "No words of your own yet"],
  "dictionary.emptyHint": [
    "比如顾客把你的“云朵沙发”叫“豆腐块”，写成一组就能答上。",
    "If shoppers call your “cloud sofa” a “tofu block”, a group makes it found.",
  ],
  "dictionary.stop": ["停用词", "Stop words"],
  "dictionary.stopWords": ["没有意思的词", "Words without meaning"],
  "dictionary.stopHint": ["匹配时忽略，比如店名、口头禅。", "Ignored when matching: the shop's name, say."],
  "dictionary.check": ["保存前看影响", "See what it changes"],
  "dictionary.readOnly": [
    "词典保存后立刻生效：由知识编辑和管理员修改；开启审核后只有管理员可以。",
    "The dictionary takes effect at once: editors and admins change it; only admins where articles are reviewed.",
  ],
  "dictionary.save": ["保存词典", "Save the dictionary"],
  "dictionary.saved": ["已保存，几秒内生效", "Saved; in effect within seconds"],
  "dictionary.changed": [
    "别人刚改过：已合并两边的修改，请看一眼再保存。",
    "Somebody else changed it: both sides are merged here. Have a look and save again.",
  ],
} as const;
