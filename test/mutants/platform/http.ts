import type { Mutant } from "../mutant.ts";

const HEADERS = "test/conventions/headers.test.ts";

const REQUESTS = "test/conventions/request-errors.test.ts";

const CORS = "test/conventions/cors.test.ts";

const FAILURES = "test/conventions/server-errors.test.ts";

const CACHING = "test/conventions/caching.test.ts";

const ROUTER = "test/conventions/router.test.ts";

const BUILDS = "test/conventions/statement-builds.test.ts";

const STORED = "test/platform/stored-json.test.ts";

/** What every request and every answer keeps. */
export const HTTP: readonly Mutant[] = [
  {
    name: "a body that nobody has asked for is taken for heard",
    change: ['if (nothing && text !== undefined && text !== "")', "if (false)"],
    dies: REQUESTS,
    by: "is refused by its fields, so that nobody takes a filter for heard",
  },
  {
    name: "a change of what has changed since it was read is made",
    change: [
      "if (!seen.includes((await tagOfData(await read())).slice(1, -1)))",
      "if (seen.length < 0)",
    ],
    dies: "test/conventions/if-match.test.ts",
    by: "is refused when it has changed since: of oneself",
  },
  ...(
    [
      ["() => getMe(ctx)", "of oneself"],
      ["() => getUser(ctx, input.id)", "of a user"],
      ["() => readHold(c.var.ctx, { id, token })", "of a hold"],
    ] as const
  ).map(
    ([read, by]): Mutant => ({
      name: `a stale tag ${by} is taken`,
      change: [read, "async () => ({}) as never"],
      dies: "test/conventions/if-match.test.ts",
      by,
    }),
  ),
  {
    name: "the tag of a key is not known when somebody takes it over",
    change: [
      "() => getApiKey(ctx, input),\n        () => keepApiKey",
      "async () => ({}) as never,\n        () => keepApiKey",
    ],
    dies: "test/conventions/if-match.test.ts",
    by: "of an API key, to take it over or to end it",
  },
  {
    name: "a stale tag of a key is taken when somebody ends it",
    change: [
      'await requireSeen(c.req.valid("header")["if-match"], () => getApiKey(ctx, input));',
      "void requireSeen;",
    ],
    dies: "test/conventions/if-match.test.ts",
    by: "of an API key, to take it over or to end it",
  },
  {
    name: "a body that was forgotten passes for an empty one",
    change: [
      'if (type === undefined) throw invalidField("json", "Is required: send a JSON object.");',
      "if (type === undefined) return { value: {} };",
    ],
    dies: "test/payments/refund-api.test.ts",
    by: "is not made by who forgot to say of what",
  },
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
    change: [`const OWN_SCRIPTS = "script-src 'self'";`, `const OWN_SCRIPTS = "script-src *";`],
    dies: HEADERS,
    by: "lets a page run what the shop has, and nothing else",
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
    change: [`if (!headers.has("Cache-Control")) headers.set("Cache-Control", UNCACHED);`, ""],
    dies: HEADERS,
    by: "is public for the catalog only",
  },
  {
    name: "every origin reads the answers",
    change: [`asking !== "" && allowed.includes(asking)`, `asking !== "" && allowed !== undefined`],
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
    change: ["    if (Number(length) > limit) tooLarge(limit);\n", ""],
    dies: REQUESTS,
    by: "is too large when its length says so",
  },
  {
    name: "a body of any size that does not say how long it is",
    change: ["maxSize: limit, onError", "maxSize: 100 * limit, onError"],
    dies: REQUESTS,
    by: "is too large when it turns out so, without a length",
  },
  {
    name: "a body of any type",
    change: ["  if (!isJson) throw notJson();\n", ""],
    dies: REQUESTS,
    by: "is of the wrong type when it does not say application/json",
  },
  {
    name: "whoever takes no JSON gets it",
    change: [`if (accepted === "")`, "if (false)"],
    dies: REQUESTS,
    by: "that excludes JSON is refused",
  },
  {
    name: "what was not accepted with any weight is accepted",
    change: [
      "(said.find((one) => one !== undefined)?.q ?? 0) > 0",
      "said.find((one) => one !== undefined) !== undefined",
    ],
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
    change: ["    await countCall(ctx, c.req);\n    throw unauthenticated();\n", "    return;\n"],
    dies: REQUESTS,
    by: "that are wrong or malformed are refused, also where none are needed",
  },
  {
    name: "the client is told what went wrong inside",
    change: [
      '`Something went wrong on our side. It has been recorded.${words ?? ""}`,',
      '`${error} ${words ?? ""}`,',
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
    name: "an answer that is still right is sent again",
    change: ["!isKnown(tag, known)", "isKnown(tag, known) !== undefined"],
    dies: CACHING,
    by: "that is still right saves the body",
  },
  {
    name: "an address keeps all of them from the fast router",
    change: [`.post("/account/end-others",`, `.post("/account/sessions/end-others",`],
    dies: ROUTER,
    by: "takes every address into one expression",
  },
  {
    name: "a statement is built each time",
    change: ["built ??= once(build(holes<V>()));", "built = once(build(holes<V>()));"],
    dies: BUILDS,
  },
  {
    name: "the text of a statement is for all of its shapes",
    change: ["const name = shape.join();", `const name = shape.join().slice(0, 0);`],
    dies: "test/platform/prepared.test.ts",
  },
  {
    name: "stored JSON is believed",
    change: ["    if (!check(value)) throw", "    if (check === undefined) throw"],
    dies: STORED,
    by: "is no answer to anybody",
  },
  {
    name: "stored JSON of before has no default",
    change: ["    object[name] ??= def.defaultValue;\n", ""],
    dies: STORED,
    by: "of before a field was there has its default",
  },
];
