/** Audit, tasks, files, health. */
import type { Page, PageQuery } from "./page.ts";

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target?: string;
  readonly result: string;
  readonly requestId?: string;
  readonly address?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NewAudit = Omit<AuditRow, "seq"> & { readonly shopId: string };

export interface Task {
  readonly id: string;
  readonly shopId: string;
  readonly kind: string;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly input: Readonly<Record<string, unknown>>;
  readonly done: number;
  readonly total: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly errors: readonly {
    readonly line?: number;
    /** The column or field of the row. */
    readonly column?: string;
    readonly code: string;
    readonly message: string;
  }[];
  readonly createdAt: number;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
  /** Base64. */
  readonly body: string;
}

export interface OperationsStore {
  addAudit(audit: NewAudit): Promise<void>;
  auditPage(shopId: string, page: PageQuery): Promise<Page<AuditRow & { readonly hash?: string }>>;
  /** Rows not yet in the chain and the last sealed hash, for the sealer. */
  unsealedAudit(
    shopId: string,
    limit: number,
  ): Promise<{ readonly last?: { readonly seq: number; readonly hash: string }; readonly rows: readonly AuditRow[] }>;
  sealAudit(shopId: string, seals: readonly { readonly seq: number; readonly hash: string }[]): Promise<void>;
  createTask(task: {
    readonly id: string;
    readonly shopId: string;
    readonly kind: string;
    readonly input: Readonly<Record<string, unknown>>;
    readonly total: number;
    readonly now: number;
  }): Promise<void>;
  /** Takes a task nobody works on, the oldest where none is named. */
  claimTask(input: {
    readonly id?: string;
    readonly kinds?: readonly string[];
    readonly now: number;
  }): Promise<Task | undefined>;
  updateTask(
    id: string,
    patch: Partial<Pick<Task, "state" | "done" | "total" | "result" | "errors">> & { readonly now: number },
  ): Promise<void>;
  task(shopId: string, id: string): Promise<Task | undefined>;
  saveFile(
    file: StoredFile & { readonly shopId: string; readonly ownerId: string; readonly now: number },
  ): Promise<void>;
  file(id: string): Promise<(StoredFile & { readonly shopId: string; readonly ownerId: string }) | undefined>;
  /** A file without its bytes. */
  fileInfo(
    id: string,
  ): Promise<(Omit<StoredFile, "body"> & { readonly shopId: string; readonly ownerId: string }) | undefined>;
  /** Bytes an owner stored since a time. */
  bytesSince(ownerId: string, since: number): Promise<number>;
  /** Writes a row, since a full disk and a held lock still let read. */
  ping(): Promise<void>;
  appliedMigrations(): Promise<readonly string[]>;
}
