import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { byRule } from "../../../src/audit/check-invariants.ts";
import { sampleOf } from "../../support/sample.ts";
import { BUGS } from "../bugs.ts";
import { bundleSimulation } from "../run/bundle.ts";
import { type Player, startPlayer } from "../run/player.ts";

const MOST_HISTORIES = 200;
const SOME = 4;

let player: Player | undefined;

beforeAll(async () => {
  player = await startPlayer(await bundleSimulation());
});

afterAll(() => player?.close());

/** Plays histories with the bug until one breaks this invariant; answers what the last one says. */
async function breachesOf(bug: string, invariant: string): Promise<readonly string[]> {
  let last: readonly string[] = [];
  for (let i = 1; i <= MOST_HISTORIES; i += 1) {
    const { breaches = [] } = (await player?.play(`net-${i}`, { bug })) ?? {};
    if (breaches.some((breach) => breach.startsWith(`${invariant}:`))) return breaches;
    if (breaches.length > 0) last = breaches;
  }
  return last;
}

describe("The net of the simulation", () => {
  it("has a bug planted for each invariant", () => {
    const invariants = new Set(BUGS.map(({ invariant }) => invariant));
    const all = byRule([]).map(({ name }) => name);
    expect([...invariants].sort()).toEqual(all.sort());
  });

  it("catches nothing where there is no bug", async () => {
    expect((await player?.play("net-1"))?.breaches).toEqual([]);
  });

  for (const { name, invariant } of sampleOf("bugs", BUGS, SOME)) {
    it(`catches ${name}, as a breach of ${invariant}`, async () => {
      expect(await breachesOf(name, invariant)).toContainEqual(
        expect.stringMatching(new RegExp(`^${invariant}:`)),
      );
    });
  }
});
