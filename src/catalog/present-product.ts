import { tagOf } from "../platform/http/answer.ts";
import { oneText } from "../platform/http/pagination.ts";
import type { KeptText } from "../platform/memory/kept.ts";
import { storedJson } from "../platform/stored-json.ts";
import { type Product, productSchema } from "./product.ts";
import type { Versioned } from "./shown/store.ts";
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

/**
 * The answer that shows a product, with its strong tag. Before the dash that has the version, which is all that a change
 * asks for: what is left of the stock and what the clock says are none of it.
 */
export async function tagged({ version, text }: Versioned): Promise<KeptText> {
  const body = oneText<Product>(text);
  return { text: body, etag: `"${version}-${(await tagOf(body)).slice(1)}` };
}

/** The tag of a part of a product: it is good for a change of any part, and of the product. */
export function tagOfPart({ version }: Versioned): string {
  return `"${version}"`;
}
