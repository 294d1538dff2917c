import type { ArticleDraft } from "./article.ts";

/** Why an article matched: the words, through what, and how much they weighed. */
export interface Why {
  readonly term: string;
  readonly via: string;
  readonly weight: number;
}

export interface ArticleMatch {
  readonly articleId: string;
  readonly version: number;
  /** What shoppers are told: the published copy. */
  readonly article: ArticleDraft;
  /** 0 to 1, calibrated: 0.8 is right about four times in five. */
  readonly score: number;
  readonly why: readonly Why[];
}

export interface KnowledgeAnswer {
  readonly decision: "answer" | "suggest" | "none";
  /** Best first. */
  readonly matches: readonly ArticleMatch[];
}

/** A question as it is asked, by whom and when. */
export interface Asked {
  readonly shopId: string;
  readonly text: string;
  readonly locale?: string;
  readonly limit?: number;
  /** Decides which side of a gradual publish answers. */
  readonly contactId?: string;
  readonly now: number;
  /** Edits not saved yet, asked as if everyone were told them in place of the article; nobody is told. */
  readonly draft?: { readonly id: string; readonly draft: ArticleDraft };
  /** Asks as of another time than now: what is valid then, and published by then, answers. @default now */
  readonly at?: number;
}

/** The shop's knowledge with some articles in place of the published ones, asked without anybody being told. */
export interface ShadowKnowledge {
  match(question: Omit<Asked, "shopId" | "now" | "draft"> & { readonly at: number }): KnowledgeAnswer;
  /** What everyone is told. */
  articles(): Iterable<Pick<ArticleMatch, "articleId" | "article">>;
  /** It is asked no more: what it holds in the live index is taken out again. */
  close(): void;
}

/** A shop's own words: groups of one meaning, and words that mean nothing. */
export interface Words {
  readonly synonyms: readonly (readonly string[])[];
  readonly stopWords: readonly string[];
}

/** The shop's published articles, indexed and kept fresh on every process. */
export interface Knowledge {
  match(question: Asked): Promise<KnowledgeAnswer>;
  /** What a contact is told by one article now; undefined where it tells nothing. */
  told(
    article: Pick<Asked, "shopId" | "contactId" | "now"> & { readonly articleId: string },
  ): Promise<Pick<ArticleMatch, "articleId" | "version" | "article"> | undefined>;
  /** As if these were published to everyone; `draft` undefined: withdrawn. */
  shadow(input: {
    readonly shopId: string;
    readonly now: number;
    readonly drafts: readonly { readonly id: string; readonly draft: ArticleDraft | undefined }[];
    /** In place of the shop's own words. */
    readonly words?: Words;
  }): Promise<ShadowKnowledge>;
  /** Whether the articles of starter packs have made way for the shop's own, and how many therefore answer nobody; as if `drafts` were published. */
  starters(input: {
    readonly shopId: string;
    readonly now: number;
    readonly drafts?: readonly { readonly id: string; readonly draft: ArticleDraft }[];
  }): Promise<{ readonly stepBack: boolean; readonly steppedBack: number }>;
  /** For each text, the others that ask much the same, with how surely: by place in the list. */
  alike(input: {
    readonly shopId: string;
    readonly texts: readonly string[];
    readonly now: number;
  }): Promise<readonly (readonly { readonly place: number; readonly score: number }[])[]>;
  /** Why the engine takes no such pattern; undefined when it does. */
  refusesPattern(pattern: string): string | undefined;
}
