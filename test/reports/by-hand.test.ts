import { describe, expect, it } from "vitest";
import { refund, sell } from "../support/after-sale.ts";
import { deliverAll } from "../support/stripe.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

const refused = (sql: string) =>
  rows(sql).then(
    () => "done",
    (error: Error) => error.message,
  );

describe("The books of the days by hand", () => {
  it("stay, and are never below zero", async () => {
    await sell([{ amount: 100, quantity: 1 }]);
    expect(await refused("DELETE FROM sales_days")).toContain("sales_days stay");
    expect(await refused("DELETE FROM product_days")).toContain("product_days stay");
    for (const column of [
      "orders",
      "units",
      "subtotal",
      "discount",
      "shipping",
      "tax",
      "total",
      "refunds",
      "refunded",
    ])
      expect(await refused(`UPDATE sales_days SET ${column} = -1`)).toContain("sales_days_counts");
    for (const column of ["units", "revenue"])
      expect(await refused(`UPDATE product_days SET ${column} = -1`)).toContain(
        "product_days_counts",
      );
  });

  it("count a refund once, however often it is said to have succeeded", async () => {
    const sold = await sell([{ amount: 100, quantity: 1 }]);
    await refund(sold, { amount: { amount: 40, currency: "USD" } });
    await deliverAll();
    await settle();
    await rows("UPDATE refunds SET status = 'succeeded'");
    expect(await rows("SELECT refunds, refunded FROM sales_days")).toEqual([
      { refunds: 1, refunded: 40 },
    ]);
  });

  it("count what goes back of a free order at once", async () => {
    const sold = await sell([{ amount: 100, quantity: 2 }]);
    await rows(`INSERT INTO refunds (id, order_id, status, amount, currency, reason, source, actor, created_at, updated_at)
      SELECT 'ref_free', id, 'succeeded', 0, currency, 'x', 'shop', 'x', 1, updated_at FROM orders WHERE id = '${sold.orderId}'`);
    expect(await rows("SELECT refunds, refunded FROM sales_days")).toEqual([
      { refunds: 1, refunded: 0 },
    ]);
    await rows("UPDATE orders SET payment_status = 'partially_refunded' WHERE 0");
  });
});
