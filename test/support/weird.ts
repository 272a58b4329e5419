import fc from "fast-check";

const TEN_KB = 10_000;

function nested(depth: number): string {
  return `${"[".repeat(depth)}${"]".repeat(depth)}`;
}

/** What nobody sends by accident. */
export const NASTY_TEXT = [
  "",
  " ",
  "\0",
  "a\0b",
  "\ud800",
  "\udfff tail",
  "\u202e\u2066",
  "\ufeff",
  "'; DROP TABLE products; --",
  "%00%ff",
  "../../etc/passwd",
  "..%2f..",
  "__proto__",
  "constructor",
  "x".repeat(TEN_KB),
  "💥".repeat(500),
  "1e999",
  "-0",
  "NaN",
  "null",
  "[object Object]",
  "prod_",
  "rsv_\0",
];
const NASTY_NUMBERS = [
  0,
  -0,
  -1,
  1.5,
  1e21,
  -1e21,
  1e308,
  5e-324,
  2 ** 31,
  2 ** 53,
  2 ** 63,
  -(2 ** 63),
];

const text = fc.oneof(
  fc.constantFrom(...NASTY_TEXT),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc.string({ maxLength: 20 }),
);
/** As JSON: what a failing test prints must be well-formed. */
export const literal = text.map((one) => JSON.stringify(one));
const scalar: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom<unknown>(...NASTY_NUMBERS, true, null, [], {}),
);

/** Bodies that look right, each with something wrong in it. */
const SHAPES: Record<string, (wrong: unknown, word: string) => unknown> = {
  product: (wrong, word) => ({
    title: word,
    variants: [
      { sku: "FUZZ", title: wrong, price: { amount: 100, currency: "EUR" }, initialStock: 1 },
    ],
  }),
  price: (wrong, word) => ({
    title: word,
    variants: [
      { sku: "FUZZ", title: "One", price: { amount: wrong, currency: word }, initialStock: wrong },
    ],
  }),
  titled: (wrong, word) => ({
    title: wrong,
    slug: word,
    description: word,
    status: "active",
    variants: [
      { sku: crypto.randomUUID(), title: word || "One", price: { amount: 100, currency: "EUR" } },
    ],
  }),
  described: (wrong, word) => ({
    title: "Fuzz",
    slug: crypto.randomUUID(),
    description: wrong,
    variants: [{ sku: crypto.randomUUID(), title: word, price: { amount: 100, currency: "EUR" } }],
  }),
  movement: (wrong, word) => ({ kind: "receive", quantity: 1, reason: word, extra: wrong }),
  reason: (_, word) => ({ kind: "receive", quantity: 1, reason: word }),
  quantity: (wrong, word) => ({ kind: "adjust", quantity: wrong, reason: word }),
  items: (wrong, word) => ({
    items: [
      { sku: "KNOWN", quantity: wrong },
      { sku: word, quantity: 1 },
    ],
  }),
  checkout: (wrong, word) => ({
    items: [{ sku: "KNOWN", quantity: 1 }],
    email: word,
    successUrl: wrong,
    cancelUrl: "https://a.test",
  }),
  refund: (wrong, word) => ({ amount: wrong, reason: word }),
  returned: (wrong, word) => ({
    amount: { amount: 1, currency: word },
    items: [{ sku: word, quantity: wrong, restock: "cancel" }],
  }),
  parcel: (wrong, word) => ({ carrier: word, trackingNumber: wrong }),
  claim: (_, word) => ({
    reservationId: word,
    successUrl: "https://a.test",
    cancelUrl: "https://a.test",
  }),
};

const shaped = fc
  .tuple(fc.constantFrom(...Object.values(SHAPES)), scalar, text)
  .map(([shape, wrong, word]) => JSON.stringify(shape(wrong, word)));
const raw = fc.oneof(
  fc.constantFrom(
    "",
    "{",
    "null",
    "[]",
    '"',
    nested(5000),
    `{"items":${nested(20_000)}}`,
    '{"__proto__":{"a":1}}',
    '{"items":[{"__proto__":1}]}',
    '{"constructor":{"prototype":1}}',
    '{"a":1,"a":2}',
    "\ufeff{}",
    "\0",
  ),
  fc.json({ maxDepth: 4 }),
  text.map((one) => one.toWellFormed()),
);
export const body = fc.oneof(shaped, raw);

const names = fc.constantFrom(
  "pageSize",
  "cursor",
  "include",
  "q",
  "sort",
  "lowStock",
  "status",
  "email",
  "constructor",
  "x",
);
export const query = fc.oneof(
  fc
    .array(
      fc.tuple(
        names,
        fc.oneof(
          text,
          fc.constantFrom("total", "1", "price", btoa('[1e400,"a"]'), btoa('[-5,"\\u0000"]')),
        ),
      ),
      { maxLength: 3 },
    )
    .map((pairs) => `?${new URLSearchParams(pairs)}`),
  fc.constantFrom(
    "",
    "?%",
    "?&&==&",
    "?%ff=%fe",
    "?a[]=1&a[b]=2",
    "?__proto__=1",
    "?pageSize[]=1",
    "?cursor=%",
  ),
);

/** A path segment as a client may write it: encoded, or as rough as a URL can be. */
export const segment = fc.oneof(
  text.map((one) => encodeURIComponent(one.toWellFormed())),
  fc.constantFrom(
    "%00",
    "%ff%fe",
    "%",
    "%zz",
    ".",
    "..%2f",
    "KNOWN",
    "a;b=c",
    "~",
    "%20",
    "x".repeat(TEN_KB),
  ),
);
