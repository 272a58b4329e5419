/**
 * The simulation: seeded random histories of shoppers, operators, Stripe, mail, queue, cron, clocks, processes that die
 * and databases that are put back, each over an empty shop in the real runtime; then everything heals, and every invariant must hold.
 *
 *   npm run simulate                      200 seeds, different ones each time
 *   npm run simulate -- --seeds 10000     this many; --workers N side by side, as many as there are processors
 *   npm run simulate -- --seed 4f1c-17    this one history again
 *   npm run simulate -- --seed 4f1c --seeds 100    the hundred from 4f1c-1 to 4f1c-100
 *
 * The histories run over the SQLite of a Durable Object, which is what D1 is made of, because that is thirty times
 * cheaper than the way to D1; every 50th is played on D1 itself too, as are those of the tests. A failing history is made smaller until
 * nothing can be left out of it, and told with the command that plays it again.
 */
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Outcome } from "./history/run-history.ts";
import { describeStep } from "./history/step.ts";
import { bundleSimulation } from "./run/bundle.ts";
import { playAll } from "./run/play-all.ts";
import { type Player, startPlayer } from "./run/player.ts";
import { kindOfBreach, shrink } from "./run/shrink.ts";

const DEFAULT_SEEDS = 200;
const MOST_TRIES = 400;
const MOST_STORY_LINES = 150;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    seed: { type: "string" },
    workers: { type: "string", default: String(availableParallelism()) },
  },
});

function seedsOf(base: string): string[] {
  if (values.seeds === undefined && values.seed !== undefined) return [base];
  const count = Number(values.seeds ?? DEFAULT_SEEDS);
  if (!Number.isInteger(count) || count < 1) throw new Error("--seeds must be a number above 0.");
  return Array.from({ length: count }, (_, i) => `${base}-${i + 1}`);
}

/** Leaves out of the history what it fails without. */
async function makeSmaller(player: Player, failed: Outcome): Promise<void> {
  const kinds = new Set(failed.breaches.map(kindOfBreach));
  const steps = failed.history;
  console.log(`\nMaking the history of ${steps.length} steps smaller …`);
  let last = failed;
  const fails = async (candidate: typeof steps) => {
    const outcome = await player.play(failed.seed, { steps: candidate });
    const same = outcome.breaches.some((breach) => kinds.has(kindOfBreach(breach)));
    if (same) last = outcome;
    return same;
  };
  const { steps: few, tries } = await shrink(steps, (some) => fails([...some]), MOST_TRIES);
  console.log(`${few.length} steps are enough (${tries} histories tried):`);
  for (const step of few) console.log(`  ${describeStep(step)}`);
  console.log(["", "What happens in them:", ...last.story.slice(0, MOST_STORY_LINES)].join("\n"));
  for (const breach of last.breaches) console.log(`  ✗ ${breach}`);
}

const base = values.seed ?? randomBytes(4).toString("hex");
const seeds = seedsOf(base);
console.log(`Base seed ${base}: ${seeds.length} histories, ${values.workers} at a time`);
const bundle = await bundleSimulation();
const started = performance.now();
const { played, failed, totals, onD1 } = await playAll(
  () => startPlayer(bundle),
  seeds,
  Number(values.workers),
);
const seconds = (performance.now() - started) / 1000;
console.log(
  `\n${played} histories in ${Math.round(seconds)} s, ${(played / seconds).toFixed(1)} a second; ${onD1} of them on D1 too`,
);
for (const [name, count] of Object.entries(totals).sort()) {
  console.log(`  ${name.padEnd(28)} ${Math.round(count)}`);
}
if (failed !== undefined) {
  console.log(`\nFAILED: ${failed.seed}`);
  for (const breach of failed.breaches) console.log(`  ✗ ${breach}`);
  const player = await startPlayer(bundle);
  await makeSmaller(player, failed);
  await player.close();
  console.log(`\nPlay it again: npm run simulate -- --seed ${failed.seed}`);
  process.exitCode = 1;
} else if (played === 0 || (totals["answered 2xx"] ?? 0) === 0) {
  console.log("Nothing was simulated.");
  process.exitCode = 1;
} else {
  console.log("\nEvery invariant held in every history.");
}
