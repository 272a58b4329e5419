import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { race } from "../load/race.ts";
import { type ShopProcess, startShop } from "../load/shop-process.ts";

const ROUNDS = 3;
const TIMEOUT_MS = 300_000;

let shop: ShopProcess;
beforeAll(async () => {
  shop = await startShop();
}, TIMEOUT_MS);
afterAll(() => shop.stop());

describe("check, then allocate: the bug that sells one unit to many buyers", () => {
  it("lets exactly 50 of 500 buyers win, round after round", { timeout: TIMEOUT_MS }, async () => {
    expect(await race(shop, ROUNDS)).toMatchObject({
      reservations: 50 * ROUNDS,
      refusals: 450 * ROUNDS,
    });
  });
});
