import { describe, expect, it } from "vitest";
import { cancel, refund, type Sold, sell } from "../support/after-sale.ts";
import { asAdmin } from "../support/people.ts";
import { checkOut, makeSku, toPaymentPage } from "../support/shop.ts";
import { deliverAll, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const DAY_MS = 24 * 60 * 60_000;
const today = () => new Date().toISOString().slice(0, 10);
const usd = (amount: number) => ({ amount, currency: "USD" });

const report = async (query = "") =>
  (await asAdmin("GET", `/api/v1/reports/sales?${query}`)).body.data;
const totals = async () => {
  const [found] = (await report()).totals;
  if (found === undefined) return undefined;
  const { orders, units, total, refunds, refunded, net } = found;
  return [orders, units, total.amount, refunds, refunded.amount, net.amount];
};
const hear = async () => {
  await deliverAll();
  await settle();
};
const refundAtStripe = async ({ payment }: Sold, amount: number) => {
  const { id } = await stripe.control<{ id: string }>(`/payments/${payment}/refund`, { amount });
  await hear();
  return id;
};

describe("The report of sales", () => {
  it("adds up what was paid, by day and currency", async () => {
    await sell([
      { amount: 100, quantity: 2 },
      { amount: 50, quantity: 1 },
    ]);
    await sell([{ amount: 1000, quantity: 1 }]);
    await sell([{ amount: 700, quantity: 3 }], { currency: "EUR" });
    const { rows: found, ...about } = await report();
    expect(about).toMatchObject({ timeZone: "UTC", to: today(), interval: "day" });
    expect(found).toEqual([
      expect.objectContaining({ start: today(), orders: 1, units: 3 }),
      {
        ...{ start: today(), orders: 2, units: 4, refunds: 0 },
        ...{ subtotal: usd(1250), discount: usd(0), shipping: usd(0), tax: usd(0) },
        ...{ total: usd(1250), refunded: usd(0), net: usd(1250) },
      },
    ]);
  });

  it("leaves out what is not paid", async () => {
    await toPaymentPage();
    expect(await totals()).toBeUndefined();
  });

  it("counts an order with nothing to pay", async () => {
    const code = { code: "FREE", kind: "percentage", percentOff: 100 };
    await asAdmin("POST", "/api/v1/discounts", { body: code });
    const items = [{ sku: await makeSku(5), quantity: 2 }];
    expect((await checkOut({ items, discountCode: "FREE" })).body.data.status).toBe("paid");
    const [found] = (await report()).totals;
    expect(found).toMatchObject({ orders: 1, units: 2, discount: usd(5000), total: usd(0) });
  });

  it("counts what goes back on the day on which it does", async () => {
    const sold = await sell([{ amount: 1000, quantity: 1 }]);
    const first = today();
    await travel(2 * DAY_MS);
    await refund(sold, { amount: usd(300) });
    await hear();
    const { rows: found } = await report();
    expect(found).toEqual([
      expect.objectContaining({ start: first, orders: 1, refunds: 0, net: usd(1000) }),
      expect.objectContaining({ start: today(), orders: 0, refunds: 1, net: usd(-300) }),
    ]);
    expect(await totals()).toEqual([1, 1, 1000, 1, 300, 700]);
  });

  it("counts a refund of Stripe's dashboard, and takes it out of its day when it fails", async () => {
    const sold = await sell([{ amount: 1000, quantity: 1 }]);
    const id = await refundAtStripe(sold, 400);
    expect(await totals()).toEqual([1, 1, 1000, 1, 400, 600]);
    await travel(DAY_MS);
    await stripe.control(`/refunds/${id}/fail`, {});
    await hear();
    expect(await totals()).toEqual([1, 1, 1000, 0, 0, 1000]);
  });

  it("keeps the sale of an order that is canceled afterwards, beside its refund", async () => {
    const sold = await sell([{ amount: 1000, quantity: 1 }]);
    await cancel(sold);
    await hear();
    expect(await totals()).toEqual([1, 1, 1000, 1, 1000, 0]);
  });

  it("counts a lost dispute as money that went back, and no more once it is won", async () => {
    const sold = await sell([{ amount: 1000, quantity: 1 }]);
    const dispute = async (status: string) => {
      await stripe.control(`/payments/${sold.payment}/dispute`, { status });
      await hear();
    };
    await dispute("opened");
    expect(await totals()).toEqual([1, 1, 1000, 0, 0, 1000]);
    await dispute("lost");
    expect(await totals()).toEqual([1, 1, 1000, 1, 1000, 0]);
    await rows("UPDATE refunds SET status = 'failed'"); // as an appeal does
    expect(await totals()).toEqual([1, 1, 1000, 0, 0, 1000]);
    await rows("UPDATE orders SET refunded = 0, payment_status = 'paid'");
  });

  it("counts neither money that came too late for the stock nor its way back", async () => {
    const canceled = await toPaymentPage();
    const { payment_intent } = await stripe.pay(canceled.paymentUrl, { method: "bank_transfer" });
    await cancel(canceled);
    await stripe.settle(payment_intent, "succeeded");
    await hear();
    const [{ id } = { id: "" }] = await rows<{ id: string }>(
      "SELECT provider_refund_id AS id FROM refunds",
    );
    await stripe.control(`/refunds/${id}/succeed`, {});
    await hear();
    expect(await rows("SELECT status, captured, refunded FROM orders")).toEqual([
      { status: "canceled", captured: 2500, refunded: 2500 },
    ]);
    expect(await totals()).toBeUndefined();
  });

  it("sums up weeks from Monday and months from their first", async () => {
    await rows(
      `INSERT INTO order_events (order_id, seq, type, data, actor, created_at) SELECT 'x', 1, 'x', '{}', 'x', 1 WHERE 0`,
    );
    const days = ["2026-08-30", "2026-08-31", "2026-09-01", "2026-09-06", "2026-09-07"];
    for (const day of days)
      await rows("INSERT INTO sales_days (day, currency, total) VALUES (?, 'USD', 0)", day);
    const starts = async (interval: string) =>
      (await report(`from=2026-08-01&to=2026-09-30&interval=${interval}`)).rows.map(
        ({ start }: { start: string }) => start,
      );
    expect(await starts("day")).toEqual(days);
    expect(await starts("week")).toEqual(["2026-08-24", "2026-08-31", "2026-09-07"]);
    expect(await starts("month")).toEqual(["2026-08-01", "2026-09-01"]);
  });

  it("has a bounded number of days, the first of them before the last", async () => {
    const refused = async (query: string) =>
      expect((await asAdmin("GET", `/api/v1/reports/sales?${query}`)).body.error?.code).toBe(
        "VALIDATION_FAILED",
      );
    await refused("from=2026-02-01&to=2026-01-31");
    await refused("from=2025-01-01&to=2026-01-02");
    await refused("from=2026-02-30");
    expect((await report("from=2025-01-01&to=2026-01-01")).rows).toEqual([]);
    await refused("from=2010-01-01&to=2026-01-02&interval=month");
  });
});

describe("The report of products", () => {
  it("adds up what is sold of one thing on one day", async () => {
    const sku = await makeSku(9);
    for (const quantity of [2, 1]) {
      const { body } = await checkOut({ items: [{ sku, quantity }] });
      await stripe.pay(body.data.paymentUrl);
      await hear();
    }
    const { data } = (await asAdmin("GET", "/api/v1/reports/products")).body;
    expect(data.rows).toEqual([expect.objectContaining({ sku, units: 3, revenue: usd(7500) })]);
  });

  it("says what sold best, by what it brought or by how many", async () => {
    const { skus } = await sell([
      { amount: 100, quantity: 3 },
      { amount: 1000, quantity: 1 },
    ]);
    const best = async (sort: string) =>
      (await asAdmin("GET", `/api/v1/reports/products?sort=${sort}`)).body.data.rows;
    const [cheap, dear] = skus;
    expect(await best("revenue")).toEqual([
      expect.objectContaining({ sku: dear, units: 1, revenue: usd(1000) }),
      expect.objectContaining({ sku: cheap, units: 3, revenue: usd(300), variantTitle: "One" }),
    ]);
    expect((await best("units"))[0].sku).toBe(cheap);
    expect((await best("units&pageSize=1")).length).toBe(1);
  });
});

describe("The report of the stock", () => {
  it("is what lies on the shelf times its price, as counted in the hour", async () => {
    const sku = await makeSku(4, { amount: 250, currency: "EUR" });
    await makeSku(3);
    const stock = async () => (await asAdmin("GET", "/api/v1/reports/stock")).body.data.rows;
    await cron("7 * * * *");
    const counted = { day: today(), countedAt: new Date().toISOString(), skus: 1 };
    expect(await stock()).toEqual([
      { ...counted, units: 4, value: { amount: 1000, currency: "EUR" } },
      { ...counted, units: 3, value: usd(7500) },
    ]);
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
      body: { kind: "damage", quantity: 1, reason: "Broken" },
    });
    await cron("7 * * * *");
    expect((await stock())[0]).toMatchObject({ units: 3, value: { amount: 750 } });
    await travel(DAY_MS);
    await cron("7 * * * *");
    expect((await stock()).length).toBe(4);
  });
});
