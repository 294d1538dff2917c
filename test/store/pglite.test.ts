import { testStore } from "../conformance/store.ts";
import { pgliteEngine } from "../support/engines.ts";

testStore("PGlite", async () => pgliteEngine());
