import type { World } from "./world.ts";

interface Known {
  readonly seq: number;
  readonly id: string;
  readonly version: number;
}

/** What the index has to have of each kind, and where it has it. */
const KINDS = {
  products: {
    ofShop: "SELECT seq, id, version FROM products",
    indexed: "SELECT seq, product_id AS id, version FROM indexed_products",
    words: "product_words",
  },
  // Whatever happens to an order after its money came, its words stay, but for the numbers of its parcels.
  orders: {
    ofShop: `
      SELECT number AS seq, id, (SELECT max(e.seq) FROM order_events e WHERE e.order_id = o.id AND (
        e.type IN ('order.paid', 'payment.returned')
        OR (e.type = 'order.fulfilled' AND e.data ->> 'trackingNumber' IS NOT NULL))) AS version
      FROM orders o WHERE payment_status NOT IN ('unpaid', 'processing', 'failed')`,
    indexed: "SELECT seq, order_id AS id, version FROM indexed_orders",
    words: "order_words",
  },
  // Who was made past the shop has no password, and the index has heard of them by no promise.
  customers: {
    ofShop: `
      SELECT seq, id, version FROM customers c
      WHERE NOT EXISTS (SELECT 1 FROM users u WHERE u.email = c.email AND u.password_hash IS NULL)`,
    indexed: "SELECT seq, customer_id AS id, version FROM indexed_customers",
    words: "customer_words",
  },
} as const;

/** Products, orders and customers of which the index has something else than what they are by now, as sentences. */
export async function staleInIndex(world: World): Promise<string[]> {
  const stale = await Promise.all(Object.values(KINDS).map((kind) => staleOf(world, kind)));
  return stale.flat();
}

async function staleOf(
  world: World,
  { ofShop, indexed, words }: (typeof KINDS)[keyof typeof KINDS],
): Promise<string[]> {
  const [things, known, inWords] = await Promise.all([
    world.rows<Known>(ofShop),
    world.indexRows<Known>(indexed),
    world.indexRows<{ seq: number }>(`SELECT rowid AS seq FROM ${words}`),
  ]);
  const knownBySeq = new Map(known.map((one) => [one.seq, one]));
  const found = new Set(inWords.map(({ seq }) => seq));
  const stale = things.filter(({ seq, id, version }) => {
    const one = knownBySeq.get(seq);
    return one?.id !== id || one.version < version || !found.has(seq);
  });
  return stale.map(({ id }) => `${id}: the index does not have what it is`);
}

/** Customers who are gone, and whose words the index has nevertheless. Nobody is put back here. */
export async function goneInIndex(world: World): Promise<string[]> {
  const [there, inWords] = await Promise.all([
    world.rows<{ seq: number }>("SELECT seq FROM customers"),
    world.indexRows<{ seq: number }>("SELECT rowid AS seq FROM customer_words WHERE words <> ''"),
  ]);
  const seqs = new Set(there.map(({ seq }) => seq));
  const gone = inWords.filter(({ seq }) => !seqs.has(seq));
  return gone.map(({ seq }) => `customer ${seq}: the index has them still`);
}
