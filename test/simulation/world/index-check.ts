import type { World } from "./world.ts";

interface Known {
  readonly seq: number;
  readonly id: string;
  readonly version: number;
}

/** Products of which the index has something else than what they are by now, as sentences. */
export async function staleInIndex(world: World): Promise<string[]> {
  const products = await world.rows<Known>("SELECT seq, id, version FROM products");
  const indexed = await world.indexRows<Known>(
    "SELECT seq, product_id AS id, version FROM indexed_products",
  );
  const words = await world.indexRows<{ seq: number }>("SELECT rowid AS seq FROM product_words");
  const known = new Map(indexed.map((one) => [one.seq, one]));
  const inWords = new Set(words.map(({ seq }) => seq));
  const stale = products.filter(({ seq, id, version }) => {
    const found = known.get(seq);
    return found?.id !== id || found.version !== version || !inWords.has(seq);
  });
  return stale.map(({ id }) => `${id}: the index does not have what it is`);
}
