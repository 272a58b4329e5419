import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { cancel, refund, sell } from "../support/after-sale.ts";
import { type Member, makeMember, makeSession } from "../support/credentials.ts";
import { makeDiscount } from "../support/discounts.ts";
import { call } from "../support/http.ts";
import { arrive } from "../support/money-back.ts";
import { orderWords, receiptWords } from "../support/page-words.ts";
import { shopOver } from "../support/rig.ts";
import { saySettings } from "../support/settings.ts";
import { checkOut, makeSku, order, toPaymentPage } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const usd = (amount: number) => ({ amount, currency: "USD" });
const lines = [{ amount: 2500, quantity: 2 }];
const DAY_MS = 24 * 60 * 60_000;
const ADDRESS = {
  name: "Ada <b>Lovelace</b>",
  line1: "12 St James's Square",
  city: "London",
  postalCode: "SW1Y 4JH",
  country: "GB",
};
const day = (ms: number) =>
  new Date(ms).toLocaleDateString("en-US", { dateStyle: "long", timeZone: "UTC" });
const page = (at: { orderId: string; orderToken?: string }, headers = {}) =>
  call("GET", `/orders/${at.orderId}/receipt${at.orderToken ? `?token=${at.orderToken}` : ""}`, {
    headers,
  });

async function signedInBrowser({ id }: Member): Promise<{ Cookie: string }> {
  return { Cookie: `__Host-session=${(await makeSession(id, "browser")).refreshToken}` };
}

describe("The receipt of an order", () => {
  it("says who sells to whom, what, when it was paid and for how much", async () => {
    await saySettings();
    const { code } = await makeDiscount({ code: "WELCOME10" });
    const sku = await makeSku(5);
    const made = Date.now();
    const { body } = await checkOut({
      ...{ items: [{ sku, quantity: 2 }], discountCode: code, shippingAddress: ADDRESS },
    });
    await travel(DAY_MS / 48);
    await stripe.pay(body.data.paymentUrl);
    await arrive();
    const words = await receiptWords(body.data);
    expect(words).toContain(
      "Sold by Moon Pottery Moon Pottery GmbH Werkstraße 5 50667 Köln Germany Tax number DE123456789 hello@moon.example",
    );
    expect(words).toContain(
      "Sold to Ada &lt;b&gt;Lovelace&lt;/b&gt; 12 St James&#39;s Square SW1Y 4JH London United Kingdom ada@example.com",
    );
    expect(words).toContain(`Order #${body.data.orderNumber} Ordered on ${day(made)}`);
    expect(words).toContain(`Paid on ${day(Date.now())} Payment Online, by Stripe`);
    expect(words).toContain(
      `Product ${sku} One 2 × $25.00 $50.00 Subtotal $50.00 Discount (WELCOME10) −$5.00 Total $45.00`,
    );
    expect(words).toContain("Thank you. Come again.");
  });

  it("says the days by the shop's clocks", async () => {
    const midnight = Math.ceil(Date.now() / DAY_MS) * DAY_MS;
    await travel(midnight + DAY_MS - DAY_MS / 48 - Date.now()); // the next day has begun in Berlin
    const at = await sell(lines);
    const words = async (timeZone: string) => {
      const config = { ...servicesOf(env).config, timeZone };
      const path = `/orders/${at.orderId}/receipt?token=${at.orderToken}`;
      return (await shopOver(env.DB, { config }).call("GET", path)).text;
    };
    expect(await words("Europe/Berlin")).not.toContain(day(midnight));
    expect(await words("Europe/Berlin")).toContain(day(midnight + DAY_MS));
    expect(await words("America/Lima")).toContain(day(midnight));
  });

  it("knows the shop by its name where nobody has said who sells", async () => {
    const words = await receiptWords(await sell(lines));
    expect(words).toContain("Sold by Holdfast Sold to ada@example.com");
  });

  it("writes each currency as it is written", async () => {
    const at = await sell([{ amount: 2500, quantity: 2 }], { currency: "JPY" });
    expect(await receiptWords(at)).toContain("2 × ¥2,500 ¥5,000 Total ¥5,000");
  });

  it("says what went back since, also of an order that was canceled", async () => {
    const at = await sell(lines);
    await refund(at, { amount: usd(700) });
    await settle();
    expect(await receiptWords(at)).toContain("Total $50.00 Refunded −$7.00");
    const other = await sell(lines);
    await cancel(other);
    await settle();
    expect(await receiptWords(other)).toContain("Total $50.00 Refunded −$50.00");
  });

  it("says of an order with nothing to pay that there was nothing", async () => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff: 100 });
    const { body } = await checkOut({
      ...{ items: [{ sku: await makeSku(5), quantity: 1 }], discountCode: code },
      shippingAddress: ADDRESS,
    });
    expect(await receiptWords(body.data)).toContain("Payment There was nothing to pay");
  });

  it("needs no script, has the way back and is kept by nobody", async () => {
    const at = await sell(lines);
    const { text, headers } = await page(at);
    expect(text).not.toContain("<script");
    expect(text).toContain(`href="/orders/${at.orderId}?token=${at.orderToken}"`);
    expect(headers.get("Cache-Control")).toBe("private, no-store");
  });

  it("is linked from the order's page once it is paid", async () => {
    const at = await toPaymentPage();
    expect(await orderWords(at)).not.toContain("Receipt to print");
    await stripe.pay(at.paymentUrl);
    await arrive();
    const { text } = await call("GET", `/orders/${at.orderId}?token=${at.orderToken}`);
    expect(text).toContain(`href="/orders/${at.orderId}/receipt?token=${at.orderToken}"`);
  });
});

describe("There is no receipt", () => {
  it("of an order that is not paid, and the page says when there will be one", async () => {
    const at = await toPaymentPage();
    const { status, text } = await page(at);
    expect(status).toBe(404);
    expect(text).toContain("There is a receipt once the order is paid.");
  });

  it("of an order whose money came and went back, because nothing was sold for it", async () => {
    const at = await toPaymentPage();
    await stripe.pay(at.paymentUrl, { amount: 100 });
    await arrive();
    expect((await order(at)).paymentStatus).not.toBe("unpaid");
    expect((await page(at)).status).toBe(404);
  });

  it("for whoever may not read the order", async () => {
    const at = await sell(lines);
    const other = await sell(lines);
    const asGuest = await page({ orderId: at.orderId });
    expect(asGuest.status).toBe(303);
    expect(asGuest.headers.get("Location")).toContain("/sign-in");
    expect((await page({ ...at, orderToken: other.orderToken })).status).toBe(404);
    const stranger = await signedInBrowser(await makeMember());
    expect((await page({ orderId: at.orderId }, stranger)).status).toBe(404);
    const [owner, agent] = [await makeMember(), await makeMember("agent")];
    await rows("UPDATE orders SET account_id = ? WHERE id = ?", owner.accountId, at.orderId);
    for (const reader of [owner, agent]) {
      const { status, text } = await page({ orderId: at.orderId }, await signedInBrowser(reader));
      expect(status).toBe(200);
      expect(text).toContain(`href="/orders/${at.orderId}"`);
    }
  });
});
