import { foldVariants } from "./variants.ts";

/**
 * Words that carry the kind of a question rather than its subject. They become one symbol per class, so that 怎么退,
 * 如何退 and "how to return" agree in kind; polite fillers become nothing.
 */
export const CLASSES = ["how", "why", "when", "where", "who", "what", "much", "may", "whether", "not"] as const;
export type QuestionClass = (typeof CLASSES)[number];

export const DROPPED = 255;

const CHINESE: Record<QuestionClass | "drop", string> = {
  how: "怎么 怎样 怎么样 怎么办 怎么弄 怎么搞 怎么操作 怎么才能 怎么能 如何 如何才能 如何操作 咋 咋样 咋办 咋弄 咋整 咋么 怎么做 怎麽 怎么整 要怎么 该怎么 该如何 点样 怎么着 怎么个 点做 点整 点用 点可以 点算",
  why: "为什么 为啥 为何 为什麼 怎么会 怎么回事 咋回事 什么原因 啥原因 凭什么 干嘛 怎么老是 怎么总是 怎么还 怎么不 怎么没 咋不 咋没 什么情况 啥情况 为嘛 因何 是什么原因 什么原因导致 怎么就 点解 为乜",
  when: "什么时候 什么时间 多久 多长时间 何时 啥时候 啥时间 几时 几天 几号 哪天 多会儿 多少天 几点 哪一天 多长 几日 几个小时 几小时 何日 几个工作日 多少个工作日 多少时间 大概多久 要多久 需要多久 几个月 多少小时 几耐 几多日 几多天",
  where:
    "哪里 哪儿 在哪 在哪里 在哪儿 什么地方 啥地方 哪个地方 何处 什么位置 那里 去哪 去哪里 到哪 到哪里 从哪 从哪里 哪边 边度 喺边 喺边度",
  who: "谁 什么人 哪位 啥人 何人 边个",
  what: "什么 啥 哪些 哪个 哪种 哪一个 什么样 哪家 哪款 何种 什么是 是什么 是啥 什么意思 啥意思 是什么意思 甚么 哪 哪几个 有什么 有哪些 有啥 乜嘢 咩嘢 有咩 有乜",
  much: "多少 多少钱 几块 几块钱 几元 多少元 多少块 多大 多高 多重 几个 几次 几张 多少次 多少个 几件 几折 几 几多 几多钱",
  may: "能不能 可不可以 可以吗 能否 可否 是否可以 是否能 能吗 行吗 行不行 行不 可以么 可以不 能么 可以 能 能够 可不可 好不好 成不 得不得 可以嘛 能嘛 允许 可唔可以 得唔得 可否请",
  whether:
    "吗 么 是不是 有没有 是否 有无 会不会 要不要 需不需要 用不用 对吗 对吧 是吗 是吧 有吗 没有吗 了没 了吗 没呢 系咪 使唔使 会唔会 有冇",
  not: "不 没 没有 未 无法 不能 不可以 不可 不了 不到 不上 不出 不会 不是 别 不要 不想 不让 不给 不行 没法 没办法 不见 不能够 还没 还没有 尚未 从未 无 勿 并未 并没有 没能 不成 不住 不起 不进 不进去 唔 冇 唔可以 唔到 唔得 未有",
  drop: "请问 请教 请问一下 你好 您好 亲 亲亲 亲爱的 哈喽 嗨 在吗 在么 在不 麻烦 麻烦你 麻烦您 麻烦问一下 谢谢 谢谢你 谢谢您 多谢 感谢 我想问 我想问一下 我想问下 想问 想问一下 想问下 问一下 问下 我想咨询 我想咨询一下 想咨询一下 咨询一下 咨询下 想咨询 我想知道 想知道 想了解 我想了解 想了解一下 了解一下 帮我 帮忙 给我 请 请帮我 请您 请你 一下 下子 一下子 一下下 的 地 得 了 啊 呢 吧 呀 哦 嘛 哈 诶 嗯 噢 呗 啦 喔 哎 唉 欸 喂 呃 额 哇 咧 咯 哟 嘞 老板 掌柜 店家 客服 小二 我 你 您 我们 你们 咱 咱们 俺 我的 你的 你们的 您的 我们的 就 都 也 呵呵 哈哈 那个 这个 那 这 还 又 吖 捏 惹 滴 哒 呐 就是 然后 那么 这样 那样 现在 目前 说 说是 话 的话 到底 究竟 其实 好像 应该 是 会 要 想 想要 唔该 嘅 咗 啲 我想问下 想请问 我要 我想 我想要 需要 之 其 于",
};

