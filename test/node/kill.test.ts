import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type KillOptions, kill } from "../load/kill.ts";
import { KillableShop, type Victim } from "../load/kill-shop.ts";

const TIMEOUT_MS = 600_000;

let shop: KillableShop;
beforeAll(async () => {
  shop = await KillableShop.start();
}, TIMEOUT_MS);
afterAll(() => shop.stop());

const anySeed = () => Math.floor(Math.random() * 2 ** 31);

/** One round, in which the files are changed while the shop is down. */
const killAnd = (victim: Victim, plant: NonNullable<KillOptions["plant"]>) =>
  kill(shop, { rounds: 1, seed: anySeed(), victims: [victim], plant });

describe("I6: nothing acknowledged is lost", { timeout: TIMEOUT_MS }, () => {
  it("when the Worker, or all of its runtime, is killed under load", async () => {
    const result = await kill(shop, { rounds: 2, seed: anySeed() });
    expect(result.kills).toBeGreaterThanOrEqual(2);
  });

  it("and a unit of stock that nobody received would be noticed", async () => {
    const addOne = "UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku LIKE 'KILL-%'";
    const killed = killAnd("worker", (dead) => dead.database((files) => files.exec(addOne)));
    await expect(killed).rejects.toThrow(/KILL-\S+: \d+ on hand \(0 reserved\), but \d+ must be/);
  });

  it("and an order, an answer or an event that is gone would be noticed", async () => {
    const lost: string[] = [];
    const killed = killAnd("runtime", (dead, told, delivered) => {
      const [orderId = ""] = told.purchases.keys();
      const [eventId = ""] = delivered;
      const key = told.keyed[0]?.ask.headers?.["Idempotency-Key"] ?? "";
      lost.push(
        `order ${orderId} is lost`,
        `with the key ${key} is lost`,
        `event ${eventId} is lost`,
      );
      dead.database((files) => {
        files.prepare("DELETE FROM webhook_events WHERE event_id = ?").run(eventId);
        files.prepare("DELETE FROM orders WHERE id = ?").run(orderId);
        files.prepare("DELETE FROM idempotency_keys WHERE key = ?").run(key);
      });
    });
    const breaches = await killed.catch(String);
    expect(lost).toHaveLength(3);
    for (const breach of lost) expect(breaches).toContain(breach);
  });

  it("and a kill that hits nobody proves nothing", async () => {
    await expect(kill(shop, { rounds: 0, seed: 1 })).rejects.toThrow("Nothing was at stake");
  });
});
