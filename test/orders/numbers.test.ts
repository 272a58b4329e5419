import { describe, expect, it } from "vitest";
import { checkOut, makeSku, toPaymentPage } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const numbers = async () =>
  (await rows<{ number: number }>("SELECT number FROM orders ORDER BY number")).map(
    ({ number }) => number,
  );

/** An order with a number of its own, as one has that is written again. */
async function bringAlong(number: number): Promise<void> {
  const [hold, order] = [`rsv_${number}`, `ord_${number}`];
  await rows(
    `INSERT INTO reservations (id, ref, status, caller, caller_limit, actor, created_at, expires_at)
     SELECT ?1, 'hld_' || ?1, 'held', caller, 99, actor, created_at, expires_at
     FROM reservations LIMIT 1`,
    hold,
  );
  await rows(
    `INSERT INTO orders (id, number, status, payment_status, fulfillment_status, currency, subtotal, total,
      reservation_id, payment_terms, success_url, cancel_url, version, created_at, updated_at)
     SELECT ?, ?, 'pending_payment', 'unpaid', 'unfulfilled', currency, subtotal, total, ?, payment_terms,
      success_url, cancel_url, 1, created_at, updated_at FROM orders LIMIT 1`,
    ...[order, number, hold],
  );
}

/** They have no lines and no history, and go as what nobody has paid, with their holds. */
async function takeBack(): Promise<void> {
  for (const sql of [
    "UPDATE orders SET status = 'expired', updated_at = 1 WHERE id IN ('ord_2000', 'ord_7')",
    "UPDATE reservations SET status = 'expired', ended_at = 1 WHERE id IN ('rsv_2000', 'rsv_7')",
    "UPDATE retention_clock SET now = 9999999999",
    "DELETE FROM orders WHERE id IN ('ord_2000', 'ord_7')",
  ])
    await rows(sql);
}

describe("Order numbers", () => {
  it("count up from 1001, each given once, however many order at the same time", async () => {
    const sku = await makeSku(9);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => checkOut({ items: [{ sku, quantity: 1 }] })),
    );
    const told = answers.map(({ body }) => body.data.orderNumber).toSorted();
    expect(told).toEqual([1001, 1002, 1003, 1004, 1005]);
    expect(await numbers()).toEqual(told);
  });

  it("go on after the last that was given out, though no order has it any more", async () => {
    await toPaymentPage();
    const { orderId } = await toPaymentPage();
    await rows("UPDATE orders SET number = 1 WHERE id = ?", orderId);
    await toPaymentPage();
    expect(await numbers()).toEqual([1, 1001, 1003]);
  });

  it("go on after the largest that an order brought along, in whatever order they come", async () => {
    await toPaymentPage();
    await bringAlong(2000);
    await bringAlong(7);
    await toPaymentPage();
    expect(await numbers()).toEqual([7, 1001, 2000, 2001]);
    await takeBack();
  });

  it.each(["UPDATE order_numbers SET next = next - 1", "DELETE FROM order_numbers"])(
    "never go back: %s is refused",
    async (statement) => {
      await toPaymentPage();
      await expect(rows(statement)).rejects.toThrow("order_numbers_go_back");
      await toPaymentPage();
      expect(await numbers()).toEqual([1001, 1002]);
    },
  );
});
