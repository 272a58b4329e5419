import { describe, expect, it } from "vitest";
import { checkOut, makeSku, toPaymentPage } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const numbers = async () =>
  (await rows<{ number: number }>("SELECT number FROM orders ORDER BY number")).map(
    ({ number }) => number,
  );

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

  it("go on after one that an order brought along", async () => {
    const { orderId } = await toPaymentPage();
    await rows(`INSERT INTO reservations SELECT 'rsv_x', 'held', NULL, NULL, actor, request_id, created_at, expires_at, NULL
      FROM reservations`);
    await rows(`INSERT INTO orders (id, number, status, payment_status, fulfillment_status, currency, subtotal, total,
      reservation_id, payment_terms, success_url, cancel_url, version, created_at, updated_at)
      SELECT 'ord_x', 2000, 'pending_payment', 'unpaid', 'unfulfilled', currency, subtotal, total, 'rsv_x', payment_terms,
        success_url, cancel_url, 1, created_at, updated_at FROM orders`);
    await toPaymentPage();
    expect(await numbers()).toEqual([1001, 2000, 2001]);
    await rows("DELETE FROM orders WHERE id = 'ord_x'");
    await rows("DELETE FROM reservations WHERE id = 'rsv_x'");
    expect(orderId).toMatch(/^ord_/);
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
