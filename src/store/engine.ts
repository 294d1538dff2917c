import type { Statement } from "./statement.ts";

/** What differs between SQLite, D1 and PostgreSQL: this and nothing else. */
export interface Engine {
  readonly kind: "sqlite" | "d1" | "postgres";
  /** Reads outside any transaction. */
  all<Row>(statement: Statement<Row>): Promise<Row[]>;
  /**
   * Runs a fixed list of statements that all happen or none do, and returns the rows of each.
   *
   * `locks` name what the list is about (`contact:con_1`): lists that share a name run one after the other, so what one statement
   * found true still is for the next. SQLite and D1 have one writer and no need of them.
   * @throws {UnavailableError} `store.unavailable` when the disk is full, the file locked or the server gone: nothing was written.
   */
  atomic(statements: readonly Statement[], locks?: readonly string[]): Promise<unknown[][]>;
  /** Writes the log into the database and empties it, so that what was erased stands in neither; absent where the engine has no such file. */
  checkpoint?(): Promise<void>;
  /** Applies the migrations not applied yet, under a lock, once however many processes start. */
  migrate(migrations: readonly Migration[]): Promise<void>;
  /** Tags of the migrations applied so far. */
  applied(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export interface Migration {
  readonly tag: string;
  readonly statements: readonly string[];
}

/** Splits a migration file where drizzle-kit marked it. */
export function parseMigration(tag: string, text: string): Migration {
  return {
    tag,
    statements: text
      .split("--> statement-breakpoint")
      .map((part) => part.trim())
      .filter((part) => part !== ""),
  };
}

/** Rows of one statement of an `atomic` list, typed by the statement itself. */
export function rowsOf<Row>(_statement: Statement<Row>, rows: unknown[] | undefined): Row[] {
  // Engines return the rows in the order of the statements, decoded by each one's own `decode`.
  return (rows ?? []) as Row[];
}
