import { describe, expect, it } from "vitest";
import { cancel, fulfill, refund, sell } from "../support/after-sale.ts";
import { breachOfEvent, openApi } from "../support/contract.ts";
import { asAdmin } from "../support/people.ts";
import { makeSku, reserve } from "../support/shop.ts";
import { deliverAll } from "../support/stripe.ts";
import {
  ALL_EVENTS,
  makeEndpoint,
  received,
  settleDeliveries,
  verified,
} from "../support/subscribers.ts";
import { cron, settle, useWorld } from "../support/world.ts";

useWorld();

describe("The document", () => {
  it("has each event under webhooks, as it is sent", async () => {
    const all = [...ALL_EVENTS, "webhook.test"];
    expect(Object.keys((await openApi()).webhooks).sort()).toEqual(all.sort());
    const endpoint = await makeEndpoint();
    const sold = await sell([{ amount: 1000, quantity: 2 }]);
    await fulfill(sold, { items: [{ sku: sold.skus[0], quantity: 1 }] });
    await refund(sold, { amount: { amount: 300, currency: "USD" } });
    await settle();
    await deliverAll();
    await cancel(await sell([{ amount: 1000, quantity: 1 }]));
    await reserve([{ sku: await makeSku(7), quantity: 2 }]);
    await asAdmin("POST", `/api/v1/webhook-endpoints/${endpoint.id}/test`);
    await settle();
    await cron();
    await settleDeliveries();
    const events = (await received(endpoint)).map((one) => verified(one, endpoint.secret));
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(all));
    for (const event of events)
      expect([event.type, await breachOfEvent(event)]).toEqual([event.type, undefined]);
    const [paid] = events;
    expect(
      await breachOfEvent(Object.assign({}, paid, { type: "order.paid", data: {} })),
    ).toContain("required");
    expect(await breachOfEvent({ type: "order.eaten" })).toBe("the event is not documented");
  });
});
