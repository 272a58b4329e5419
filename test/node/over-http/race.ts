import { describe, expect, it } from "vitest";
import { race } from "../../load/race.ts";
import { theShop } from "./shop.ts";

const ROUNDS = 1;

/** `npm run race` has a hundred rounds. */
export function buyers(): void {
  describe("check, then allocate: the bug that sells one unit to many buyers", () => {
    it("lets exactly 50 of 500 buyers win", async () => {
      expect(await race(theShop(), ROUNDS)).toMatchObject({
        reservations: 50 * ROUNDS,
        refusals: 450 * ROUNDS,
      });
    });
  });
}
