import type { Mutant } from "../mutant.ts";

const DRAFTS = "test/catalog/drafts.test.ts";
const LISTS = "test/catalog/list-products.test.ts";
const SEARCH_INDEX = "test/catalog/search-index.test.ts";
const SEARCH_PLANS = "test/catalog/search-plans.test.ts";
const SKUS = "test/catalog/skus.test.ts";
const SLUGS = "test/catalog/slugs.test.ts";

/** The index of words, drafts, and text as people write it. */
export const SEARCH: readonly Mutant[] = [
  {
    name: "everybody sees drafts",
    change: [`return isStaff(actor, "catalog:write");`, "return actor !== undefined;"],
    dies: DRAFTS,
    by: "a draft or an archived product is neither listed nor found nor read",
  },
  {
    name: "staff see no drafts",
    change: [`return isStaff(actor, "catalog:write");`, "return actor === undefined;"],
    dies: DRAFTS,
    by: "drafts and archived products are where they are said to be",
  },
  {
    name: "shoppers ask for a list of drafts",
    change: [`if (status !== "active") refuseShoppers(ctx, status);`, "void refuseShoppers;"],
    dies: DRAFTS,
    by: "a list of drafts is refused",
  },
  {
    name: "the storefront shows drafts to staff",
    change: [
      "find(ctx, idOrSlug, { drafts: false })",
      "find(ctx, idOrSlug, { drafts: seesDrafts(ctx) })",
    ],
    dies: DRAFTS,
    by: "shows nobody what is not for sale, not even staff",
  },
  {
    name: "a search for no word fails",
    change: ["const match = matchText(q);", `const match = matchText(q) ?? "";`],
    dies: "test/catalog/search.test.ts",
    by: "finds nothing, and not everything",
  },
  {
    name: "an index that was never filled finds nothing",
    change: ["state === undefined || state.filled === 0", "state === undefined"],
    dies: SEARCH_INDEX,
    by: "a search is refused instead of finding nothing",
  },
  {
    name: "a list goes on in another order",
    change: ["      requireOrder(at?.[2], sort);\n", ""],
    dies: LISTS,
    by: "goes on in its own order alone",
  },
  {
    name: "a search goes on in another order",
    change: ["  requireOrder(after?.[3], sort);\n", ""],
    dies: LISTS,
    by: "goes on in its own order alone",
  },
  {
    name: "the index hears nothing of a new variant",
    change: ["      indexed: { productId },\n", ""],
    dies: SEARCH_INDEX,
    by: "has what the variants on offer are called",
  },
  {
    name: "the index hears nothing of a variant that is called otherwise",
    change: ["title !== undefined || archived !== undefined;", "archived !== undefined;"],
    dies: SEARCH_INDEX,
    by: "has what the variants on offer are called",
  },
  {
    name: "the index hears nothing of a variant that is offered again",
    change: ["title !== undefined || archived !== undefined;", "title !== undefined;"],
    dies: SEARCH_INDEX,
    by: "has what the variants on offer are called",
  },
  {
    name: "the index hears nothing of a variant that is offered no more",
    change: ["      indexed: { variantId: id },\n", ""],
    dies: SEARCH_INDEX,
    by: "has what the variants on offer are called",
  },
  {
    name: "the index has variants that are not offered",
    change: ["v.product_id = products.id AND v.archived_at IS NULL", "v.product_id = products.id"],
    dies: SEARCH_INDEX,
    by: "has what the variants on offer are called",
  },
  {
    name: "the index takes what a consumer read before a change",
    change: ["OR excluded.version >= version))`", "OR excluded.version > -1))`"],
    dies: SEARCH_INDEX,
    by: "does not take what a consumer read before a change",
  },
  {
    name: "the index keeps what it had of a later version before the shop was restored",
    change: [
      "WHERE excluded.generation > generation OR (excluded.generation = generation",
      "WHERE (excluded.generation >= 0",
    ],
    dies: SEARCH_INDEX,
    by: "writes over what it has of a later version than the shop",
  },
  {
    name: "a page far from the newest costs the whole index",
    change: ["CAST(${newest} AS INTEGER)", "${newest}"],
    dies: SEARCH_PLANS,
    by: "reads as much as it shows, wherever the page is",
  },
  {
    name: "the index keeps products that there are no more",
    change: [
      "const range = { after, through, generation, limit: FORGOTTEN };",
      "const range = { after, through, generation: 0, limit: FORGOTTEN };",
    ],
    dies: SEARCH_INDEX,
    by: "forgets products that there are no more",
  },
  {
    name: "another order than the newest sorts the whole index",
    change: ["const MAX_SORTED = 1000;", "const MAX_SORTED = 100_000;"],
    dies: SEARCH_PLANS,
    by: "1000 at most",
  },
  {
    name: "a SKU is kept as it was typed",
    change: [
      '  .toUpperCase()\n  .meta({ description: "In any case',
      `  .meta({ description: "In any case`,
    ],
    dies: SKUS,
    by: "kept and answered in capitals",
  },
  {
    name: "a SKU in small letters, whoever writes",
    change: [`CHECK("variants"."sku" = upper("variants"."sku"))`, "CHECK(1)"],
    dies: SKUS,
    by: "whatever writes past the shop",
  },
  {
    name: "a title that is taken is refused",
    change: [
      `const NUMBERS = ["", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"];`,
      `const NUMBERS = [""];`,
    ],
    dies: SLUGS,
    by: "is refused only where it was sent",
  },
  {
    name: "letters that Unicode does not take apart stay as they are",
    change: [
      "    .replaceAll(FOLDED, (letter) => LETTERS[letter] ?? letter);",
      '    .replaceAll("\\0", (letter) => (FOLDED, LETTERS[letter]) ?? letter);',
    ],
    dies: SLUGS,
    by: "Stra",
  },
  {
    name: "an address is another one with what nobody sees in it",
    change: ["    .overwrite(asEmail)\n", ""],
    dies: "test/conventions/typed-text.test.ts",
    by: "at registration and sign-in, in the API and on pages",
  },
];
