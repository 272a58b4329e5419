import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { fulfill, sell } from "../support/after-sale.ts";
import { newProduct } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { checkOut, level, reserve } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

const price = { amount: 1000, currency: "EUR" };
const variant = (sku: string) => ({ sku, title: "One", price, initialStock: 9 });

/** The same SKU as a person may type or paste it. */
const SPELLINGS = ["mug-1", "MUG-1", "Mug-1", " mug-1 ", "\u200bmug-1\u200b", "\u00a0MUG-1\ufeff"];

describe("SKUs that differ in case only are one", () => {
  it("kept and answered in capitals", async () => {
    const { body } = await newProduct({ variants: [variant("Mug-1"), variant("mug_2.b")] });
    expect(body.data.variants.map(({ sku }: { sku: string }) => sku)).toEqual(["MUG-1", "MUG_2.B"]);
  });

  it("and are not made twice, in one product or in two", async () => {
    await newProduct({ variants: [variant("mug-1")] });
    for (const sku of SPELLINGS) {
      const again = await newProduct({ variants: [variant(sku)] });
      expect([sku, again.status, again.body.error.code]).toEqual([sku, 409, "CONFLICT"]);
    }
    const twice = await newProduct({ variants: [variant("cup"), variant("CUP")] });
    expect([twice.status, twice.body.error.fields]).toEqual([
      422,
      { "variants[1].sku": "Is there twice." },
    ]);
  });

  it("whatever writes past the shop: the database takes none that is not in capitals", async () => {
    await newProduct({ title: "Mug", slug: "mug", variants: [variant("mug-1")] });
    const [row] = await rows<{ id: string }>("SELECT id FROM products");
    const insert = env.DB.prepare(
      "INSERT INTO variants (id, product_id, sku, title, amount, currency, position, created_at, updated_at) VALUES ('var_1', ?, 'mug-1', 'One', 1, 'EUR', 1, 1, 1)",
    ).bind(row?.id);
    await expect(insert.run()).rejects.toThrow("CHECK constraint failed: variants_sku");
  });

  it("for holds: two lines of them are one, and short of stock they are short together", async () => {
    await newProduct({ variants: [variant("mug-1")] });
    for (const sku of SPELLINGS.slice(0, 3))
      expect((await reserve([{ sku, quantity: 1 }])).body.data.items).toEqual([
        { sku: "MUG-1", quantity: 1 },
      ]);
    const lines = [
      { sku: "mug-1", quantity: 4 },
      { sku: "MUG-1", quantity: 3 },
    ];
    const short = await reserve(lines);
    expect([short.status, short.body.error.details]).toEqual([
      409,
      [{ sku: "MUG-1", requested: 7, available: 6 }],
    ]);
    const held = await reserve(lines.map(({ sku }) => ({ sku, quantity: 3 })));
    expect(held.body.data.items).toEqual([{ sku: "MUG-1", quantity: 6 }]);
    const read = await call("GET", `/api/v1/reservations/${held.body.data.id}`);
    expect(read.body.data.items).toEqual(held.body.data.items);
    // What was sold out a moment ago is known in any case.
    expect((await reserve([{ sku: "MUG-1", quantity: 1 }])).status).toBe(409);
    expect((await reserve([{ sku: "mUG-1", quantity: 1 }])).status).toBe(409);
  });

  it("for checkouts and parcels", async () => {
    await newProduct({ variants: [variant("mug-1")] });
    const { body } = await checkOut({ items: [{ sku: "Mug-1", quantity: 2 }] });
    expect(body.data.total.amount).toBe(2000);
    const sold = await sell([{ amount: 500, quantity: 2 }]);
    const [sku = ""] = sold.skus;
    const sent = await fulfill(sold, { items: [{ sku: sku.toLowerCase(), quantity: 1 }] });
    expect([sent.status, sent.body.data.items]).toEqual([201, [{ sku, quantity: 1 }]]);
  });

  it("for stock: its level, its ledger, and what is put there", async () => {
    await newProduct({ variants: [variant("mug-1")] });
    for (const sku of SPELLINGS) {
      const path = `/api/v1/inventory/${encodeURIComponent(sku)}`;
      const read = await asAdmin("GET", path);
      expect([sku, read.status, read.body.data?.sku]).toEqual([sku, 200, "MUG-1"]);
      expect((await asAdmin("GET", `${path}/movements`)).status).toBe(200);
      const body = { kind: "receive", quantity: 1, reason: "Delivery" };
      const headers = { "Idempotency-Key": crypto.randomUUID() };
      const moved = await asAdmin("POST", `${path}/movements`, { headers, body });
      expect([sku, moved.status]).toEqual([sku, 201]);
      expect(moved.body.data.movement.sku).toBe("MUG-1");
      expect(moved.headers.get("Location")).toBe("/api/v1/inventory/MUG-1/movements");
    }
    expect((await level("mug-1")).onHand).toBe(9 + SPELLINGS.length);
  });
});
