/** What breaks careless code. */

/** Texts that break careless code. */
export const NAUGHTY: readonly string[] = [
  "<b>bold</b> & <script>alert(1)</script>",
  "*a* _b_ `c` [d](https://e.example) ~f~ |g|",
  "'; DROP TABLE messages; --",
  '{{ contact.phone }} {% raw %} $(id) "quoted" \\back',
  "שלום \u202egnorw\u202c مرحبا",
  "👨‍👩‍👧‍👦👍🏽🇯🇵 Z̷̢̛͎a̴l̵g̶o̸",
  "a\u0000b",
  "half \ud83d a pair",
  "line one\nline two\r\n\tthree",
  "007",
  "1e5",
  "undefined",
];

/** Every value of a body replaced by each of some it should not have; and every field left out. */
export function* mutations(body: unknown): Generator<unknown> {
  const wrong = [
    null,
    "",
    "\u0000",
    "\ud800",
    "x".repeat(3000),
    -1,
    1e308,
    2 ** 60,
    true,
    [],
    {},
    [[]],
    { a: { b: [] } },
  ];
  for (const path of paths(body)) for (const value of [undefined, ...wrong]) yield replaced(body, path, value);
}

function* paths(value: unknown, path: readonly string[] = []): Generator<readonly string[]> {
  if (path.length > 0) yield path;
  if (typeof value !== "object" || value === null) return;
  for (const [key, inner] of Object.entries(value)) yield* paths(inner, [...path, key]);
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value))
    return value.map((inner, index) => (String(index) === key ? replaced(inner, rest, by) : inner));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, name === key ? replaced(inner, rest, by) : inner]),
  );
}

/** Numerical Recipes' generator: the same run every time. */
export function createRandom(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** JSON that is legal, or nearly, and meant to hurt. */
export const HOSTILE_JSON: readonly string[] = [
  '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}',
  '{"a":1e400,"b":-1e400,"c":123456789012345678901234567890}',
  '{"message":{"message":1},"message":null}',
  `{"a":"${"\\ud800".repeat(1000)}"}`,
  `{${Array.from({ length: 5000 }, (_, n) => `"k${n}":${n}`).join(",")}}`,
  `${'{"a":'.repeat(5000)}1${"}".repeat(5000)}`,
  `[${"1,".repeat(50_000)}1]`,
  '\ufeff{"a":1}',
  '{"a":1}{"b":2}',
  '{"a":NaN,"b":Infinity}',
  "{'a':1}",
  '{"a":1,}',
];

/** The classics: entities that grow, entities that read files, and trees without end. */
export const HOSTILE_XML: readonly string[] = [
  `<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "${"&a;".repeat(10)}"><!ENTITY c "${"&b;".repeat(10)}"><!ENTITY d "${"&c;".repeat(10)}">]><xml><Content>&d;</Content></xml>`,
  '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><xml><Content>&f;</Content></xml>',
  '<!DOCTYPE x SYSTEM "http://169.254.169.254/latest/meta-data"><xml/>',
  `<xml>${"<a>".repeat(5000)}${"</a>".repeat(5000)}</xml>`,
  "<xml><__proto__><polluted>1</polluted></__proto__><constructor><prototype><polluted>1</polluted></prototype></constructor></xml>",
  "<xml><Content><![CDATA[never closed</Content></xml>",
  `<xml ${Array.from({ length: 2000 }, (_, n) => `a${n}="1"`).join(" ")}/>`,
  "<xml><a></b></xml>",
  '<?xml version="1.0" encoding="UTF-7"?><xml>+ADw-script+AD4-</xml>',
  "<xml><xi:include href='file:///etc/passwd' parse='text' xmlns:xi='http://www.w3.org/2001/XInclude'/></xml>",
];
