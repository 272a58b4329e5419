import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { roundsOf, seedOf } from "../support/sample.ts";
import { makeHistory } from "./history/history.ts";
import { runHistory } from "./history/run-history.ts";
import { describeStep } from "./history/step.ts";
import { overD1 } from "./world/index.ts";

const RANDOM_SEEDS = roundsOf(8, 60);
const databases = overD1(env);
const base = seedOf("histories").text;

/** Seeds whose histories have failed once. */
const ONCE_FAILED: readonly string[] = [];

async function expectAllWell(seed: string): Promise<void> {
  const steps = makeHistory(seed);
  const { breaches, counts } = await runHistory({ seed, steps, databases });
  const story = steps.map(describeStep).join("\n");
  expect(breaches, `npm run simulate -- --seed ${seed}\n${story}`).toEqual([]);
  expect(counts["call database"]).toBeGreaterThan(0);
}

/** `npm run simulate` plays thousands; these are played on D1 itself. */
describe("Every invariant holds after the history", () => {
  const random = Array.from({ length: RANDOM_SEEDS }, (_, i) => `${base}-${i + 1}`);
  for (const seed of [...ONCE_FAILED, ...random]) {
    it(`of seed ${seed}`, () => expectAllWell(seed));
  }
});
