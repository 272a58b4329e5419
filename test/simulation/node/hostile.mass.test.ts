import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SCOPES } from "../../../src/platform/roles.ts";
import { roundsOf, sampleOf, seedOf } from "../../support/sample.ts";
import { HOSTILE_BUGS } from "../hostile/bugs.ts";
import type { CallerKind } from "../hostile/intruder.ts";
import { bundleSimulation } from "../run/bundle.ts";
import { type Player, startPlayer } from "../run/player.ts";

const CALLERS: readonly CallerKind[] = ["guest", "customer", "agent", ...SCOPES];
const SOME_CALLERS = 3;
const SOME_BUGS = 1;
const ROUNDS = roundsOf(1, 4);
/** Walks after which a bug counts as not found. */
const MOST_WALKS = 40;

const base = seedOf("hostile").text;
let player: Player;

beforeAll(async () => {
  player = await startPlayer(await bundleSimulation());
});

afterAll(() => player.close());

describe("A hostile caller is shown, changes and is granted nothing that is not theirs", () => {
  const tried = new Set<string>();
  let routes: readonly string[] = [];

  for (const caller of sampleOf("hostile callers", CALLERS, SOME_CALLERS)) {
    it(`as ${caller}, whatever they have seen`, async () => {
      for (let round = 1; round <= ROUNDS; round += 1) {
        const seed = `${base}-${round}`;
        const walked = await player.walk(seed, caller);
        const again = `npm run hostile -- --seed ${seed} --caller ${caller}`;
        expect(walked.breaches, [again, ...walked.story].join("\n")).toEqual([]);
        expect(walked.reached.length).toBeGreaterThan(0);
        for (const one of walked.tried) tried.add(one);
        routes = walked.routes;
      }
    });
  }

  it("on every route that the app has", () => {
    expect(routes.length).toBeGreaterThan(0);
    expect(routes.filter((name) => !tried.has(name))).toEqual([]);
  });
});

describe("The walks find", () => {
  for (const { name, plants, caller, breach } of sampleOf(
    "hostile bugs",
    HOSTILE_BUGS,
    SOME_BUGS,
  )) {
    it(name, async () => {
      const faulty = await startPlayer(await bundleSimulation(plants));
      try {
        let last: readonly string[] = [];
        for (let i = 1; i <= MOST_WALKS && !last.some((one) => breach.test(one)); i += 1)
          last = (await faulty.walk(`bug-${i}`, caller)).breaches;
        expect(last).toContainEqual(expect.stringMatching(breach));
      } finally {
        await faulty.close();
      }
    });
  }
});
