import { join } from "node:path";
import { readCrons } from "../../../scripts/dev/cron.ts";
import type { Ask } from "../load/connection.ts";
import type { Side } from "../measure/side.ts";
import { asStaff } from "../routes/goods.ts";
import { lookAt } from "../shop/look.ts";
import { copySample } from "../shop/sample-shop.ts";
import type { OneStatement } from "../worker/program.ts";
import { CRON_PATH, type Visit } from "../worker/recorded.ts";

/** The audit adds everything up, once an hour: it reads all rows by purpose, and at a million it takes minutes. */
const AUDIT = "7 * * * *";

/** What staff look for, by every filter that a list has. */
const LISTS = [
  ...["newest", "price", "-price", "popular"].map((sort) => `/products?sort=${sort}`),
  ...["/inventory", "/inventory?lowStock=true", "/inventory/SKU-0000007/movements"],
  ...["/reservations", "/reservations?status=held", "/reservations?sku=SKU-0000007"],
  "/reservations?caller=guest_000000000007",
  ...["pending_payment", "paid", "canceled", "expired"].map((one) => `/orders?status=${one}`),
  ...["unpaid", "paid", "refunded", "disputed"].map((one) => `/orders?paymentStatus=${one}`),
  ...["unfulfilled", "fulfilled"].map((one) => `/orders?fulfillmentStatus=${one}`),
  ...[
    "/orders?email=customer0000007@example.com",
    "/orders?status=paid&fulfillmentStatus=unfulfilled",
  ],
  ...["/discounts", "/discounts?code=BENCH07", "/users", "/api-keys", "/audit-log"],
  ...["/webhook-events", "/webhook-events?provider=stripe", "/webhook-events?status=processed"],
  ...["/webhook-events?type=checkout.session.completed", "/dead-letters"],
];

/** Asks a copy of the shop for everything once; answers the different statements that this took. */
export async function askEverything(side: Side): Promise<OneStatement[]> {
  const look = await lookAt({ ...side, sample: copySample(side.sample) });
  try {
    await look.done();
    for (const path of LISTS) await look.read(asStaff(side.sample.apiKey, "GET", `/api/v1${path}`));
    const crons = readCrons(join(side.root, "wrangler.toml")).filter((one) => one !== AUDIT);
    for (const cron of crons) await look.read(cronAsk(cron));
    const visits = [await look.done(), ...[...side.visits.values()].flat()];
    return [...new Map(visits.flatMap(statementsOf).map((one) => [one.sql, one])).values()];
  } finally {
    await look.stop();
  }
}

const cronAsk = (cron: string): Ask => ({
  method: "GET",
  path: `${CRON_PATH}?cron=${encodeURIComponent(cron)}`,
});

const statementsOf = ({ trips }: Visit): OneStatement[] =>
  trips.flatMap(({ database, statements }) =>
    statements.map(({ sql, params }) => ({ database, sql, params })),
  );
