import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { servicesOf } from "../../src/services.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { MINUTE_MS, outage, run } from "../support/reconcile.ts";
import { buy, calls, replayFailed, takeMoment } from "../support/restore.ts";
import { type Rig, shopOver } from "../support/rig.ts";
import { checkOut, checkoutBody, level, makeSku, order, reserve } from "../support/shop.ts";
import { stripe } from "../support/stripe.ts";
import { rows, settle, travel, useWorld } from "../support/world.ts";

useWorld();

const CLOSED = {
  code: "UNAVAILABLE",
  message:
    "The shop is closed for a few minutes, while it makes sure of what it has sold. Please try again then.",
} as const;

/** The shop as it is deployed with this variable. */
function deployedWith(ordersFrom: number | null): Rig {
  return shopOver(env.DB, { config: { ...servicesOf(env).config, ordersFrom } });
}

const opened = async () =>
  (await rows<{ at: number }>("SELECT opened_from AS at FROM opening"))[0]?.at;

describe("A shop whose database was put back", () => {
  it("is closed first: nobody can hold or buy, and is told to come back", async () => {
    const sku = await makeSku(9);
    const items = [{ sku, quantity: 1 }];
    const held = (await reserve(items)).body.data.id;
    const closed = deployedWith(null);
    const requests = [
      ["/api/v1/reservations", { items }],
      ["/api/v1/checkouts", checkoutBody({ items })],
      ["/api/v1/checkouts", checkoutBody({ reservationId: held })],
    ] as const;
    for (const [path, body] of requests) {
      const headers = { "Idempotency-Key": crypto.randomUUID() };
      const answer = await closed.call("POST", path, { headers, body });
      expectError(answer, 503, CLOSED);
      expect(answer.headers.get("Retry-After")).toBe("300");
      expect((await call("POST", path, { headers, body })).status).toBe(201);
    }
    await run({}, closed.services);
    expect(await opened()).toBe(1001);
  });

  it("sells nothing until it is compared with Stripe up to now, and gives out no number twice", async () => {
    const sku = await makeSku(2);
    const items = [{ sku, quantity: 1 }];
    await run();
    const putBack = await takeMoment();
    const lost = await buy(sku);
    const forgotten = (await checkOut({ items })).body.data;
    await outage();
    await putBack();
    const shop = deployedWith(1003);
    const headers = { "Idempotency-Key": crypto.randomUUID() };
    const ask = () =>
      shop.call("POST", "/api/v1/checkouts", { headers, body: checkoutBody({ items }) });
    expectError(await ask(), 503, CLOSED);
    for (const path of ["/v1/checkout/sessions", "/v1/events"]) {
      await stripe.misbehave({ path, kind: "error_500", stored: false, times: 9 });
      expect(await run({}, shop.services)).toMatchObject({ failed: 1 });
      expectError(await ask(), 503, CLOSED);
      await stripe.misbehave();
    }
    expect(await run({ pages: 0 }, shop.services)).toMatchObject({ failed: 0 });
    expectError(await ask(), 503, CLOSED);

    await settle(); // the queue is faster with the event than the run with its order
    expect(await run({}, shop.services)).toMatchObject({ orphans: 0, failed: 0 });
    await replayFailed();
    const next = await ask();
    expect([next.status, next.body.data.orderNumber]).toEqual([201, 1003]);
    expect(forgotten.orderNumber).toBe(1002);
    expect(await order(lost)).toMatchObject({ status: "paid", number: 1001 });
    expect(await level(sku)).toMatchObject({ onHand: 1, reserved: 1 });
    expect((await calls()).toSorted()).toEqual([
      "Orders were written again from their payments",
      "The shop is open again after a restore",
    ]);
    expect(await run({}, shop.services)).toMatchObject({ restored: 0 });
  });

  it("opens with all that was paid, also where Stripe's clock is ahead of ours", async () => {
    const sku = await makeSku(2);
    await run();
    const putBack = await takeMoment();
    await travel(MINUTE_MS);
    const lost = await buy(sku);
    await outage();
    await putBack();
    await travel(-2 * MINUTE_MS);
    await run({}, deployedWith(1003).services);
    expect(await opened()).toBe(1003);
    await settle();
    expect(await order(lost)).toMatchObject({ status: "paid" });
  });

  it("opens although a payment has no order, once a person was called to it", async () => {
    const sku = await makeSku(1);
    await run();
    const putBack = await takeMoment();
    await buy(sku);
    await putBack();
    await asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
      body: { kind: "adjust", quantity: -1, reason: "Broken" },
    });
    const shop = deployedWith(1002);
    expect(await run({}, shop.services)).toMatchObject({ restored: 0, orphans: 1 });
    await settle();
    expect(await opened()).toBe(1002);
    expect((await calls()).toSorted()).toEqual([
      "A payment of $25.00 has no order",
      "The shop is open again after a restore",
    ]);
    await rows("UPDATE webhook_events SET status = 'dead', wake_at = NULL WHERE status = 'failed'");
  });

  it("is put back without being closed: a database of another opening does not sell", async () => {
    const sku = await makeSku(9);
    const putBack = await takeMoment();
    const shop = deployedWith(2000);
    await run({}, shop.services);
    expect(await opened()).toBe(2000);
    await putBack();
    const answer = await shop.call("POST", "/api/v1/reservations", {
      body: { items: [{ sku, quantity: 1 }] },
    });
    expectError(answer, 503, CLOSED);
    await expect(rows("DELETE FROM opening")).rejects.toThrow("shop_not_open");
  });
});
