import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createClient } from "../src/client.ts";
import { makeSku } from "./support/shop.ts";
import { useWorld } from "./support/world.ts";

useWorld();

const shop = createClient("https://shop.test", {
  fetch: (input: RequestInfo | URL, init?: RequestInit) => exports.default.fetch(input, init),
});

describe("The typed client", () => {
  it("reserves with the API's own types", async () => {
    const sku = await makeSku(3);
    const answer = await shop.api.v1.reservations.$post({
      header: { "idempotency-key": crypto.randomUUID() },
      json: { items: [{ sku, quantity: 2 }] },
    });
    expect(answer.status).toBe(201);
    if (answer.status !== 201) return;
    const { data } = await answer.json();
    expect(data.items satisfies { sku: string; quantity: number }[]).toEqual([
      { sku, quantity: 2 },
    ]);
  });

  it("does not compile a call that the API does not have", async () => {
    // @ts-expect-error the compiler must refuse this body, and the server refuses it too
    const answer = await shop.api.v1.reservations.$post({ header: {}, json: { things: [] } });
    expect(answer.status).toBe(422);
  });
});
