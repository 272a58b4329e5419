import { env } from "cloudflare:workers";
import type { call } from "./http.ts";
import { asAdmin } from "./people.ts";

let made = 0;

/** A word that no other product has, letters only. */
export function newWord(): string {
  made += 1;
  const digits = `${Date.now()}${made}`.split("");
  return `q${digits.map((digit) => "abcdefghij".charAt(Number(digit))).join("")}`;
}

export function newProduct(body: object) {
  const variants = [
    { sku: newWord().toUpperCase(), title: "One", price: { amount: 1000, currency: "EUR" } },
  ];
  return asAdmin("POST", "/api/v1/products", { body: { title: newWord(), variants, ...body } });
}

/** One more variant of a product, or what is said instead. */
export function addVariant(productId: string, more: object = {}) {
  const sku = newWord().toUpperCase();
  const body = { sku, title: "Another", price: { amount: 2000, currency: "EUR" }, ...more };
  return asAdmin("POST", `/api/v1/products/${productId}/variants`, { body });
}

/** Puts this many products with a variant each straight into the database; `word` is in every title. */
export async function fillCatalog(count: number, word: string): Promise<void> {
  const now = Date.now();
  await env.DB.batch([
    env.DB.prepare(
      `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?1)
       INSERT INTO products (id, slug, title, status, price_from, units_sold, created_at, updated_at)
       SELECT printf('prod_%s%05d', ?2, i), printf('%s-%05d', ?2, i), ?2 || ' number ' || i, 'active',
         100 + (i * 7919) % 10, (i * 104729) % 7, ?3 - (i / 3), ?3 FROM n`,
    ).bind(count, word, now),
    env.DB.prepare(
      `INSERT INTO variants (id, product_id, sku, title, amount, currency, position, opening_stock, created_at, updated_at)
       SELECT 'var_' || id, id, upper('SKU-' || slug), 'One', price_from, 'EUR', 0, seq % 12, created_at, updated_at
       FROM products WHERE id LIKE 'prod_' || ?1 || '%'`,
    ).bind(word),
  ]);
}

/** Every item of a list, page by page; `between` runs after each page. */
export async function walk<Item>(
  ask: typeof call,
  path: string,
  between: (page: number) => Promise<unknown> = async () => undefined,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | null = null;
  let page = 0;
  do {
    const next: string = cursor === null ? path : `${path}&cursor=${encodeURIComponent(cursor)}`;
    const answer = await ask("GET", next);
    if (answer.status !== 200) throw new Error(answer.text);
    items.push(...(answer.body.data as Item[]));
    cursor = answer.body.meta.nextCursor as string | null;
    page += 1;
    await between(page);
  } while (cursor !== null);
  return items;
}
