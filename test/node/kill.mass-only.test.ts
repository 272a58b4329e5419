import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { kill } from "../load/kill.ts";
import { isKnownCaller } from "../load/kill-checks.ts";
import type { Plant } from "../load/kill-round.ts";
import { KillableShop, VICTIMS, type Victim } from "../load/kill-shop.ts";
import { roundsOf, sampleOf, seedOf } from "../support/sample.ts";

const TIMEOUT_MS = 600_000;

interface Loss {
  readonly what: string;
  readonly victim: Victim;
  /** Changes the files while the shop is down; answers what must be noticed. */
  readonly plant: (...args: Parameters<Plant>) => readonly RegExp[];
}

const ADD_ONE = "UPDATE stock_levels SET on_hand = on_hand + 1 WHERE sku LIKE 'KILL-%'";

const LOSSES: readonly Loss[] = [
  {
    what: "a unit of stock that nobody received",
    victim: "worker",
    plant: (dead) => {
      dead.database((files) => files.exec(ADD_ONE));
      return [/KILL-\S+: \d+ on hand \(0 reserved\), but \d+ must be/];
    },
  },
  {
    what: "an order, an answer or an event that is gone",
    victim: "runtime",
    plant: (dead, told, delivered) => {
      const [orderId = ""] = told.purchases.keys();
      const [eventId = ""] = delivered;
      const key = told.keyed.find(isKnownCaller)?.ask.headers?.["Idempotency-Key"] ?? "";
      dead.database((files) => {
        // Which refuse this to everybody.
        for (const trigger of [
          "webhook_events_no_delete",

          "orders_no_delete",
          "orders_purged",
        ])
          files.exec(`DROP TRIGGER IF EXISTS ${trigger}`);
        files.prepare("DELETE FROM webhook_events WHERE event_id = ?").run(eventId);
        files.prepare("DELETE FROM orders WHERE id = ?").run(orderId);
        files.prepare("DELETE FROM idempotency_keys WHERE key = ?").run(key);
      });
      const words = [`order ${orderId} is lost`, `the key ${key} is lost`, `${eventId} is lost`];
      return words.map((one) => new RegExp(one));
    },
  },
];

let shop: KillableShop;
beforeAll(async () => {
  shop = await KillableShop.start();
}, TIMEOUT_MS);
afterAll(() => shop.stop());

/** `npm run kill` has more rounds. */
describe("I6: nothing acknowledged is lost", { timeout: TIMEOUT_MS }, () => {
  for (const victim of sampleOf("victims", VICTIMS, 1)) {
    it(`when the ${victim} is killed under load`, async () => {
      const { number: seed } = seedOf(`killed ${victim}`);
      const result = await kill(shop, { rounds: roundsOf(1, 2), seed, victims: [victim] });
      expect(result.kills).toBeGreaterThanOrEqual(roundsOf(1, 2));
    });
  }

  for (const { what, victim, plant } of sampleOf("losses", LOSSES, 1)) {
    it(`and ${what} would be noticed`, async () => {
      const { number: seed } = seedOf(what);
      const expected: RegExp[] = [];
      const killed = kill(shop, {
        rounds: 1,
        seed,
        victims: [victim],
        plant: (...args) => void expected.push(...plant(...args)),
      });
      const breaches = await killed.catch(String);
      expect(expected).not.toEqual([]);
      for (const breach of expected) expect(breaches).toMatch(breach);
    });
  }

  it("and a kill that hits nobody proves nothing", async () => {
    await expect(kill(shop, { rounds: 0, seed: 1 })).rejects.toThrow("Nothing was at stake");
  });
});
