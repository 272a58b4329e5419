import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { drill } from "../load/drill.ts";
import { DrillShop } from "../load/drill-shop.ts";

const TIMEOUT_MS = 300_000;

let shop: DrillShop;
beforeAll(async () => {
  shop = await DrillShop.start();
}, TIMEOUT_MS);
afterAll(() => shop.stop());

/** `npm run drill` has more rounds. */
describe("A restore to an earlier moment, with Stripe ahead", { timeout: TIMEOUT_MS }, () => {
  it("sells nothing twice, forgets nothing that was paid, and gives out no number twice", async () => {
    const story: string[] = [];
    await drill(shop, (line) => story.push(line));
    expect(story).toContain("the operators were told: A payment of €19.00 has no order");
    expect(story.at(-1)).toMatch(/^the last one is sold as #\d+; one more is answered 409$/);
  });
});
