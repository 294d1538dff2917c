/**
 * What makes a start on Node quick; imported first by what starts there.
 *
 * Compiled code is kept from one start to the next, beside the packages and as trusted as they are: stripping the types of some four
 * hundred files takes a third of a second. Where the folder cannot be written nothing is kept.
 *
 * Loads drizzle-orm as CommonJS on Node. As ES modules its hundred files import each other in circles, and Node 26 links those in
 * 400 ms and 180 MB where Node 20 took 60 ms and 11 MB; the CommonJS build of the same code takes 50 ms and 21 MB.
 * Everywhere else the ES modules are loaded as usual.
 */
import { enableCompileCache, registerHooks } from "node:module";
import { fileURLToPath } from "node:url";

enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/xiaoer-compiled", import.meta.url)));

registerHooks({
  resolve: (specifier, context, next) =>
    /^drizzle-orm(\/|$)/.test(specifier)
      ? next(specifier, { ...context, conditions: ["require", "node"] })
      : next(specifier, context),
});
