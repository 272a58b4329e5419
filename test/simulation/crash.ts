/**
 * The crash matrix: every mutating route, job and cron task, with a fault at each of its calls to the database, the
 * queue, Stripe and the mail service: the process dies before or after the call, or the call answers an error and
 * nothing or all of it was done. Then retries, redelivery and sweeps, and every invariant must hold.
 *
 *   npm run crash                      every single fault, and pairs of faults that differ each time
 *   npm run crash -- --seed 4f1c       the same pairs again
 *   npm run crash -- --only refund     the scenarios with this in their name
 *   npm run crash -- --pairs all       every pair of faults, instead of 20 for each scenario: half an hour
 */
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { everyFaultPair, everySingleFault, someFaultPair, type Tally } from "./crash/matrix.ts";
import { bundleSimulation } from "./run/bundle.ts";
import { type Player, startPlayer } from "./run/player.ts";
import { Random } from "./world/random.ts";

const PAIRS_EACH = 20;
const REPORT_MS = 5000;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    only: { type: "string", default: "" },
    pairs: { type: "string", default: "some" },
  },
});
const seed = values.seed ?? randomBytes(4).toString("hex");
const singles: Tally = { points: 0, runs: 0, faults: 0, failures: [] };
const pairs: Tally = { points: 0, runs: 0, faults: 0, failures: [] };
let next = 0;
let done = 0;

async function work(player: Player): Promise<void> {
  for (let scenario = chosen[next]; scenario !== undefined; scenario = chosen[next]) {
    next += 1;
    await tryScenario(player, scenario);
    done += 1;
  }
  await player.close();
}

async function tryScenario(player: Player, name: string): Promise<void> {
  const points = await everySingleFault(player.crash, name, singles);
  if (values.pairs === "all") return everyFaultPair(player.crash, { name, points }, pairs);
  const random = new Random(`${seed}:${name}`);
  for (let i = 0; i < PAIRS_EACH; i += 1) {
    await someFaultPair(player.crash, { name, points, random }, pairs);
  }
}

const bundle = await bundleSimulation();
const players = await Promise.all(
  Array.from({ length: availableParallelism() }, () => startPlayer(bundle)),
);
const all = (await players[0]?.scenarios()) ?? [];
const chosen = all.filter((name) => name.includes(values.only));
console.log(`${chosen.length} scenarios; pairs of faults of seed ${seed}`);
const started = performance.now();
const timer = setInterval(
  () => console.log(`  ${done} of ${chosen.length}: ${singles.runs + pairs.runs} faults tried`),
  REPORT_MS,
);
await Promise.all(players.map(work));
clearInterval(timer);

const failures = [...singles.failures, ...pairs.failures];
for (const { scenario, planned, calls, problems } of failures) {
  console.log(
    `\n✗ ${scenario}: ${planned.map(({ at, fault }) => `${fault} at call ${at}`).join(", ")}`,
  );
  for (const [i, call] of calls.entries()) console.log(`    ${i} ${call}`);
  for (const problem of problems) console.log(`  ${problem}`);
}
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `\n${chosen.length} scenarios in ${seconds} s: ${singles.points} points, ${singles.runs} single faults, ${pairs.runs} pairs, ${failures.length} failures`,
);
if (failures.length > 0 || singles.runs === 0) process.exitCode = 1;
