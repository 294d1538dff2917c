const IRREGULAR: ReadonlyMap<string, string> = new Map(
  (
    "bought:buy paid:pay sent:send sold:sell lost:lose broke:break broken:break chose:choose chosen:choose made:make " +
    "using:use used:use uses:use went:go gone:go took:take taken:take gave:give given:give came:come wrote:write written:write " +
    "forgot:forget forgotten:forget found:find kept:keep left:leave meant:mean spent:spend stole:steal stolen:steal " +
    "withdrew:withdraw withdrawn:withdraw children:child people:person men:man women:woman feet:foot better:good best:good " +
    "lying:lie dying:die tying:tie paying:pay pays:pay buying:buy saying:say said:say got:get wrong:wrong news:news " +
    "during:during address:address addresses:address access:access business:business process:process " +
    "this:this bus:bus gas:gas plus:plus less:less us:us status:status bonus:bonus discuss:discuss cheque:check cheques:check " +
    "delivery:deliver deliveries:deliver sale:sell sales:sell wrongly:wrong thru:through tracking:track " +
    "quality:quality quantity:quantity identity:identity company:company companies:company country:country countries:country " +
    "colour:color colours:color favourite:favorite cancelled:cancel cancelling:cancel canceling:cancel cancellation:cancel"
  )
    .split(" ")
    .map((pair) => pair.split(":") as [string, string]),
);

/** Longest first; the number is how many letters must remain. */
const SUFFIXES: readonly (readonly [string, number, string])[] = [
  ["izations", 3, "iz"],
  ["ization", 3, "iz"],
  ["fulness", 3, ""],
  ["ations", 4, ""],
  ["ation", 4, ""],
  ["ments", 3, ""],
  ["ment", 3, ""],
  ["ances", 4, ""],
  ["ance", 4, ""],
  ["ences", 4, ""],
  ["ence", 4, ""],
  ["ating", 4, ""],
  ["ated", 4, ""],
  ["ates", 4, ""],
  ["able", 4, ""],
  ["ible", 4, ""],
  ["ness", 3, ""],
  ["ions", 4, ""],
  ["ings", 3, ""],
  ["ion", 4, ""],
  ["ate", 4, ""],
  ["ing", 3, ""],
  ["ies", 3, ""],
  ["ied", 3, ""],
  ["ive", 4, ""],
  ["ily", 4, ""],
  ["ers", 4, "er"],
  ["es", 3, ""],
  ["ed", 3, ""],
  ["ly", 4, ""],
  ["s", 3, ""],
  ["y", 3, ""],
  ["e", 3, ""],
];

/** A light stemmer: brings cancel, cancelled, cancellation together; never has to be right about real words. */
export function stem(word: string): string {
  const plain = word.endsWith("'s") ? word.slice(0, -2) : word;
  const known = IRREGULAR.get(plain);
  if (known !== undefined) return known.length > 3 && known.endsWith("e") ? known.slice(0, -1) : known;
  if (plain.length < 4 || !/^[a-z]+$/.test(plain)) return plain;
  for (const [suffix, remaining, replacement] of SUFFIXES) {
    if (!plain.endsWith(suffix) || plain.length - suffix.length < remaining) continue;
    if (suffix === "s" && plain.endsWith("ss")) return plain;
    return undouble(plain.slice(0, plain.length - suffix.length) + replacement);
  }
  return plain;
}

function undouble(root: string): string {
  const last = root.at(-1) ?? "";
  return root.length > 3 && last === root.at(-2) && /[bdfglmnprt]/.test(last) ? root.slice(0, -1) : root;
}
