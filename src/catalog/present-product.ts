import { storedJson } from "../platform/stored-json.ts";
import { type Product, productSchema } from "./product.ts";
import type { ProductRow } from "./store.ts";

const read = storedJson(productSchema);

/** The product as the API shows it. */
export function presentProduct(row: Pick<ProductRow, "product">): Product {
  return read(row.product);
}

/** The same as text, for who passes it on. */
export function productText(row: Pick<ProductRow, "product">): string {
  return row.product;
}
