import type { ArticleDraft } from "./article.ts";
import type { Page, PageQuery } from "./ports.ts";

/** What became of the answers of one version of an article. */
export interface ArticleFigures {
  readonly articleId: string;
  readonly version: number;
  /** Answers given. */
  readonly hits: number;
  /** Of these, followed by a hand-off in the same session. */
  readonly handoffs: number;
  readonly helpful: number;
  readonly unhelpful: number;
  /** Answers that did not help: voted down, corrected, handed over, or asked again within two turns. */
  readonly falseHits: number;
}

/** One asking of a question nobody answered. */
export interface GapAsk {
  readonly gapId: string;
  readonly text: string;
  readonly contactId: string;
  readonly channel: string;
  /** The session went to a person afterwards. */
  readonly handedOver: boolean;
  readonly at: number;
}

/** Questions that were given an answer at one time. */
export interface LearnedGap {
  readonly articleId: string;
  readonly settledAt: number;
  readonly wordings: number;
  readonly askings: number;
  readonly transfers: number;
}

export const CORRECTION_KINDS = ["wrong", "outdated", "tone", "missing"] as const;
export type CorrectionKind = (typeof CORRECTION_KINDS)[number];

/** An answer an agent found wrong, until the version that puts it right. */
export interface Correction {
  readonly id: string;
  readonly shopId: string;
  readonly messageId: string;
  readonly sessionId: string;
  readonly articleId?: string;
  readonly articleVersion?: number;
  readonly kind: CorrectionKind;
  readonly note: string;
  readonly question: string;
  readonly answer: string;
  readonly state: "open" | "fixed" | "dismissed";
  readonly byId: string;
  readonly byName: string;
  readonly createdAt: number;
  readonly closedAt?: number;
  readonly closedBy?: string;
  readonly closedVersion?: number;
  readonly reason?: string;
}

/** An article as an import found it. */
export interface ImportItem {
  readonly articleId: string;
  /** Absent: the import made the article. */
  readonly draftBefore?: ArticleDraft;
  readonly publishedBefore?: ArticleDraft;
  readonly version: number;
  readonly at: number;
}

/** How the shop learns from its questions: what was asked, what helped, what was wrong. */
export interface LearningStore {
  /** Contacts' own words since a time, latest first. */
  questionsSince(input: {
    readonly shopId: string;
    readonly since: number;
    readonly limit: number;
  }): Promise<readonly string[]>;
  articleFigures(input: {
    readonly shopId: string;
    readonly articleIds: readonly string[];
    readonly since: number;
    /** @default now on */
    readonly until?: number;
  }): Promise<readonly ArticleFigures[]>;
  gapAsksSince(input: {
    readonly shopId: string;
    readonly since: number;
    readonly limit: number;
  }): Promise<readonly GapAsk[]>;
  learnedGaps(shopId: string, limit: number): Promise<readonly LearnedGap[]>;
  /** The last word counts. False: no such answer was said in the conversation. */
  saveFeedback(input: {
    readonly shopId: string;
    readonly conversationId: string;
    readonly messageId: string;
    readonly helpful: boolean;
    readonly now: number;
  }): Promise<boolean>;
  /** False: the shop has no such message, or it has an open correction already. */
  addCorrection(correction: Correction): Promise<boolean>;
  corrections(
    shopId: string,
    filter: { readonly state?: "open" | "closed"; readonly articleId?: string } & PageQuery,
  ): Promise<Page<Correction>>;
  closeCorrection(input: {
    readonly shopId: string;
    readonly id: string;
    readonly state: "fixed" | "dismissed";
    readonly by: string;
    readonly version?: number;
    readonly reason?: string;
    readonly now: number;
  }): Promise<Correction | undefined>;
  /** The working copies of those of the articles that exist; `told`: some version is published. */
  draftsOf(
    shopId: string,
    ids: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly draft: ArticleDraft; readonly version: number; readonly told: boolean }>>;
  importItems(shopId: string, batchId: string): Promise<readonly ImportItem[]>;
}
