/** The migrations of D1, carried in the bundle: a Worker has no disk. */
import init from "../../migrations/sqlite/0000_init.sql";
import guards from "../../migrations/sqlite/0001_guards.sql";
import learning from "../../migrations/sqlite/0002_learning.sql";
import { type Migration, parseMigration } from "../store/engine.ts";

const FILES = { "0000_init": init, "0001_guards": guards, "0002_learning": learning };

export const MIGRATIONS: readonly Migration[] = Object.entries(FILES).map(([tag, text]) => parseMigration(tag, text));
