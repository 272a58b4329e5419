import { env } from "cloudflare:workers";
import { beforeEach, describe, expect, it } from "vitest";
import { newProduct, newWord } from "../support/catalog.ts";
import { expectError } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { mailTo } from "../support/mailbox.ts";
import { asAdmin } from "../support/people.ts";
import { shopOver } from "../support/rig.ts";
import { asHolder, level, makeSku, reserve } from "../support/shop.ts";
import { makeEndpoint } from "../support/subscribers.ts";
import { hearOfEverything, rows, useWorld } from "../support/world.ts";

useWorld();

const EUR = { amount: 1000, currency: "EUR" };
const change = (sku: string, body: object, headers: Record<string, string> = {}) =>
  asAdmin("PATCH", `/api/v1/inventory/${sku}`, { body, headers });
const setTo = async (sku: string, lowStockThreshold: number) => {
  const { status, text } = await change(sku, { lowStockThreshold });
  if (status !== 200) throw new Error(text);
};
const move = (sku: string, quantity: number) =>
  asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
    body: { kind: "adjust", quantity, reason: "Counted" },
  });
const events = () => rows("SELECT id FROM outgoing_events WHERE type = 'inventory.low'");
const lines = () =>
  rows("SELECT target, data FROM audit_log WHERE action = 'stock.threshold_updated'");

/** What shoppers are told of a SKU. */
async function shown(productId: string) {
  const [{ availability, left }] = (await call("GET", `/api/v1/products/${productId}`)).body.data
    .variants;
  return [availability, left];
}

async function offer(variant: object) {
  const sku = newWord().toUpperCase();
  const { body, status, text } = await newProduct({
    variants: [{ sku, title: "One", price: EUR, ...variant }],
  });
  if (status !== 201) throw new Error(text);
  return { sku, id: body.data.id as string, variant: body.data.variants[0] };
}

describe("A threshold", () => {
  it("is changed, answered with the level, and written down", async () => {
    const sku = await makeSku(7);
    const answer = await change(sku.toLowerCase(), { lowStockThreshold: 9 });
    expect([answer.status, answer.body.data]).toEqual([
      200,
      { sku, onHand: 7, reserved: 0, available: 7, lowStockThreshold: 9 },
    ]);
    expect(await level(sku)).toEqual(answer.body.data);
    const low = await asAdmin("GET", "/api/v1/inventory?lowStock=true");
    expect(low.body.data).toEqual([answer.body.data]);
    expect(await lines()).toEqual([{ target: sku, data: '{"lowStockThreshold":9}' }]);
    expect(await rows("SELECT * FROM stock_movements WHERE kind = 'adjust'")).toEqual([]);
  });

  it("is that of its SKU alone", async () => {
    const [sku, other] = [await makeSku(7), await makeSku(7)];
    await setTo(sku, 9);
    expect(await level(other)).toMatchObject({ lowStockThreshold: 5 });
  });

  it("is a whole number from nothing on, of a SKU that there is", async () => {
    const sku = await makeSku(7);
    for (const lowStockThreshold of [0, 1_000_000]) {
      const { status, body } = await change(sku, { lowStockThreshold });
      expect([status, body.data.lowStockThreshold]).toEqual([200, lowStockThreshold]);
    }
    for (const wrong of [-1, 1.5, "5", null, 1_000_001, undefined]) {
      const { status, body } = await change(sku, { lowStockThreshold: wrong });
      expect([wrong, status, Object.keys(body.error.fields)]).toEqual([
        ...[wrong, 422, ["lowStockThreshold"]],
      ]);
    }
    expect((await change(sku, { lowStockThreshold: 5, onHand: 100 })).status).toBe(422);
    expect((await change("NOTHING", { lowStockThreshold: 5 })).status).toBe(404);
    expect(await lines()).toHaveLength(2);
    expect(await level(sku)).toMatchObject({ onHand: 7, lowStockThreshold: 1_000_000 });
  });

  it("is not changed by whoever has seen the level before it was another one", async () => {
    const sku = await makeSku(7);
    const read = (headers = {}) => asAdmin("GET", `/api/v1/inventory/${sku}`, { headers });
    const stale = async (tag: string) => {
      expectError(await change(sku, { lowStockThreshold: 1 }, { "If-Match": tag }), 412, {
        code: "PRECONDITION_FAILED",
        message: "The level has changed since you read it. Read it again.",
      });
    };
    const first = (await read()).headers.get("ETag") ?? "";
    const changed = await change(sku, { lowStockThreshold: 6 }, { "If-Match": first });
    const second = changed.headers.get("ETag") ?? "";
    expect([changed.status, (await read()).headers.get("ETag")]).toEqual([200, second]);
    await stale(first);
    expect((await read({ "If-None-Match": second })).status).toBe(304);
    await reserve([{ sku, quantity: 2 }]);
    const third = (await read({ "If-None-Match": second })).headers.get("ETag") ?? "";
    await stale(second);
    await move(sku, 1);
    await stale(third);
    expect(await level(sku)).toMatchObject({ lowStockThreshold: 6 });
    expect(await lines()).toHaveLength(1);
    for (const tag of ["*", `"x", W/${(await read()).headers.get("ETag")}`])
      expect((await change(sku, { lowStockThreshold: 6 }, { "If-Match": tag })).status).toBe(200);
  });
});

