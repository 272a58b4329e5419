import type { Mutant } from "./mutant.ts";

const HEADERS = "test/conventions/headers.test.ts";
const REQUESTS = "test/conventions/request-errors.test.ts";
const CORS = "test/conventions/cors.test.ts";
const CURSOR = "test/platform/cursor.test.ts";
const LOG = "test/platform/log.test.ts";
const MONEY = "test/platform/money.test.ts";
const FAILURES = "test/conventions/server-errors.test.ts";
const CACHING = "test/conventions/caching.test.ts";

const redacted = (what: string, pattern: string): Mutant => ({
  name: `the log shows ${what}`,
  change: [`String.raw\`${pattern}\`,`, ""],
  dies: LOG,
  by: "has secrets and addresses taken out, wherever in a text they stand",
});

/** What every answer keeps, and what the log does not. */
export const HTTP: readonly Mutant[] = [
  ...[
    [
      `"Strict-Transport-Security": "max-age=63072000; includeSubDomains",`,
      "answers over plain HTTP",
    ],
    [`"X-Content-Type-Options": "nosniff",`, "answers of a guessed type"],
    [`"Referrer-Policy": "same-origin",`, "answers that tell others where one was"],
    [`"Cross-Origin-Opener-Policy": "same-origin",`, "pages that others hold"],
    [`"X-Frame-Options": "DENY",`, "pages in frames of others"],
    [
      `"Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",`,
      "pages that may use the camera",
    ],
  ].map(
    ([text = "", what = ""]): Mutant => ({
      name: what,
      change: [text, ""],
      dies: HEADERS,
      by: "carries the security headers",
    }),
  ),
  {
    name: "pages that run scripts of others",
    change: ["script-src 'self';", "script-src *;"],
    dies: HEADERS,
    by: "carries the security headers",
  },
  {
    name: "forms of other sites are taken, as browsers say it",
    change: [`: site !== "same-origin" && site !== "none";`, ": false;"],
    dies: "test/conventions/forms.test.ts",
    by: "of another site is refused, by the word of the browser",
  },
  {
    name: "forms of sister sites are taken",
    change: [`: site !== "same-origin" && site !== "none";`, `: site === "cross-site";`],
    dies: "test/conventions/forms.test.ts",
    by: "of another site is refused, by the word of the browser",
  },
  {
    name: "forms of other sites are taken from older browsers",
    change: ["? origin !== undefined && origin !== new URL(c.req.url).origin", "? false"],
    dies: "test/conventions/forms.test.ts",
    by: "of another site is refused, by its origin where the browser says no more",
  },
  {
    name: "a private answer is cached",
    change: [`if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", UNCACHED);`, ""],
    dies: HEADERS,
    by: "is public for the catalog only",
  },
  {
    name: "every origin reads the answers",
    change: ["(corsOrigins.includes(asking) ? asking : null)", "asking"],
    dies: CORS,
    by: "is told nothing that would let it read",
  },
  {
    name: "a request id may be anything",
    change: ["given !== null && SANE_REQUEST_ID.test(given)", "given !== null"],
    dies: HEADERS,
    by: "is a new one when the client's is not sane",
  },
  {
    name: "a body of any size",
    change: ["  maxSize: MAX_BODY_BYTES,", "  maxSize: 100 * MAX_BODY_BYTES,"],
    dies: REQUESTS,
    by: "is too large when its length says so",
  },
  {
    name: "a body of any type",
    change: ["      if (!(await isEmpty(raw))) throw notJson();\n", ""],
    dies: REQUESTS,
    by: "is of the wrong type when it does not say application/json",
  },
  {
    name: "whoever takes no JSON gets it",
    change: [`if (c.req.header("Accept") !== undefined && accepted === "") {`, "if (false) {"],
    dies: REQUESTS,
    by: "that excludes JSON is refused",
  },
  {
    name: "what was not accepted with any weight is accepted",
    change: ["({ type, q }) => q > 0 && [", "({ type }) => ["],
    dies: REQUESTS,
    by: "that excludes JSON is refused",
  },
  {
    name: "query parameters that there are not are ignored",
    change: ["const NO_QUERY = z.strictObject({});", "const NO_QUERY = z.object({});"],
    dies: REQUESTS,
    by: "has its unknown query parameters named, on lists and on single things",
  },
  {
    name: "a credential that is not good is as good as none",
    change: [
      "    await countCall(ctx, c.req);\n    throw unauthenticated();\n",
      "    return next();\n",
    ],
    dies: REQUESTS,
    by: "that are wrong or malformed are refused, also where none are needed",
  },
  {
    name: "the client is told what went wrong inside",
    change: [
      `new AppError("INTERNAL_ERROR", "Something went wrong on our side. It has been recorded.", {`,
      `new AppError("INTERNAL_ERROR", String(error), {`,
    ],
    dies: FAILURES,
    by: "tells the client nothing of its cause, and the log all but secrets",
  },
  {
    name: "a database that is away is a fault of ours",
    change: ["if (isDatabaseDown(error)) {", "if (false) {"],
    dies: FAILURES,
    by: "is a 503 that says when to come back, without the cause",
  },
  {
    name: "the shop is ready without its database",
    change: [
      `if (database.status === "down")\n        return`,
      `if (database.status === "up" && redis.status === "down")\n        return`,
    ],
    dies: FAILURES,
    by: "makes the shop unready, with the same body as a ready one",
  },
  {
    name: "a page of any size",
    change: [".max(MAX_PAGE_SIZE).default", ".default"],
    dies: "test/catalog/list-products.test.ts",
    by: "is 1 to 100 and a whole number, or the field is named",
  },
  {
    name: "a cursor of another list",
    change: ["    key.length === kinds.length &&\n", ""],
    dies: CURSOR,
    by: "that was not made here is refused, never taken for something else",
  },
  {
    name: "a cursor of other types",
    change: [
      `kind === "string" ? typeof key[i] === "string" : Number.isSafeInteger(key[i]),`,
      "key[i] !== undefined && kind !== undefined,",
    ],
    dies: CURSOR,
    by: "that was not made here is refused, never taken for something else",
  },
  {
    name: "the last page has a next one",
    change: ["rows.length > pageSize && last !== undefined", "last !== undefined"],
    dies: CURSOR,
    by: "says where the next one starts only when there is more",
  },
  {
    name: "a page meets its last row again",
    change: [
      "sql`(${time}, ${id}) < (${after[0]}, ${after[1]})`",
      "sql`(${time}, ${id}) <= (${after[0]}, ${after[1]})`",
    ],
    dies: "test/webhooks/inbox.test.ts",
    by: "lists events newest first, a page at a time, with a total and without the payloads",
  },
  {
    name: "an answer that is still right is sent again",
    change: [`app.use("/api/*", onlyJsonSent, conditional);`, `app.use("/api/*", onlyJsonSent);`],
    dies: CACHING,
    by: "that is still right saves the body",
  },
  redacted("keys to Stripe", "\\b(?:sk|rk|pk)_(?:test|live)_\\w+"),
  redacted("secrets of webhooks", "\\bwhsec_\\w+"),
  redacted("tokens of the shop", "\\b(?:hf|ot|rt|bs|link)_[\\w-]+"),
  redacted("links of mails", "\\betk_\\w+\\.[\\w-]+"),
  redacted("access tokens", "\\beyJ[\\w-]+\\.[\\w-]+\\.[\\w-]+"),
  redacted("whatever bears", "\\b[Bb]earer \\S+"),
  redacted(
    "addresses",
    "[\\p{L}\\p{N}._+-]{1,64}(?:@|%40)[\\p{L}\\p{N}-]{1,63}\\.[\\p{L}\\p{N}.-]+",
  ),
  {
    name: "the log shows what stands under a telling name",
    change: ["PRIVATE_KEY.test(key) && inner !== undefined && inner !== null", "false"],
    dies: LOG,
    by: "has what stands under a telling name taken out, whatever it looks like",
  },
  {
    name: "the log shows secrets in names",
    change: ["      redactText(key),\n", "      key,\n"],
    dies: LOG,
    by: "has secrets taken out of names too",
  },
  {
    name: "the log has lines of any length",
    change: [
      ".replace(PRIVATE_TEXT, REDACTED).slice(0, MAX_TEXT)",
      ".replace(PRIVATE_TEXT, REDACTED)",
    ],
    dies: LOG,
    by: "shows no stack, and stays short",
  },
  {
    name: "an error becomes milder on its way to the log",
    change: [
      `if (level === "error" || this.#level === "info") this.#level = level;`,
      "this.#level = level;",
    ],
    dies: LOG,
    by: "that notes what it survived says so on its one line, at the worst level seen",
  },
  {
    name: "an amount that cannot be paid in its currency",
    change: [
      "return amount % chargeStep(currency) === 0;",
      'return amount >= 0 && currency !== "";',
    ],
    dies: "test/catalog/create-product.test.ts",
    by: "is a whole number above nothing that Stripe can take, in a currency that exists",
  },
  {
    name: "an amount that Stripe has no digits for",
    change: ["const USUAL_MAX_DIGITS = 8;", "const USUAL_MAX_DIGITS = 9;"],
    dies: MONEY,
    by: "is, in every currency, what Stripe's digits have room for, and one step more is not",
  },
  {
    name: "a currency that there is not",
    change: ["MINOR_UNIT_DIGITS.has(code)", "code.length === 3"],
    dies: "test/catalog/create-product.test.ts",
    by: "is a whole number above nothing that Stripe can take, in a currency that exists",
  },
  {
    name: "a text with half a character in it",
    change: ["text.isWellFormed() && !CONTROL.test(text)", "!CONTROL.test(text)"],
    dies: "test/conventions/fuzz.test.ts",
    by: "as a reason stands in the ledger as it was sent, or is refused",
  },
  {
    name: "a text with a control character in it",
    change: ["text.isWellFormed() && !CONTROL.test(text)", "text.isWellFormed()"],
    dies: "test/conventions/fuzz.test.ts",
    by: "as a reason stands in the ledger as it was sent, or is refused",
  },
];
