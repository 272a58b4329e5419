import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { ACCESS } from "../../src/platform/access.ts";
import { sampleOf, seedOf } from "../support/sample.ts";
import { someFaultPair, type Tally } from "./crash/matrix.ts";
import { runScenario } from "./crash/run-scenario.ts";
import { SCENARIOS } from "./crash/scenarios.ts";
import { overD1, Random } from "./world/index.ts";

const databases = overD1(env);
const seed = seedOf("pairs of faults").text;
const SOME = 10;

/** `npm run crash` tries all of them; here it is one a scenario, on D1 itself. */
describe(`A pair of faults (seed ${seed})`, () => {
  it("can be tried for every route that changes something", () => {
    const changing = Object.keys(ACCESS).filter((route) => !route.startsWith("GET "));
    const tried = new Set<string>(SCENARIOS.flatMap(({ route }) => route ?? []));
    expect(changing.filter((route) => !tried.has(route))).toEqual([]);
  });

  for (const scenario of sampleOf("scenarios", SCENARIOS, SOME)) {
    const { name } = scenario;
    it(`loses nothing and does nothing twice when ${name}`, async () => {
      const clean = await runScenario(databases, scenario, []);
      expect(clean.problems).toEqual([]);
      const points = clean.calls.length;
      expect(points).toBeGreaterThan(0);
      const tally: Tally = { points: 0, runs: 0, faults: 0, failures: [] };
      const random = new Random(`${seed}:${name}`);
      await someFaultPair(
        (_, planned) => runScenario(databases, scenario, planned),
        { name, points, random },
        tally,
      );
      expect(tally.failures).toEqual([]);
    });
  }
});
