import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCESS } from "../../src/platform/access.ts";
import { IDENTITY_SCENARIOS } from "./crash/identity-scenarios.ts";
import { everySingleFault, someFaultPair, type Tally } from "./crash/matrix.ts";
import { SHOP_SCENARIOS } from "./crash/shop-scenarios.ts";
import { STRIPE_SCENARIOS } from "./crash/stripe-scenarios.ts";
import { overD1, Random } from "./world/index.ts";

const SCENARIOS = [...IDENTITY_SCENARIOS, ...SHOP_SCENARIOS, ...STRIPE_SCENARIOS];
const PAIRS_EACH = 4;
const LONG = { timeout: 300_000 };
const run = overD1(env.DB);
const seed = Math.floor(Math.random() * 2 ** 32);
const singles: Tally = { points: 0, runs: 0, faults: 0, failures: [] };
const pairs: Tally = { points: 0, runs: 0, faults: 0, failures: [] };

describe("A fault at every call to the database, the queue and the network", LONG, () => {
  it("is tried for every route that changes something", () => {
    const changing = Object.keys(ACCESS).filter((route) => !route.startsWith("GET "));
    const tried = new Set<string>(SCENARIOS.flatMap(({ route }) => route ?? []));
    expect(changing.filter((route) => !tried.has(route))).toEqual([]);
  });

  for (const scenario of SCENARIOS) {
    it(`loses nothing and does nothing twice: ${scenario.name}`, async () => {
      const points = await everySingleFault(run, scenario, singles);
      expect(points).toBeGreaterThan(0);
      const random = new Random(`${seed}:${scenario.name}`);
      for (let i = 0; i < PAIRS_EACH; i += 1) {
        await someFaultPair(run, scenario, points, random, pairs);
      }
      const failed = [...singles.failures, ...pairs.failures];
      expect(failed.filter((one) => one.scenario === scenario.name)).toEqual([]);
    });
  }

  it("was tried", () => {
    console.info(
      `crash matrix: ${SCENARIOS.length} scenarios, ${singles.points} points, ${singles.runs} single faults, ${pairs.runs} pairs (seed ${seed}), ${singles.faults + pairs.faults} faults fell`,
    );
    expect(singles.runs).toBeGreaterThan(200);
  });
});
