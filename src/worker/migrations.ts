/** The migrations of D1, carried in the bundle: a Worker has no disk. */
import init from "../../migrations/sqlite/0000_init.sql";
import guards from "../../migrations/sqlite/0001_guards.sql";
import learning from "../../migrations/sqlite/0002_learning.sql";
import media from "../../migrations/sqlite/0003_media.sql";
import windows from "../../migrations/sqlite/0004_windows.sql";
import identity from "../../migrations/sqlite/0005_identity.sql";
import flows from "../../migrations/sqlite/0006_flows.sql";
import editor from "../../migrations/sqlite/0007_editor.sql";
import privacy from "../../migrations/sqlite/0008_privacy.sql";
import duty from "../../migrations/sqlite/0009_duty.sql";
import starters from "../../migrations/sqlite/0010_starters.sql";
import indexSnapshots from "../../migrations/sqlite/0011_index_snapshots.sql";
import review from "../../migrations/sqlite/0012_review.sql";
import { type Migration, parseMigration } from "../store/engine.ts";

const FILES = {
  "0000_init": init,
  "0001_guards": guards,
  "0002_learning": learning,
  "0003_media": media,
  "0004_windows": windows,
  "0005_identity": identity,
  "0006_flows": flows,
  "0007_editor": editor,
  "0008_privacy": privacy,
  "0009_duty": duty,
  "0010_starters": starters,
  "0011_index_snapshots": indexSnapshots,
  "0012_review": review,
};

export const MIGRATIONS: readonly Migration[] = Object.entries(FILES).map(([tag, text]) => parseMigration(tag, text));
