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

/** The shop's published articles, indexed and kept fresh on every process. */
export interface Knowledge {
  match(question: {
    readonly shopId: string;
    readonly text: string;
    readonly locale?: string;
    readonly limit?: number;
    readonly now: number;
  }): Promise<KnowledgeAnswer>;
}
