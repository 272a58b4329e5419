import { describe, expect, it } from "vitest";
import { newProduct, newWord } from "../support/catalog.ts";
import { expectError, invalid } from "../support/expect-error.ts";
import { call } from "../support/http.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { rows, useWorld } from "../support/world.ts";

useWorld();

async function skuOf(status: "draft" | "archived"): Promise<string> {
  const sku = newWord();
  const price = { amount: 100, currency: "EUR" };
  const variants = [{ sku, title: "One", price, initialStock: 5 }];
  const made = await newProduct({ variants, status: status === "draft" ? "draft" : "active" });
  await rows("UPDATE products SET status = ? WHERE id = ?", status, made.body.data.id);
  return sku;
}

const release = (id: string) => call("DELETE", `/api/v1/reservations/${id}`);

describe("A hold", () => {
  it("takes every item that was asked for, for 15 minutes", async () => {
    const [one, two] = [await makeSku(5), await makeSku(5)];
    const before = Date.now();
    const { status, body } = await reserve([
      { sku: one, quantity: 2 },
      { sku: two, quantity: 5 },
    ]);
    expect(status).toBe(201);
    expect(body.data).toEqual({
      id: expect.stringMatching(/^rsv_[0-9a-z]{36}$/),
      status: "held",
      items: [
        { sku: one, quantity: 2 },
        { sku: two, quantity: 5 },
      ],
      expiresAt: expect.any(String),
      createdAt: expect.any(String),
      orderId: null,
    });
    const { createdAt, expiresAt } = body.data;
    expect(Date.parse(createdAt)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(15 * 60_000);
    expect(await level(one)).toMatchObject({ onHand: 5, reserved: 2, available: 3 });
    expect(await level(two)).toMatchObject({ onHand: 5, reserved: 5, available: 0 });
  });

  it("takes nothing at all when one item is short", async () => {
    const [plenty, few] = [await makeSku(10), await makeSku(1)];
    const { status } = await reserve([
      { sku: plenty, quantity: 10 },
      { sku: few, quantity: 2 },
    ]);
    expect(status).toBe(409);
    expect(await level(plenty)).toMatchObject({ reserved: 0 });
    expect(await rows("SELECT 1 FROM reservations")).toEqual([]);
    expect(await rows("SELECT 1 FROM stock_movements WHERE kind = 'reserve'")).toEqual([]);
  });

  it("adds up two lines of one SKU before it judges", async () => {
    const sku = await makeSku(5);
    const refused = await reserve([
      { sku, quantity: 3 },
      { sku, quantity: 3 },
    ]);
    expect(refused.body.error.details).toEqual([{ sku, requested: 6, available: 5 }]);
    const taken = await reserve([
      { sku, quantity: 3 },
      { sku, quantity: 2 },
    ]);
    expect(taken.body.data.items).toEqual([{ sku, quantity: 5 }]);
  });

  it("is refused for what is not for sale, naming each item, and takes nothing", async () => {
    const sound = await makeSku(5);
    const [draft, archived] = [await skuOf("draft"), await skuOf("archived")];
    const asked = [sound, "NO-SUCH-SKU", draft, archived].map((sku) => ({ sku, quantity: 1 }));
    const not = "Is not for sale.";
    expectError(
      await reserve(asked),
      422,
      invalid({ "items[1].sku": not, "items[2].sku": not, "items[3].sku": not }),
    );
    expect(await level(sound)).toMatchObject({ reserved: 0 });
  });

  it("is refused for each of them by itself, too", async () => {
    for (const sku of ["NO-SUCH-SKU", await skuOf("draft"), await skuOf("archived")])
      expectError(
        await reserve([{ sku, quantity: 1 }]),
        422,
        invalid({ "items[0].sku": "Is not for sale." }),
      );
    expect(await rows("SELECT id FROM reservations")).toEqual([]);
  });

  it("has 1 to 50 lines of 1 to 10,000 units", async () => {
    const sku = await makeSku(0, undefined, { maxPerOrder: 50 });
    const line = { sku, quantity: 1 };
    expect((await reserve([])).status).toBe(422);
    const many = await reserve(Array.from({ length: 51 }, () => line));
    expect([many.status, many.body.error.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect((await reserve(Array.from({ length: 50 }, () => line))).status).toBe(409);
    for (const quantity of [0, -1, 1.5, 10_001, 2 ** 53]) {
      expect((await reserve([{ sku, quantity }])).status).toBe(422);
    }
  });

  it("is read by whoever knows its id, and by no one else", async () => {
    const { body } = await reserve([{ sku: await makeSku(5), quantity: 1 }]);
    const { id } = body.data;
    expect((await call("GET", `/api/v1/reservations/${id}`)).body).toEqual(body);
    const others = [id.slice(0, -1), `${id}0`, id.toUpperCase(), "rsv_", "%25", "*"];
    for (const other of others) {
      expect((await call("GET", `/api/v1/reservations/${other}`)).status).toBe(404);
      expect((await release(other)).status).toBe(404);
    }
  });
});

describe("A drop", () => {
  it("of 5 units and 50 buyers at once sells exactly 5", async () => {
    const sku = await makeSku(5);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => reserve([{ sku, quantity: 1 }])),
    );
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(5).fill(201), ...Array(45).fill(409)]);
    const ids = answers.flatMap(({ body }) => body.data?.id ?? []);
    expect(new Set(ids).size).toBe(5);
    expect(await level(sku)).toMatchObject({ onHand: 5, reserved: 5, available: 0 });
    const ledger = await rows(
      "SELECT count(*) AS count, sum(reserved_delta) AS sum FROM stock_movements WHERE sku = ? AND kind = 'reserve'",
      sku,
    );
    expect(ledger).toEqual([{ count: 5, sum: 5 }]);
  });

  it("of several SKUs asked for in different orders leaves nobody with a half", async () => {
    const skus = [await makeSku(3), await makeSku(4), await makeSku(5)];
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, i) => {
        const items = skus.map((sku) => ({ sku, quantity: 1 }));
        return reserve(i % 2 === 0 ? items : items.reverse());
      }),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    for (const sku of skus) expect(await level(sku)).toMatchObject({ reserved: 3 });
  });
});

describe("Giving back", () => {
  it("frees the stock once, however often it is asked", async () => {
    const sku = await makeSku(5);
    const { body } = await reserve([{ sku, quantity: 4 }]);
    const answers = await Promise.all(Array.from({ length: 5 }, () => release(body.data.id)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect((await release(body.data.id)).status).toBe(204);
    expect(await level(sku)).toMatchObject({ reserved: 0, available: 5 });
    const ledger = await rows("SELECT * FROM stock_movements WHERE kind = 'release'");
    expect(ledger).toHaveLength(1);
    const read = await call("GET", `/api/v1/reservations/${body.data.id}`);
    expect(read.body.data.status).toBe("released");
  });

  it("is for good: no hold comes back to life, not even by hand", async () => {
    const sku = await makeSku(5);
    const { body } = await reserve([{ sku, quantity: 1 }]);
    const { id } = body.data;
    await release(id);
    for (const status of ["held", "committed", "expired"]) {
      const change = rows(
        "UPDATE reservations SET status = ?, ended_at = iif(? = 'held', NULL, 1) WHERE id = ?",
        status,
        status,
        id,
      );
      await expect(change).rejects.toThrow("illegal_transition:reservation");
    }
    const gone = rows("DELETE FROM reservations WHERE id = ?", id);
    await expect(gone).rejects.toThrow("reservations_kept");
    expect(await level(sku)).toMatchObject({ reserved: 0 });
  });
});
