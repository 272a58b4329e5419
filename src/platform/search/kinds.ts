/** What is found by words: each kind in tables of its own, with a filling of its own (`migrations-search/`). */
export const INDEX = {
  products: {
    indexed: "indexed_products",
    id: "product_id",
    words: "product_words",
    columns: ["words", "stems", "status"],
  },
  orders: {
    indexed: "indexed_orders",
    id: "order_id",
    words: "order_words",
    columns: ["words", "stems"],
  },
  customers: {
    indexed: "indexed_customers",
    id: "customer_id",
    words: "customer_words",
    columns: ["words"],
  },
} as const;

export type IndexKind = keyof typeof INDEX;
export const INDEX_KINDS = [
  "products",
  "orders",
  "customers",
] as const satisfies readonly IndexKind[];
