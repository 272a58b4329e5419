import { describe, expect, it } from "vitest";
import { discount, makeDiscount } from "../support/discounts.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { mailedToken } from "../support/mailbox.ts";
import { asAdmin, registerPerson, verifyAs } from "../support/people.ts";
import { checkOut, checkOutAs, level, mails, makeSku, order, reserve } from "../support/shop.ts";
import { askStripe, deliverAll, sessionOf, sessions, stripe } from "../support/stripe.ts";
import { cron, rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const HOUR_MS = 3_600_000;
const at = (ms: number) => new Date(Date.now() + ms).toISOString();
const usd = (amount: number) => ({ amount, currency: "USD" });

async function buy(code: string, price = 2500, quantity = 1) {
  const sku = await makeSku(10, usd(price));
  return checkOut({ items: [{ sku, quantity }], discountCode: code });
}

const refusal = (sentence: string) => ({
  code: "BUSINESS_RULE_VIOLATION",
  message: sentence,
  fields: { discountCode: sentence },
});

describe("A checkout with a discount code", () => {
  it("charges less, at the order, on the payment page and on the card", async () => {
    const made = await makeDiscount({ kind: "percentage", percentOff: 15 });
    const { body } = await buy(` ${made.code.toLowerCase()} `, 999, 3);
    expect(body.data.total).toEqual(usd(2547)); // 15 % of 2997 is 449.55
    expect(await order(body.data)).toMatchObject({
      discountCode: made.code,
      subtotal: usd(2997),
      discount: usd(450),
      shipping: usd(0),
      tax: usd(0),
      total: usd(2547),
      payments: [{ amount: usd(2547) }],
    });
    expect(await discount(made)).toMatchObject({ uses: 1 });
    expect(await sessions()).toMatchObject([
      { amount_subtotal: 2997, amount_total: 2547, total_details: { amount_discount: 450 } },
    ]);
    const { payment_intent } = await stripe.pay(body.data.paymentUrl);
    expect(await askStripe(`/payment_intents/${payment_intent}`)).toMatchObject({ amount: 2547 });
    await deliverAll();
    await settle();
    expect(await order(body.data)).toMatchObject({ status: "paid", total: usd(2547) });
    expect(await discount(made)).toMatchObject({ uses: 1 });
    const receipt = (await mails()).find((mail) => mail.html.includes(body.data.orderId));
    for (const line of ["Subtotal: $29.97", `Discount (${made.code}): −$4.50`, "Total: $25.47"])
      expect(receipt?.text).toContain(line);
  });

  it("takes an amount off, and never more than there is", async () => {
    const made = await makeDiscount({ kind: "fixed", amountOff: usd(700) });
    const items = [{ sku: await makeSku(1, usd(2500)), quantity: 1 }];
    const other = (await checkOut({ items })).body.data;
    const { body } = await buy(made.code);
    expect(await order(other)).toMatchObject({ discount: usd(0), total: usd(2500) });
    expect(await order(body.data)).toMatchObject({ discount: usd(700), total: usd(1800) });
    for (const price of [700, 300]) {
      const all = (await buy(made.code, price)).body.data;
      expect(await order(all)).toMatchObject({ discount: usd(price), total: usd(0) });
    }
  });

  it.each([
    [1, 50, 1, 0],
    [999, 50, 500, 499],
    [1001, 33, 330, 671],
    [150, 1, 2, 148],
    [149, 1, 1, 148],
  ])("rounds half up: of %d, %d %% are %d", async (price, percentOff, off, total) => {
    const { code } = await makeDiscount({ kind: "percentage", percentOff });
    const { status, body } = await buy(code, price);
    expect(status).toBe(201);
    expect(await order(body.data)).toMatchObject({ discount: usd(off), total: usd(total) });
  });

  it("is refused as a whole for a code that is no good, and says why at the field", async () => {
    const no = async (made: Promise<{ code: string }>, sentence: string) =>
      expectError(await buy((await made).code), 422, refusal(sentence));
    const unknown = invalid({ discountCode: "There is no such discount code." });
    expectError(await buy("NOBODY-KNOWS-IT"), 422, unknown);
    const off = await makeDiscount();
    await asAdmin("PATCH", `/api/v1/discounts/${off.id}`, { body: { active: false } });
    expectError(await buy(off.code), 422, unknown);
    await no(makeDiscount({ startsAt: at(1) }), "This code is not good yet.");
    await no(makeDiscount({ endsAt: at(0) }), "This code is no longer good.");
    const euros = { kind: "fixed", amountOff: { amount: 1, currency: "EUR" } };
    await no(makeDiscount(euros), "This code is for another currency.");
    const everything = { kind: "percentage", percentOff: 100, endsAt: at(-1) };
    await no(makeDiscount(everything), "This code is no longer good.");
    expect(await rows("SELECT count(*) AS orders FROM orders")).toEqual([{ orders: 0 }]);
    expect(await rows("SELECT * FROM discount_uses")).toEqual([]);
    expect(await sessions()).toEqual([]);
  });

  it("keeps the hold when it is refused, so that the customer can try again", async () => {
    const sku = await makeSku(3);
    const { body } = await reserve([{ sku, quantity: 2 }]);
    const reservationId: string = body.data.id;
    expect((await checkOut({ reservationId, discountCode: "WRONG" })).status).toBe(422);
    expect(await level(sku)).toMatchObject({ reserved: 2 });
    expect((await checkOut({ reservationId })).status).toBe(201);
  });

  it("answers the same refusal to the same key", async () => {
    const sku = await makeSku(3);
    const body = { items: [{ sku, quantity: 1 }], discountCode: "WRONG" };
    const first = await checkOut(body, "the-key");
    const again = await checkOut(body, "the-key");
    expect(again.text).toBe(first.text);
    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });

  it("is good within its window and at no other instant", async () => {
    const made = await makeDiscount({ startsAt: at(HOUR_MS), endsAt: at(2 * HOUR_MS) });
    await travel(HOUR_MS - 1);
    expect((await buy(made.code)).status).toBe(422);
    await travel(1);
    expect((await buy(made.code)).status).toBe(201);
    await travel(HOUR_MS - 1);
    expect((await buy(made.code)).status).toBe(201);
    await travel(1);
    expect((await buy(made.code)).status).toBe(422);
    await cron();
  });

  it("takes no price or discount from the client, only the code: price, discount or status taken from the client", async () => {
    const made = await makeDiscount();
    const items = [{ sku: await makeSku(3), quantity: 1 }];
    const invented = { items, discountCode: made.code, percentOff: 90, discount: usd(2400) };
    expectError(
      await checkOut(invented),
      422,
      invalid({ percentOff: "There is no such field.", discount: "There is no such field." }),
    );
  });

  it("shows the code's name on the payment page, with one coupon that is good for this order alone", async () => {
    const made = await makeDiscount({ kind: "fixed", amountOff: usd(700) });
    const { body } = await buy(made.code);
    const { data } = await askStripe<{ data: object[] }>("/coupons");
    const id = `discount-${body.data.orderId}`;
    expect(data).toMatchObject([
      { id, amount_off: 700, currency: "usd", max_redemptions: 1, name: made.code },
    ]);
    const session = await askStripe(`/checkout/sessions/${sessionOf(body.data.paymentUrl)}`);
    expect(session).toMatchObject({ discounts: [{ coupon: id }] });
  });
});

describe("A limit per customer", () => {
  const once = { maxUsesPerCustomer: 1 };
  const used = refusal("You have used this code as often as it may be used.");
  const items = async () => [{ sku: await makeSku(5), quantity: 1 }];

  it("knows a guest by the address, however it is written", async () => {
    const { code: discountCode } = await makeDiscount(once);
    const asGuest = async (email?: string) =>
      checkOut({ items: await items(), discountCode, email });
    expect((await asGuest("Ada@Example.com")).status).toBe(201);
    expectError(await asGuest("ada@example.COM"), 422, used);
    expect((await asGuest("grace@example.com")).status).toBe(201);
    expectError(
      await asGuest(undefined),
      422,
      refusal("This code needs to know who you are. Send an email address, or sign in."),
    );
  });

  it("knows who is signed in by the account, whatever address they give, and by the address, signed in or not", async () => {
    const { code: discountCode } = await makeDiscount(once);
    const ada = await registerPerson();
    const first = await checkOutAs(ada, { items: await items(), discountCode });
    expect(first.status).toBe(201);
    const other = { items: await items(), discountCode, email: "other@example.com" };
    expectError(await checkOutAs(ada, other), 422, used);
    expectError(await checkOut({ ...other, email: ada.email }), 422, used);
    expect((await checkOut(other)).status).toBe(201);
  });

  it("knows a guest who has an account by now, whatever address they give", async () => {
    const { code: discountCode } = await makeDiscount(once);
    const email = "guest-first@example.com";
    const bought = await checkOut({ items: await items(), discountCode, email });
    expect(bought.status).toBe(201);
    await stripe.pay(bought.body.data.paymentUrl);
    await deliverAll();
    const guest = await registerPerson(email);
    const token = await mailedToken(email, "/verify-email");
    expect((await verifyAs(guest, token)).status).toBe(204);
    await settle();
    const other = { items: await items(), discountCode, email: "other@example.com" };
    expectError(await checkOutAs(guest, other), 422, used);
    expect((await checkOutAs(await registerPerson(), other)).status).toBe(201);
  });
});
