/**
 * Loads drizzle-orm as CommonJS on Node. As ES modules its hundred files import each other in circles, and Node 26 links those in
 * 400 ms and 180 MB where Node 20 took 60 ms and 11 MB; the CommonJS build of the same code takes 50 ms and 21 MB.
 * Imported first by what starts on Node; everywhere else the ES modules are loaded as usual.
 */
import { registerHooks } from "node:module";

registerHooks({
  resolve: (specifier, context, next) =>
    /^drizzle-orm(\/|$)/.test(specifier)
      ? next(specifier, { ...context, conditions: ["require", "node"] })
      : next(specifier, context),
});
