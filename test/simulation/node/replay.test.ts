import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../history/run-history.ts";
import { bundleSimulation } from "../run/bundle.ts";
import { type Player, startPlayer } from "../run/player.ts";
import { shrink } from "../run/shrink.ts";

/** Histories after which a bug counts as not found. */
const MOST_HISTORIES = 150;
const MOST_TRIES = 150;

let player: Player;
beforeAll(async () => {
  player = await startPlayer(await bundleSimulation());
});
afterAll(() => player.close());

/** The first history that notices the bug, and how many it took. */
async function findBug(bug: string): Promise<{ found: Outcome; histories: number }> {
  for (let n = 1; n <= MOST_HISTORIES; n += 1) {
    const outcome = await player.play(`${bug} ${n}`, { bug });
    if (outcome.breaches.length > 0) return { found: outcome, histories: n };
  }
  throw new Error(`${bug} was not noticed in ${MOST_HISTORIES} histories`);
}

describe("A history", () => {
  it("happens again exactly, by itself and after others", async () => {
    const first = await player.play("again");
    await player.play("something else");
    expect(await player.play("again")).toEqual(first);
    expect(first.steps).toBeGreaterThan(10);
  });

  it("is another one for another seed", async () => {
    const [one, two] = [await player.play("one"), await player.play("two")];
    expect(one.digest).not.toBe(two.digest);
  });

  it("is made smaller until nothing of it can be left out", async () => {
    const bug = "stock that moves past the ledger";
    const { found } = await findBug(bug);
    const fails = async (steps: Outcome["history"]) =>
      (await player.play(found.seed, { steps, bug })).breaches.length > 0;
    const { steps } = await shrink(found.history, fails, MOST_TRIES);
    expect(steps.map(({ action }) => action)).toHaveLength(1);
    expect(steps.flatMap(({ faults }) => faults)).toEqual([]);
  });
});