describe("What shoppers are told", () => {
  it("follows a changed threshold at once", async () => {
    const { sku, id } = await offer({ initialStock: 4 });
    const told: unknown[] = [await shown(id)];
    for (const threshold of [3, 4, 0, 9]) {
      await setTo(sku, threshold);
      told.push(await shown(id));
    }
    expect(told).toEqual([
      ...[
        ["low", 4],
        ["in_stock", undefined],
        ["low", 4],
      ],
      ...[
        ["in_stock", undefined],
        ["low", 4],
      ],
    ]);
    await reserve([{ sku, quantity: 4 }]);
    await setTo(sku, 1);
    expect(await shown(id)).toEqual(["sold_out", undefined]);
  });

  it("is not what was kept of the catalog before", async () => {
    const { sku, id } = await offer({ initialStock: 4 });
    const shop = shopOver(env.DB);
    const read = async () => {
      const { body, headers } = await shop.call("GET", `/api/v1/products/${id}`);
      return [body.data.variants[0].availability, headers.get("ETag")];
    };
    const [before, tag] = await read();
    expect([before, await read()]).toEqual(["low", [before, tag]]);
    await shop.asAdmin("PATCH", `/api/v1/inventory/${sku}`, { body: { lowStockThreshold: 2 } });
    const [after, other] = await read();
    expect([after, other === tag]).toEqual(["in_stock", false]);
  });
});

describe("Who is told of low stock", () => {
  beforeEach(hearOfEverything);

  /** How many events there are, and how many mails. */
  const heard = async () => [
    (await events()).length,
    (await mailTo("operators@holdfast.test")).filter(({ subject }) => / runs low: /.test(subject))
      .length,
  ];

  it("hears nothing of a threshold that is raised, and of the next fall to it", async () => {
    await makeEndpoint(["inventory.low"]);
    const sku = await makeSku(9);
    await setTo(sku, 12);
    await move(sku, -1);
    expect(await heard()).toEqual([0, 0]);
    await move(sku, 6);
    await reserve([{ sku, quantity: 2 }]);
    expect(await heard()).toEqual([1, 1]);
    await reserve([{ sku, quantity: 1 }]);
    expect(await heard()).toEqual([1, 1]);
  });

  it("hears of the fall to a threshold that was lowered, also after the one before, and once", async () => {
    await makeEndpoint(["inventory.low"]);
    const sku = await makeSku(9);
    await reserve([{ sku, quantity: 4 }]);
    expect(await heard()).toEqual([1, 1]);
    await setTo(sku, 2);
    await reserve([{ sku, quantity: 2 }]);
    expect(await heard()).toEqual([1, 1]);
    const { body } = await reserve([{ sku, quantity: 1 }]);
    expect(await heard()).toEqual([2, 2]);
    await asHolder("DELETE", body.data.id);
    await setTo(sku, 2);
    await reserve([{ sku, quantity: 1 }]);
    expect(await heard()).toEqual([3, 2]);
  });
});

describe("A new variant", () => {
  it("says from where on it runs low, with its product or after it, and nobody is told", async () => {
    await makeEndpoint(["inventory.low"]);
    const first = await offer({ initialStock: 4, lowStockThreshold: 2 });
    expect(first.variant).toMatchObject({ availability: "in_stock" });
    const sku = newWord().toUpperCase();
    const path = `/api/v1/products/${first.id}/variants`;
    const more = { sku, title: "Two", price: EUR, initialStock: 9, lowStockThreshold: 20 };
    const added = await asAdmin("POST", path, { body: more });
    expect(added.body.data).toMatchObject({ availability: "low", left: 9 });
    const usual = await offer({ initialStock: 9 });
    const thresholds = await Promise.all([first.sku, sku, usual.sku].map(level));
    expect(thresholds.map(({ lowStockThreshold }) => lowStockThreshold)).toEqual([2, 20, 5]);
    const wrong = await asAdmin("POST", path, { body: { ...more, lowStockThreshold: -1 } });
    expect([wrong.status, wrong.body.error.fields]).toEqual([
      ...[422, { lowStockThreshold: expect.any(String) }],
    ]);
    expect(await events()).toEqual([]);
  });
});
