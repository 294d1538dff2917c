/** One entry of the shop's knowledge, as the engine sees it. Answers live elsewhere: the engine only finds the entry. */
export interface KnowledgeArticle {
  readonly id: string;
  /** The question as the merchant would print it in an FAQ. */
  readonly question: string;
  /** Other ways shoppers ask the same thing. Five real ones help more than any setting. */
  readonly phrasings?: readonly string[];
  /** Words that speak for this article. @default weight 1 */
  readonly keywords?: readonly (string | { readonly term: string; readonly weight?: number })[];
  /** Every one of these must occur in the question (or a synonym of it), or the article is not considered. */
  readonly mustHave?: readonly string[];
  /** If any of these occurs in the question, the article is not considered. */
  readonly mustNot?: readonly string[];
  readonly rules?: readonly ArticleRule[];
  /** Questions that look like this article but are not: a question closer to one of these is not answered by it. */
  readonly counterExamples?: readonly string[];
  /** Breaks near-ties; higher wins. Useful between -10 and 10. @default 0 */
  readonly priority?: number;
  /** BCP 47 tag. Preferred, not required, when the caller says in which locale the shopper writes. */
  readonly locale?: string;
}

/**
 * A rule answers with certainty: `exact` compares the whole normalised text, `contains` looks for the normalised value,
 * `pattern` is RE2 syntax of at most 200 characters, tried on the normalised text and on the text as written.
 */
export interface ArticleRule {
  readonly kind: "exact" | "contains" | "pattern";
  readonly value: string;
}

/** A shop's own words, added to the shipped retail dictionary. */
export interface Dictionary {
  /** Each group holds words or short phrases of one meaning. */
  readonly synonyms: readonly (readonly string[])[];
  /** Words that carry no meaning in this shop. */
  readonly stopWords?: readonly string[];
}
