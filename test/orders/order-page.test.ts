import { describe, expect, it } from "vitest";
import { cancel, fulfill, refund, sell } from "../support/after-sale.ts";
import { arrive } from "../support/money-back.ts";
import { orderWords } from "../support/page-words.ts";
import { toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { settle, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });

const lines = [{ amount: 2500, quantity: 2 }];

describe("The page of an order", () => {
  it("says what was sent, with its tracking, and what went back", async () => {
    const at = await sell(lines);
    const items = [{ sku: at.skus[0], quantity: 1 }];
    await fulfill(at, { items, carrier: "DHL <b>", trackingNumber: "JD01" });
    const some = await orderWords(at);
    expect(some).toContain("Part of it is on its way");
    expect(some).toContain(`1 × Product ${at.skus[0]}, with DHL &lt;b&gt;, tracking number JD01`);
    await refund(at, { amount: usd(700) });
    await settle();
    const later = await orderWords(at);
    expect(later).toContain("$7.00 sent to your bank");
    expect(later).toContain("We made a refund for you");
  });

  it("says that a paid order was canceled, and that its money is on its way", async () => {
    await stripe.control("/refunds/behaviour", { status: "pending" });
    const at = await sell(lines);
    await cancel(at);
    await settle();
    const said = await orderWords(at);
    expect(said).toContain(
      "This order was canceled We are returning all that you have paid for it.",
    );
    expect(said).toContain("$50.00 on its way to your bank");
    expect(said).toContain("Nothing will be sent");
  });

  it("says what becomes of a payment that a bank still works on", async () => {
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl, { method: "bank_transfer" });
    await arrive();
    await cancel(at);
    expect(await orderWords(at)).toContain("if it arrives, all of it goes back to you");
  });
});
