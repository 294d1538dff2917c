/** Articles, their versions, and what nobody answered. */
import type { Article, ArticleDraft, Rollout } from "../article.ts";
import type { ReviewRequest, SentBack } from "../review.ts";
import type { NewAudit } from "./operations.ts";
import type { Page, PageQuery } from "./page.ts";

export interface StoredArticle extends Article {
  readonly published?: ArticleDraft;
  readonly next?: Rollout;
  /** The user who answers for it. */
  readonly ownerId?: string;
  /** From a starter pack: the version that is the pack's own; 0: published again by the shop, and so its own. */
  readonly starterVersion?: number;
  readonly review?: ReviewRequest;
  readonly sentBack?: SentBack;
  readonly createdAt: number;
}

export interface ArticleSave {
  readonly shopId: string;
  readonly id: string;
  readonly draft: ArticleDraft;
  readonly seen?: number;
  readonly publish: boolean;
  readonly by?: string;
  /** Of a new article. */
  readonly ownerId?: string;
  readonly review?: Review;
  /** What it says is the starter pack's still: put back by an undo, or moved. */
  readonly isStarter?: boolean;
  /** What is published is not the copy somebody asked to have looked at, and the asking stays. */
  readonly keepsReview?: boolean;
  readonly now: number;
}

/** What was said against a version before shoppers were told, and why they were told nevertheless. */
export interface Review {
  readonly warnings: readonly string[];
  readonly reason?: string;
}

export interface ArticleVersion extends Partial<Review> {
  readonly version: number;
  readonly draft: ArticleDraft;
  readonly published: boolean;
  readonly by?: string;
  readonly at: number;
}

export interface PublishedChange {
  readonly id: string;
  readonly published?: ArticleDraft;
  readonly version?: number;
  readonly next?: Rollout;
  readonly starterVersion?: number;
  readonly mark: number;
}

export interface GapQuestion {
  readonly id: string;
  readonly text: string;
  readonly normalized: string;
  readonly count: number;
  readonly transfers: number;
  readonly lastAt: number;
  /** Wordings a person put together carry the same one. */
  readonly cluster?: string | null;
  readonly assigneeId?: string | null;
}

/**
 * Ending within two weeks, handing over after more than 30 % of a week's answers, answering nobody for 30 days, or with a translation whose
 * source has changed; or waiting to be looked at, longest first.
 */
export type Attention = "expiring" | "handing-over" | "unused" | "stale" | "review";

