import { describe, expect, it } from "vitest";
import { nowSeconds, openShop, paidSession, sessionParams } from "./stripe-emulator-support.ts";

const MINUTE = 60;
const HOUR = 60 * MINUTE;

describe("the end of a checkout session", () => {
  it("lasts from thirty minutes to a day, both included", async () => {
    const { stripe, control } = await openShop();
    const now = nowSeconds();
    await control("/clock", { now: now * 1000 });
    const create = (seconds: number) =>
      stripe.checkout.sessions.create(sessionParams({ expires_at: now + seconds }));
    expect((await create(30 * MINUTE)).expires_at).toBe(now + 30 * MINUTE);
    expect((await create(24 * HOUR)).expires_at).toBe(now + 24 * HOUR);
    await expect(create(30 * MINUTE - 1)).rejects.toMatchObject({
      param: "expires_at",
      message: expect.stringContaining("at least 30 minutes"),
    });
    await expect(create(24 * HOUR + 1)).rejects.toMatchObject({
      param: "expires_at",
      message: expect.stringContaining("less than 24 hours"),
    });
  });

  it("comes by itself when the clock passes it, once, with its event", async () => {
    const shop = await openShop();
    const now = nowSeconds();
    const { id } = await shop.stripe.checkout.sessions.create(
      sessionParams({ expires_at: now + 31 * MINUTE }),
    );
    await shop.control("/clock", { now: (now + 32 * MINUTE) * 1000 });
    expect(await shop.stripe.checkout.sessions.retrieve(id)).toMatchObject({
      status: "expired",
      url: null,
      payment_status: "unpaid",
    });
    await shop.stripe.checkout.sessions.retrieve(id);
    const deliveries = await shop.take();
    expect(deliveries.map(({ type }) => type)).toEqual(["checkout.session.expired"]);
  });

  it("can be asked for, but only while the session is open", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    const expired = await shop.stripe.checkout.sessions.expire(id);
    expect(expired).toMatchObject({ status: "expired", url: null });
    await expect(shop.stripe.checkout.sessions.expire(id)).rejects.toMatchObject({
      statusCode: 400,
      message:
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of `expired`.',
    });
    const { session } = await paidSession(shop);
    await expect(shop.stripe.checkout.sessions.expire(session.id)).rejects.toMatchObject({
      statusCode: 400,
      message: expect.stringContaining("`complete`"),
    });
  });

  it("leaves nothing that could be paid, and cancels a payment that was begun", async () => {
    const shop = await openShop();
    const { id } = await shop.stripe.checkout.sessions.create(sessionParams());
    await shop.control(`/sessions/${id}/decline`, {});
    await shop.control(`/sessions/${id}/expire`, {});
    await expect(shop.control(`/sessions/${id}/pay`, { method: "card" })).rejects.toThrow("409");
    const { data } = await shop.stripe.paymentIntents.list();
    expect(data).toMatchObject([{ status: "canceled" }]);
  });
});
