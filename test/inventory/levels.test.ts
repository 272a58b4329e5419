import { describe, expect, it } from "vitest";
import { fillCatalog, newWord, walk } from "../support/catalog.ts";
import { call } from "../support/http.ts";
import { asAdmin } from "../support/people.ts";
import { level, makeSku, reserve } from "../support/shop.ts";
import { rows, settle, useWorld } from "../support/world.ts";

useWorld();

async function wordOf(sku: string): Promise<string> {
  const { body } = await call("GET", `/api/v1/products?q=${sku}`);
  return body.data[0].variants[0].availability;
}

const move = (sku: string, kind: string, quantity: number) =>
  asAdmin("POST", `/api/v1/inventory/${sku}/movements`, {
    body: { kind, quantity, reason: "Test" },
  });

describe("A level", () => {
  it("cannot be oversold or made negative, not even by hand", async () => {
    const sku = await makeSku(5);
    await reserve([{ sku, quantity: 3 }]);
    const attempts: [string, RegExp][] = [
      ["reserved = 6", /stock_not_oversold/],
      ["reserved = -1", /stock_reserved_not_negative/],
      ["on_hand = 2", /stock_not_oversold/],
      ["on_hand = -1, reserved = -1", /stock_(on_hand|reserved)_not_negative/],
      ["low_stock_threshold = -1", /stock_threshold_not_negative/],
      ["on_hand = 'many'", /cannot store TEXT value in INTEGER column/],
      ["on_hand = 9.5", /cannot store REAL value in INTEGER column/],
      ["on_hand = NULL", /NOT NULL constraint failed/],
    ];
    for (const [change, word] of attempts) {
      await expect(rows(`UPDATE stock_levels SET ${change} WHERE sku = ?`, sku)).rejects.toThrow(
        word,
      );
    }
    await expect(rows("DELETE FROM stock_levels WHERE sku = ?", sku)).rejects.toThrow(
      "FOREIGN KEY",
    );
    expect(await level(sku)).toEqual({
      sku,
      onHand: 5,
      reserved: 3,
      available: 2,
      lowStockThreshold: 5,
    });
  });

  it("tells shoppers one word, which follows every change", async () => {
    const sku = await makeSku(7);
    await settle(); // it is found from then on
    const expectWord = async (word: string) => expect(await wordOf(sku)).toBe(word);
    await expectWord("in_stock");
    const { body } = await reserve([{ sku, quantity: 2 }]);
    await expectWord("low");
    await reserve([{ sku, quantity: 5 }]);
    await expectWord("sold_out");
    await call("DELETE", `/api/v1/reservations/${body.data.id}`);
    await expectWord("low");
    await move(sku, "receive", 4);
    await expectWord("in_stock");
    await move(sku, "damage", 1);
    await expectWord("low");
    await rows("UPDATE stock_levels SET low_stock_threshold = 1 WHERE sku = ?", sku);
    await expectWord("in_stock");
  });
});

describe("The list of levels", () => {
  it("is in the order of the SKUs, each once", async () => {
    await fillCatalog(230, newWord());
    const items = await walk<{ sku: string }>(asAdmin, "/api/v1/inventory?pageSize=40");
    const skus = items.map(({ sku }) => sku);
    expect(skus).toHaveLength(230);
    expect(skus).toEqual([...new Set(skus)].sort());
  });

  it("shows what runs low when asked, and counts it", async () => {
    await makeSku(6);
    const low = [await makeSku(5), await makeSku(0)].sort();
    const busy = await makeSku(9);
    await reserve([{ sku: busy, quantity: 4 }]);
    const { body } = await asAdmin("GET", "/api/v1/inventory?lowStock=true&include=total");
    expect(body.data.map(({ sku }: { sku: string }) => sku)).toEqual([...low, busy].sort());
    expect(body.meta.total).toBe(3);
    const all = await asAdmin("GET", "/api/v1/inventory?lowStock=false&include=total");
    expect(all.body.meta.total).toBe(4);
    expect((await asAdmin("GET", "/api/v1/inventory?lowStock=yes")).status).toBe(422);
  });

  it("is for staff only, and so is each level and ledger", async () => {
    const sku = await makeSku(5);
    for (const path of ["", `/${sku}`, `/${sku}/movements`]) {
      expect((await call("GET", `/api/v1/inventory${path}`)).status).toBe(401);
    }
    const body = { kind: "receive", quantity: 1, reason: "Mine" };
    expect((await call("POST", `/api/v1/inventory/${sku}/movements`, { body })).status).toBe(401);
    expect(await level(sku)).toMatchObject({ onHand: 5 });
  });
});