const ENGLISH: Record<QuestionClass | "drop", string> = {
  how: "how|how to|how can|how do|how does|how would|how should|how could|in what way|what is the way|what steps|steps to|ways to|way to",
  why: "why|how come|what is the reason|for what reason|reason|what happened|what went wrong",
  when: "when|how long|how soon|how many days|what time|how many hours|till when|by when|what date|which day|what day|how quickly|how fast|how much time|how many weeks|when will",
  where: "where|whereabouts|in which place",
  who: "who|whom|whose",
  what: "what|which|whats",
  much: "how much|how many|how often|what amount|what price",
  may: "can|could|may|is it possible|possible|able|can i|could i|may i|am i able|allow|allowed|am i allowed|is it allowed|permitted|possible to|able to|be able",
  whether: "whether|if",
  not: "not|no|never|without|cannot|unable|nothing|none|neither|nor|isnt|wont|cant|dont|doesnt|didnt|havent|hasnt|wasnt|arent|couldnt|wouldnt|shouldnt|nt|not able|isn't|won't|can't|don't|doesn't|didn't|haven't|hasn't|wasn't|aren't|couldn't|wouldn't|shouldn't|ain't|unsuccessful",
  drop: "a|an|the|is|are|am|be|been|being|was|were|do|does|did|doing|done|i|me|my|mine|we|us|our|you|your|yours|u|ur|it|its|this|that|these|those|to|of|please|pls|plz|hi|hello|hey|dear|sir|madam|mam|ma'am|friend|thanks|thank|thank you|just|so|and|or|have|has|had|having|would|should|will|shall|like|want|need|wanna|would like|i'm|i've|i'd|i'll|it's|that's|there's|what's|there|here|im|ive|id|tell|tell me|let me know|know|help|help me|some|any|also|then|get|got|getting|as|at|really|very|too|s|m|ve|re|ll|d|t|guys|he|she|they|them|their|his|her|oh|ok|okay|yes|yeah|well|now|kindly|assist|assistance|question|ask|asking|could you|can you|could you please|can you please|would you|i want to|i need to|i would like to|i'd like to|can you help me|trying|try|explain|show|inform|about",
};

const JAPANESE: Record<QuestionClass | "drop", string> = {
  how: "どうやって どのように どうすれば どうしたら どうやったら いかに 方法 どう どうすると やり方 仕方",
  why: "なぜ どうして なんで 何故 理由 原因",
  when: "いつ 何时 何日 いつまで いつから いつごろ いつ顷 何日间 どれくらい どのくらい どれぐらい どのぐらい 何时间 何日で いつ届き",
  where: "どこ どちら どこで どこに どこから どこへ",
  who: "谁 だれ どなた",
  what: "何 なに なん どの どれ どんな 何が 何を 何か",
  much: "いくら 何円 いくつ 何个 何枚 何回 何本",
  may: "できますか 可能ですか 可能 できる できます いいですか よいですか 大丈夫ですか もらえますか いただけますか 出来ますか 出来る 出来ます られますか れますか 可能でしょうか できるでしょうか",
  whether: "ますか ですか でしょうか ありますか のか かどうか",
  not: "ない ません なかった ありません できない できません られない られません なくなった ないです 出来ない 出来ません ませんでした 不可",
  drop: "です ます ました でした ください 下さい お愿いします お愿いいたします 愿います てもらえますか すみません こんにちは ありがとうございます いただき いただけ たいのですが たいです たい のですが んですが んです のです ですが ということ という こと もの ところ いる います いた いました ある あります あった おり おります した する します している しています していた しました している れている られている れています られています ている ています ていた てある てあります の は が を に で と も へ や て た だ な か よ ね お ご し",
};

export interface FunctionWords {
  /** Word or phrase to the number of its class, or `DROPPED`. */
  readonly entries: ReadonlyMap<string, number>;
  /** By first UTF-16 unit, a bit for every length a phrase may have. */
  readonly lengths: Uint32Array;
}

function compile(lists: readonly Record<string, string>[]): FunctionWords {
  const entries = new Map<string, number>();
  const lengths = new Uint32Array(0x10000);
  for (const list of lists)
    for (const [name, words] of Object.entries(list)) {
      const number = name === "drop" ? DROPPED : CLASSES.indexOf(name as QuestionClass);
      for (const written of words.split(words.includes("|") ? "|" : " ")) {
        const word = foldVariants(written);
        entries.set(word, number);
        const first = word.charCodeAt(0);
        lengths[first] = (lengths[first] ?? 0) | (1 << Math.min(31, word.length));
      }
    }
  return { entries, lengths };
}

let loaded: { readonly chinese: FunctionWords; readonly japanese: FunctionWords; readonly english: FunctionWords };

/** Chinese and Japanese are looked up by characters, English by words. */
export function functionWords(): typeof loaded {
  loaded ??= { chinese: compile([CHINESE]), japanese: compile([JAPANESE]), english: compile([ENGLISH]) };
  return loaded;
}
