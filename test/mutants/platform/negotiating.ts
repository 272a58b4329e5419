import type { Mutant } from "../mutant.ts";

const NEGOTIATION = "test/conventions/negotiation.test.ts";
const HEADERS = "test/conventions/headers.test.ts";

/** What HTTP says is read as HTTP means it. */
export const NEGOTIATING: readonly Mutant[] = [
  {
    name: "a type in capitals is another one",
    change: ["type.toLowerCase() === range", "type === range"],
    dies: NEGOTIATION,
    by: "is read in any case, and its most precise range decides",
  },
  {
    name: "a compressed body is read as it is",
    change: [
      `if (coding.trim().toLowerCase() !== "identity") throw encoded();`,
      "void [coding, encoded];",
    ],
    dies: NEGOTIATION,
    by: "is refused when it is compressed",
  },
  {
    name: "bytes that are no text become question marks",
    change: ["{ fatal: true, ignoreBOM: false }", "{ fatal: false, ignoreBOM: false }"],
    dies: NEGOTIATION,
    by: "are malformed when they are not UTF-8",
  },
  {
    name: "JSON with parameters is no JSON",
    change: [
      `return parameters.every((parameter) => parameter.trim() === "" || isFine(parameter));`,
      "return isFine !== undefined && parameters.length === 0;",
    ],
    dies: NEGOTIATION,
    by: "is JSON in UTF-8, however its parameters are written",
  },
  {
    name: "JSON in any encoding",
    change: [
      `name.toLowerCase() !== "charset" || UTF_8.includes`,
      `name.toLowerCase() !== "" || UTF_8.includes`,
    ],
    dies: NEGOTIATION,
    by: "is refused in any other encoding",
  },
  {
    name: "a body of no bytes is malformed where none is needed",
    change: [`  if (text === "" && !required) return undefined;\n`, ""],
    dies: NEGOTIATION,
    by: "need not be there where the route can do without",
  },
  {
    name: "a list of tags is its first one",
    change: ['const TAGS = /(?:W\\/)?"([^"]*)"/g;', 'const TAGS = /^(?:W\\/)?"([^"]*)"/g;'],
    dies: NEGOTIATION,
    by: "takes a list in which our tag is",
  },
  {
    name: "any list of tags is good",
    change: ["IN ${among(seen)}`", "IS NOT NULL AND ${JSON.stringify(seen)} IS NOT NULL`"],
    in: "discounts/store",
    dies: NEGOTIATION,
    by: "refuses a list in which our tag is not",
  },
  {
    name: "OPTIONS of nothing is something",
    change: [`if (allowed.length === 0) throw unknownAddress("OPTIONS", allowed);`, ""],
    dies: NEGOTIATION,
    by: "finds nothing where nothing is",
  },
  {
    name: "OPTIONS does not say which methods there are",
    change: [`headers: { Allow: allowed.join(", ") }`, "headers: {}"],
    dies: NEGOTIATION,
    by: "says which methods an address has",
  },
  {
    name: "forms do not go on to the shop's own domain of the payment page",
    change: [
      "checkoutUrl === undefined ? apiUrl : `${apiUrl} ${checkoutUrl}`",
      "checkoutUrl === undefined ? apiUrl : apiUrl",
    ],
    dies: HEADERS,
    by: "may go on to Stripe's payment page, and to the shop's own domain of it",
  },
  {
    name: "a variable smuggles a policy in",
    change: [
      `.regex(ONE_HOST, "must be one origin, no path")`,
      ".max(ONE_HOST === undefined ? 0 : 1000)",
    ],
    dies: HEADERS,
    by: "goes nowhere that a variable could smuggle in",
  },
  {
    name: "what staff see of the catalog is everybody's cache's",
    change: [
      "(seesDrafts(ctx) ? UNCACHED : PUBLIC_CATALOG)",
      `(seesDrafts(ctx) && UNCACHED === "" ? UNCACHED : PUBLIC_CATALOG)`,
    ],
    dies: HEADERS,
    by: "is public for the catalog only, and not as staff see it",
  },
];
