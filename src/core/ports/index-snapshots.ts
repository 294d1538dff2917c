export interface IndexSnapshotStore {
  /** Keeps the copy of a shop's index in place of the one before, unless that one is as new. `body` is base64 of `size` bytes. */
  saveIndexSnapshot(input: {
    readonly shopId: string;
    /** The last change that is in it, as of `articlesChangedAfter`. */
    readonly mark: number;
    /** What it was made for besides the articles. */
    readonly kind: string;
    readonly size: number;
    readonly body: string;
    readonly now: number;
  }): Promise<void>;
  /** Undefined where there is none of this kind. */
  indexSnapshot(shopId: string, kind: string): Promise<{ readonly mark: number; readonly body: string } | undefined>;
}
