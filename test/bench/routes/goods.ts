import type { Ask } from "../load/connection.ts";

/** More than any run sells. */
const PLENTY = 1_000_000;
const PRICE = { amount: 1900, currency: "EUR" };

export const GOODS = {
  sku: "BENCH-PLENTY",
  slug: "bench-plenty",
  soldOutSku: "BENCH-SOLD-OUT",
  dropSku: "BENCH-DROP",
  dropUnits: 500,
};

/** A request of staff's, or of a program's with a key. */
export function asStaff(apiKey: string, method: string, path: string, body?: object): Ask {
  return {
    ...{ method, path },
    headers: { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** Puts on sale what the measured requests ask for. */
function offer(apiKey: string, sku: string, initialStock: number): Ask {
  const variants = [{ sku, title: "One", price: PRICE, initialStock }];
  const product = { title: sku.replace("BENCH-", "Bench "), status: "active", variants };
  return asStaff(apiKey, "POST", "/api/v1/products", product);
}

export const offers = (apiKey: string): Ask[] => [
  offer(apiKey, GOODS.sku, PLENTY),
  offer(apiKey, GOODS.soldOutSku, 0),
  offer(apiKey, GOODS.dropSku, GOODS.dropUnits),
];