export interface KnowledgeStore {
  article(shopId: string, id: string): Promise<StoredArticle | undefined>;
  articles(
    shopId: string,
    filter: {
      readonly q?: string;
      readonly status?: "draft" | "published";
      /** With the categories below it: `returns` finds `returns/shipping`. */
      readonly category?: string;
      readonly locale?: string;
      readonly ownerId?: string;
      /** Only these. */
      readonly ids?: readonly string[];
      readonly attention?: Attention;
      /** For what depends on the time. */
      readonly now?: number;
    } & PageQuery,
  ): Promise<Page<StoredArticle>>;
  /** Writes the working copy if its version is still `seen` (undefined: it must not exist yet); with `publish`, shoppers are told at once. */
  saveArticle(input: ArticleSave): Promise<StoredArticle | undefined>;
  publishArticle(input: {
    readonly shopId: string;
    readonly id: string;
    readonly by?: string;
    /** Absent: to everyone at once. Otherwise the published version goes on answering the others, or until then. */
    readonly rollout?: Pick<Rollout, "percent" | "from">;
    /** The version that was looked at; undefined: whichever is there. */
    readonly seen?: number;
    readonly review?: Review;
    readonly now: number;
  }): Promise<StoredArticle | undefined>;
  /** Ends a version's way: everyone is told it, or nobody. Undefined: there was none. */
  endRollout(input: {
    readonly shopId: string;
    readonly id: string;
    readonly outcome: "everyone" | "nobody";
    readonly now: number;
  }): Promise<StoredArticle | undefined>;
  deleteArticle(input: {
    readonly shopId: string;
    readonly id: string;
    /** Only where shoppers are told nothing of it and nothing is on its way. */
    readonly untold?: boolean;
    readonly now: number;
  }): Promise<boolean>;
  /** Asks for the working copy to be looked at. Undefined: another version by now, or shoppers are told it already. */
  askReview(
    input: {
      readonly shopId: string;
      readonly id: string;
      readonly seen: number;
      readonly by: string;
      readonly byId: string;
      readonly note?: string;
      readonly now: number;
    },
    audit: NewAudit,
  ): Promise<StoredArticle | undefined>;
  /** Undefined: nobody asks for it. */
  sendBack(
    input: {
      readonly shopId: string;
      readonly id: string;
      readonly by: string;
      readonly byId: string;
      /** The version that was looked at. */
      readonly version: number;
      readonly reason: string;
      readonly now: number;
    },
    audit: NewAudit,
  ): Promise<StoredArticle | undefined>;
  /** How many wait to be looked at. */
  reviewsWaiting(shopId: string): Promise<number>;
  /** Every category in use, with how many articles stand in it. */
  articleCategories(shopId: string): Promise<readonly { readonly category: string; readonly count: number }[]>;
  /** Hands articles to a user; how many there were. */
  setArticleOwner(input: {
    readonly shopId: string;
    readonly ids: readonly string[];
    readonly ownerId: string | undefined;
    readonly now: number;
  }): Promise<number>;
  articleVersions(shopId: string, id: string): Promise<readonly ArticleVersion[]>;
  /** All or nothing: an import. With a `batchId` it remembers what was there before. */
  saveArticles(input: {
    readonly shopId: string;
    readonly batchId?: string;
    readonly articles: readonly { readonly id: string; readonly draft: ArticleDraft; readonly review?: Review }[];
    readonly publish: boolean;
    readonly by?: string;
    readonly ownerId?: string;
    /** They come from a starter pack. */
    readonly isStarter?: boolean;
    readonly now: number;
  }): Promise<void>;
  /**
   * What changed for shoppers after a mark (the last one's `mark`, at first 0), oldest first; `published` undefined: withdrawn. No two share a
   * mark, so with a limit the rest comes after the last one's.
   */
  articlesChangedAfter(shopId: string, mark: number, limit?: number): Promise<readonly PublishedChange[]>;
  synonyms(shopId: string): Promise<{
    readonly groups: readonly (readonly string[])[];
    readonly stopWords: readonly string[];
    readonly changedAt: number;
  }>;
  /** False when somebody else saved since. */
  saveSynonyms(input: {
    readonly shopId: string;
    readonly groups: readonly (readonly string[])[];
    readonly stopWords: readonly string[];
    /** `changedAt` of what is replaced; absent: whatever is there. */
    readonly seen?: number;
    readonly now: number;
  }): Promise<boolean>;
  recordGap(input: {
    readonly shopId: string;
    readonly id: string;
    readonly text: string;
    readonly normalized: string;
    readonly transferred: boolean;
    /** The asking itself, counted once however often it is recorded. */
    readonly ask?: {
      readonly messageId: string;
      readonly contactId: string;
      readonly sessionId: string;
      readonly channel: string;
    };
    readonly now: number;
  }): Promise<void>;
  openGaps(shopId: string, limit: number): Promise<readonly GapQuestion[]>;
  settleGaps(input: {
    readonly shopId: string;
    readonly ids: readonly string[];
    readonly state: "accepted" | "ignored";
    readonly articleId?: string;
    readonly by?: string;
    /** Why they were set aside. */
    readonly reason?: string;
    readonly now?: number;
  }): Promise<void>;
  /** Puts wordings together as one matter, or gives them to somebody. Settled ones stay as they are. */
  markGaps(input: {
    readonly shopId: string;
    readonly ids: readonly string[];
    readonly mark: { readonly cluster: string | null } | { readonly assigneeId: string | null };
  }): Promise<void>;
}
