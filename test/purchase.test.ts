import { describe, expect, it } from "vitest";
import { level, mails, order, toPaymentPage } from "./support/shop.ts";
import { deliverAll, stripe } from "./support/stripe.ts";
import { settle, useWorld } from "./support/world.ts";

useWorld();

describe("A purchase", () => {
  it("goes from the shelf to a paid order with a receipt", async () => {
    const bought = await toPaymentPage(10, 2);
    expect(await level(bought.sku)).toMatchObject({ onHand: 10, reserved: 2, available: 8 });
    await stripe.pay(bought.paymentUrl);
    await deliverAll();
    await settle();
    expect(await order(bought)).toMatchObject({
      status: "paid",
      paymentStatus: "paid",
      fulfillmentStatus: "unfulfilled",
      attention: null,
      total: { amount: 5000, currency: "USD" },
    });
    expect(await level(bought.sku)).toMatchObject({ onHand: 8, reserved: 0, available: 8 });
    const receipts = (await mails()).filter((mail) => mail.html.includes(bought.orderId));
    expect(receipts).toHaveLength(1);
    expect(receipts[0]).toMatchObject({ to: ["ada@example.com"] });
  });
});
