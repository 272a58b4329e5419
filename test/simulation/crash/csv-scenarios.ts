import { expectCount, request, type Scenario } from "./scenario.ts";
import type { CrashShop, Sent } from "./shop.ts";

const PRODUCTS = "slug,title,sku,variantTitle,price,currency,initialStock";

const post = (path: string, body?: string): Sent => ({
  method: "POST",
  path: `/api/v1${path}`,
  headers: { "Idempotency-Key": "one", "Content-Type": "text/csv" },
  ...(body === undefined ? {} : { body }),
});

const expectDone = (shop: CrashShop) =>
  expectCount(shop, 1, "FROM csv_jobs WHERE status = 'succeeded' AND phase = 'over'");

/** What was asked for is on disk: the fault falls into the queue's consumer. */
async function worked(
  shop: CrashShop,
  sent: Sent,
  expect: () => Promise<string[]>,
): Promise<{ attempt: () => Promise<void>; expect: () => Promise<string[]> }> {
  await shop.ok(shop.asOperator(sent));
  return {
    attempt: () => shop.work().then(() => undefined),
    expect: async () => [...(await expectDone(shop)), ...(await expect())],
  };
}

const nothingLeft = (shop: CrashShop) => expectCount(shop, 0, "FROM import_rows");

const expectStock = async (shop: CrashShop, sku: string) => [
  ...(await expectCount(shop, 1, "FROM stock_movements WHERE kind = 'adjust'")),
  ...(await expectCount(
    shop,
    1,
    "FROM stock_levels WHERE sku = ? AND on_hand = 9 AND low_stock_threshold = 4",
    sku,
  )),
  ...(await nothingLeft(shop)),
];

const expectProducts = async (shop: CrashShop) => [
  ...(await expectCount(shop, 2, "FROM variants WHERE sku LIKE 'CSV-%'")),
  ...(await expectCount(shop, 1, "FROM products WHERE slug = 'jar'")),
  ...(await nothingLeft(shop)),
];

const FILE = `${PRODUCTS}\njar,Moon jar,CSV-1,Small,90.00,EUR,3\njar,Moon jar,CSV-2,Large,140.00,EUR,\n`;

const LISTS = ["products", "stock", "orders"] as const;

export const CSV_SCENARIOS: readonly Scenario[] = [
  ...LISTS.map(
    (list): Scenario => ({
      name: `an export of ${list} is asked for`,
      route: `POST /exports/${list}`,
      stage: async (shop) => {
        await shop.sku(3);
        return request(shop, shop.asOperator(post(`/exports/${list}`)), () => expectDone(shop));
      },
    }),
  ),
  {
    name: "a list is written into a file",
    stage: async (shop) => {
      await shop.sku(3);
      return worked(shop, post("/exports/stock"), () => Promise.resolve([]));
    },
  },
  {
    name: "a file of stock is sent",
    route: "POST /imports/stock",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      const sent = post("/imports/stock", `sku,onHand,lowStockThreshold\n${sku},9,4\n`);
      return request(shop, shop.asOperator(sent), () => expectStock(shop, sku));
    },
  },
  {
    name: "a file of stock is applied",
    stage: async (shop) => {
      const sku = await shop.sku(3);
      const sent = post("/imports/stock", `sku,onHand,lowStockThreshold\n${sku},9,4\n`);
      return worked(shop, sent, () => expectStock(shop, sku));
    },
  },
  {
    name: "a file of products is sent",
    route: "POST /imports/products",
    stage: async (shop) =>
      request(shop, shop.asOperator(post("/imports/products", FILE)), () => expectProducts(shop)),
  },
  {
    name: "a file of products is applied",
    stage: async (shop) =>
      worked(shop, post("/imports/products", FILE), () => expectProducts(shop)),
  },
];
