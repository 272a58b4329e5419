import type { Mutant } from "../mutant.ts";

const BY_HAND = "test/catalog/by-hand.test.ts";

const CREATE = "test/catalog/create-product.test.ts";

const LIST = "test/catalog/list-products.test.ts";

const SEARCH = "test/catalog/search.test.ts";

const PAYABLE = "is a whole number above nothing that Stripe can take, in a currency that exists";

/** Products, their variants and how they are found. That ids and SKUs are there once is what foreign keys need to work at all. */
export const CATALOG: readonly Mutant[] = [
  {
    name: "a product in a state that there is not",
    change: [`CHECK("products"."status" IN ('draft', 'active', 'archived'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of a state that there is not is refused",
  },
  {
    name: "two products have one address",
    change: ["CREATE UNIQUE INDEX `products_slug_unique`", "CREATE INDEX `products_slug_unique`"],
    dies: BY_HAND,
    by: "of a slug that is taken is refused",
  },
  {
    name: "a variant costs nothing",
    change: [`CHECK("variants"."amount" > 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of a price of nothing is refused",
  },
  {
    name: "a variant in half a currency",
    change: [`CHECK(length("variants"."currency") = 3)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of a currency of two letters is refused",
  },
  {
    name: "a variant opens with less than nothing",
    change: [`CHECK("variants"."opening_stock" >= 0)`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of an opening stock below nothing is refused",
  },
  {
    name: "another word for the stock than shoppers know",
    change: [`CHECK("variants"."availability" IN ('in_stock', 'low', 'sold_out'))`, "CHECK(1)"],
    dies: BY_HAND,
    by: "of another word for the stock is refused",
  },
  {
    name: "a new product is not found",
    change: [
      "...(indexed === undefined ? [] : [promiseIndexed(ctx, indexed)]),",
      "...(indexed !== undefined ? [] : [promiseIndexed(ctx, indexed)]),",
    ],
    dies: "test/catalog/search-index.test.ts",
    by: "is promised what a product says in the product's own batch",
  },
  {
    name: "a product's change is no news to the index",
    change: [
      "AFTER UPDATE OF title, description, status ON products BEGIN",
      "AFTER UPDATE OF title, description, status ON products WHEN 0 BEGIN",
    ],
    dies: "test/catalog/search-index.test.ts",
    by: "counts a version for each change of what is found",
  },
  {
    name: "drafts are read",
    change: [`drafts ? undefined : eq(products.status, "active"),`, ""],
    dies: "test/catalog/drafts.test.ts",
    by: "a draft or an archived product is neither listed nor found nor read",
  },
  {
    name: "drafts are listed",
    change: [".where(and(eq(products.status, p.status), rest))", ".where(rest)"],
    dies: "test/catalog/drafts.test.ts",
    by: "a draft or an archived product is neither listed nor found nor read",
  },
  {
    name: "a product that was archived is found until the index has heard of it",
    change: ["sql`+${products.status} = ${status}`", "sql`${status} IS NOT NULL`"],
    dies: "test/catalog/search-index.test.ts",
    by: "lets nobody find an archived product, before it has heard of it and after",
  },
  {
    name: "a walk meets a product twice",
    change: ["${before} (${after[0]}, ${after[1]})`", "${before}= (${after[0]}, ${after[1]})`"],
    dies: LIST,
    by: "by newest meets each product once, ties included, while others arrive",
  },
  {
    name: "what people type is the query language",
    change: ["(fold(text).match(WORD) ?? [])", `fold(text).split(" ")`],
    dies: SEARCH,
    by: "takes the signs of a query language for what people type",
  },
  {
    name: "a product has one SKU twice",
    change: ["if (seen.has(sku)) {", "if (false) {"],
    dies: CREATE,
    by: "has each SKU once, and one currency",
  },
  {
    name: "a product has two currencies",
    change: ["if (price.currency !== variants[0]?.price.currency) {", "if (false) {"],
    dies: CREATE,
    by: "has each SKU once, and one currency",
  },
  {
    name: "a price that can never be paid",
    change: [
      "  .extend({ amount: z.int().min(1) })\n  .superRefine(refuseUnpayable)\n",
      "  .extend({ amount: z.int().min(1) })\n",
    ],
    dies: CREATE,
    by: PAYABLE,
  },
  {
    name: "a price of nothing",
    change: [
      ".extend({ amount: z.int().min(1) })\n  .superRefine(refuseUnpayable)\n",
      ".superRefine(refuseUnpayable)\n",
    ],
    dies: CREATE,
    by: PAYABLE,
  },
];
