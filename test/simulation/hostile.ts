/**
 * The hostile walks: a guest, a customer, an agent or a program with one scope tries every route of the shop, as the
 * app lists them, with every id and token they have seen, while others go about their business. Nothing that is not
 * theirs may be shown, changed, made or granted, stand in a log line, or arrive in a mail.
 *
 *   npm run hostile                             34 walks, two of each caller, different ones each time
 *   npm run hostile -- --seeds 1000             this many; --workers N side by side, as many as there are processors
 *   npm run hostile -- --seed 4f1c --seeds 34   the same from 4f1c-1 to 4f1c-34
 *   npm run hostile -- --seed 4f1c-17 --caller orders:read    this one walk again
 */
import { randomBytes } from "node:crypto";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { SCOPES } from "../../src/platform/roles.ts";
import type { CallerKind } from "./hostile/intruder.ts";
import type { Walked } from "./hostile/walk.ts";
import { bundleSimulation } from "./run/bundle.ts";
import { startPlayer } from "./run/player.ts";

const CALLERS: readonly CallerKind[] = ["guest", "customer", "agent", ...SCOPES];
const REPORT_MS = 5000;

const { values } = parseArgs({
  options: {
    seeds: { type: "string" },
    seed: { type: "string" },
    caller: { type: "string" },
    workers: { type: "string", default: String(availableParallelism()) },
  },
});

function plan(base: string): { readonly seed: string; readonly caller: CallerKind }[] {
  const caller = CALLERS.find((one) => one === values.caller);
  if (values.caller !== undefined && caller === undefined)
    throw new Error(`--caller must be one of ${CALLERS.join(", ")}.`);
  if (values.seeds === undefined && values.seed !== undefined)
    return (caller === undefined ? CALLERS : [caller]).map((one) => ({ seed: base, caller: one }));
  const count = Number(values.seeds ?? 2 * CALLERS.length);
  if (!Number.isInteger(count) || count < 1) throw new Error("--seeds must be a number above 0.");
  return Array.from({ length: count }, (_, i) => ({
    seed: `${base}-${i + 1}`,
    caller: caller ?? CALLERS[i % CALLERS.length] ?? "guest",
  }));
}

const base = values.seed ?? randomBytes(4).toString("hex");
const walks = plan(base);
console.log(`Base seed ${base}: ${walks.length} walks, ${values.workers} at a time`);
const bundle = await bundleSimulation();
const started = performance.now();
const seconds = () => Math.round((performance.now() - started) / 1000);
const progress = { next: 0, done: 0, tries: 0 };
const [tried, reached] = [new Set<string>(), new Set<string>()];
let failed: Walked | undefined;
let routes: readonly string[] = [];
const timer = setInterval(
  () =>
    console.log(
      `  ${progress.done} of ${walks.length} walks, ${progress.tries} tries, ${seconds()} s`,
    ),
  REPORT_MS,
);

async function work(): Promise<void> {
  const player = await startPlayer(bundle);
  for (let walk = walks[progress.next]; walk !== undefined; walk = walks[progress.next]) {
    progress.next = failed === undefined ? progress.next + 1 : walks.length;
    const walked = await player.walk(walk.seed, walk.caller);
    progress.done += 1;
    progress.tries += walked.tries;
    routes = walked.routes;
    for (const one of walked.tried) tried.add(one);
    for (const one of walked.reached) reached.add(one);
    if (walked.breaches.length > 0) failed ??= walked;
  }
  await player.close();
}

await Promise.all(Array.from({ length: Math.min(Number(values.workers), walks.length) }, work));
clearInterval(timer);
console.log(`\n${progress.done} walks, ${progress.tries} tries in ${seconds()} s`);
console.log(
  `${routes.length} routes: ${tried.size} tried, ${reached.size} answered other than with a refusal`,
);
for (const one of routes.filter((name) => !tried.has(name))) console.log(`  not tried: ${one}`);
if (failed !== undefined) {
  console.log(`\nFAILED: ${failed.seed} as ${failed.caller}`);
  for (const line of failed.story) console.log(`  ${line}`);
  for (const breach of failed.breaches) console.log(`  ✗ ${breach}`);
  console.log(
    `\nWalk it again: npm run hostile -- --seed ${failed.seed} --caller ${failed.caller}`,
  );
  process.exitCode = 1;
} else if (reached.size === 0) {
  console.log("Nobody walked anywhere.");
  process.exitCode = 1;
} else console.log("\nNothing was shown, changed or granted that must not be.");
