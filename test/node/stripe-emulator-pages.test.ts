import { describe, expect, it } from "vitest";
import {
  lineItem,
  openShop,
  paidSession,
  readable,
  sessionParams,
  submit,
  view,
} from "./stripe-emulator-support.ts";

describe("the payment page", () => {
  it("shows what is bought, what it costs and every way to go on", async () => {
    const shop = await openShop();
    const session = await shop.stripe.checkout.sessions.create(
      sessionParams({
        customer_email: "ada@example.com",
        line_items: [lineItem({ amount: 1250, quantity: 2, name: "Coffee & <b>tea</b>" })],
      }),
    );
    const { status, headers, text } = await view(shop, `/pay/${session.id}`);
    expect(status).toBe(200);
    expect(readable(text)).toContain("Stripe emulator · no real money");
    expect(text).toContain("Coffee &amp; &lt;b&gt;tea&lt;/b&gt;");
    expect(readable(text)).toContain("€25.00");
    expect(readable(text)).toContain("2 × €12.50");
    expect(text).toContain('value="ada@example.com"');
    expect(text).toMatch(/<label for="email">/);
    for (const action of ["pay", "decline", "bank_transfer", "cancel"]) {
      expect(text).toContain(`name="action" value="${action}"`);
    }
    expect(text).not.toContain("<script");
    expect(headers.get("content-security-policy")).toContain(
      "form-action 'self' https://shop.test;",
    );
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect((await view(shop, "/style.css")).headers.get("content-type")).toBe("text/css");
  });

  it("writes amounts as their currency does", async () => {
    const shop = await openShop();
    const show = async (currency: string, amount: number) => {
      const items = [lineItem({ currency, amount, quantity: 1 })];
      const { id } = await shop.stripe.checkout.sessions.create(
        sessionParams({ line_items: items }),
      );
      return readable((await view(shop, `/pay/${id}`)).text);
    };
    expect(await show("jpy", 1500)).toContain("Pay ¥1,500");
    expect(await show("usd", 123_456)).toContain("Pay $1,234.56");
    expect(await show("kwd", 1500)).toMatch(/Pay KWD\s1\.500/);
  });

  it("takes a card and goes back to the shop", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    const done = await submit(shop, `/pay/${id}`, { action: "pay", email: "ada@example.com" });
    expect(done).toMatchObject({
      status: 303,
      location: `https://shop.test/thanks?session=${id}`,
    });
    expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      payment_status: "paid",
      customer_details: { email: "ada@example.com" },
    });
    const { text } = await view(shop, `/pay/${id}`);
    expect(text).toContain("This payment session is complete");
    expect(text).not.toContain("<form");
    const twice = await submit(shop, `/pay/${id}`, { action: "pay", email: "ada@example.com" });
    expect(twice.status).toBe(200);
    expect((await shop.stripe.charges.list()).data).toHaveLength(1);
  });

  it("says so when the card is declined, and can be used again", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    const declined = await submit(shop, `/pay/${id}`, { action: "decline" });
    expect(declined.status).toBe(200);
    expect(declined.text).toContain('role="alert" id="error">Your card was declined.');
    expect((await submit(shop, `/pay/${id}`, { action: "pay", email: "a@b.co" })).status).toBe(303);
  });

  it("asks for an email before it takes a card", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    expect((await submit(shop, `/pay/${id}`, { action: "pay" })).text).toContain(
      "enter your email",
    );
    const wrong = await submit(shop, `/pay/${id}`, { action: "pay", email: '"><x' });
    expect(wrong.text).toContain("not an email address");
    expect(wrong.text).toContain("&quot;&gt;&lt;x");
    expect((await shop.stripe.paymentIntents.list()).data).toEqual([]);
  });

  it("lets the shopper pay later, or leave", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    expect(await submit(shop, `/pay/${id}`, { action: "cancel" })).toMatchObject({
      status: 303,
      location: "https://shop.test/cart",
    });
    const later = await submit(shop, `/pay/${id}`, { action: "bank_transfer", email: "a@b.co" });
    expect(later.status).toBe(303);
    const { text } = await view(shop, `/pay/${id}`);
    expect(text).toContain("The bank transfer is on its way");
  });

  it("offers no bank transfer to a session that takes cards only", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ allowed_payment_method_types: ["card"] }),
    );
    expect((await view(shop, `/pay/${id}`)).text).not.toContain("bank_transfer");
  });

  it("says plainly that a session has expired, or does not exist", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.stripe.checkout.sessions.expire(id);
    expect((await view(shop, `/pay/${id}`)).text).toContain("This payment session has expired");
    const late = await submit(shop, `/pay/${id}`, { action: "pay", email: "a@b.co" });
    expect(late.text).toContain("has expired");
    expect((await view(shop, "/pay/cs_test_none")).status).toBe(404);
    expect((await view(shop, "/pay/%E0%A4%A")).status).toBe(404);
    expect((await view(shop, "/elsewhere")).status).toBe(404);
  });

  it("refuses forms that another site sends", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    const forged = await submit(
      shop,
      `/pay/${id}`,
      { action: "pay", email: "a@b.co" },
      { "Sec-Fetch-Site": "cross-site" },
    );
    expect(forged.status).toBe(403);
    const control = await submit(shop, "/_emulator/reset", {}, { "Sec-Fetch-Site": "cross-site" });
    expect(control.status).toBe(403);
    expect((await shop.stripe.checkout.sessions.retrieve(id)).status).toBe("open");
  });
});

describe("the dashboard", () => {
  it("has a button for everything a bank can do", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await submit(shop, `/pay/${id}`, { action: "bank_transfer", email: "a@b.co" });
    const [intent] = (await shop.stripe.paymentIntents.list()).data;
    const path = `/dashboard/payments/${intent?.id}`;
    expect((await view(shop, "/")).text).toContain(`action="${path}/settle/succeeded"`);
    expect(await submit(shop, `${path}/settle/succeeded`, {})).toMatchObject({
      status: 303,
      location: "/",
    });
    await submit(shop, `${path}/refund`, { amount: "5.50" });
    const [refund] = (await shop.stripe.refunds.list()).data;
    expect(refund).toMatchObject({ amount: 550, status: "pending" });
    await submit(shop, `/dashboard/refunds/${refund?.id}/fail`, {});
    await submit(shop, `${path}/dispute/opened`, {});
    expect((await view(shop, "/")).text).toContain("Dispute: needs_response");
    await submit(shop, `${path}/dispute/won`, {});
    expect((await shop.stripe.disputes.list()).data).toMatchObject([{ status: "won" }]);
    const { text } = await view(shop, "/");
    expect(readable(text)).toContain("Refund €5.50: failed");
    expect(text).toContain("charge.dispute.closed");
  });

  it("says what is not possible instead of doing it", async () => {
    const shop = await openShop();
    const { payment } = await paidSession(shop);
    const path = `/dashboard/payments/${payment}`;
    const much = await submit(shop, `${path}/refund`, { amount: "99" });
    expect(much).toMatchObject({ status: 409, text: expect.stringContaining("greater than") });
    expect((await submit(shop, `${path}/refund`, { amount: "x" })).status).toBe(400);
    expect((await submit(shop, `${path}/settle/failed`, {})).status).toBe(409);
    expect((await submit(shop, `${path}/explode`, {})).status).toBe(404);
  });

  it("sends an event again and ends a session", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await submit(shop, `/dashboard/sessions/${id}/expire`, {});
    const [first] = await shop.take();
    await submit(shop, `/dashboard/events/${first?.eventId}/resend`, {});
    expect((await shop.take())[0]?.body).toBe(first?.body);
  });
});
