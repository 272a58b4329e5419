import type { Outcome } from "../history/run-history.ts";
import type { Player } from "./player.ts";

/** One history in this many is played on D1 itself as well. */
const ON_D1_EVERY = 50;
/** A history is over in a fraction of this, in milliseconds; one that hangs is a failure. */
const PATIENCE_MS = 120_000;
const REPORT_MS = 5000;
/** A runtime is replaced after this many histories, so that its database file stays small. */
const RUNTIME_LIFE = 1000;

export interface Played {
  readonly played: number;
  readonly onD1: number;
  /** The first history that broke something. */
  readonly failed: Outcome | undefined;
  readonly totals: Readonly<Record<string, number>>;
}

/** Plays the histories of all seeds, `workers` at a time, until one fails; says every few seconds how far it is. */
export async function playAll(
  start: () => Promise<Player>,
  seeds: readonly string[],
  workers: number,
): Promise<Played> {
  const totals: Record<string, number> = {};
  const progress = { next: 0, played: 0, onD1: 0, failed: undefined as Outcome | undefined };
  const started = performance.now();
  const timer = setInterval(() => report(progress.played, seeds.length, started), REPORT_MS);
  const work = async (): Promise<void> => {
    let player = await start();
    for (let life = 1; progress.next < seeds.length && progress.failed === undefined; life += 1) {
      const index = progress.next;
      progress.next += 1;
      const outcome = await playOne(player, seeds[index] ?? "", index % ON_D1_EVERY === 0);
      progress.played += 1;
      if (index % ON_D1_EVERY === 0) progress.onD1 += 1;
      add(totals, { steps: outcome.steps, ...outcome.counts });
      if (outcome.breaches.length > 0) progress.failed ??= outcome;
      if (life % RUNTIME_LIFE === 0) {
        await player.close();
        player = await start();
      }
    }
    await player.close();
  };
  try {
    await Promise.all(Array.from({ length: Math.min(workers, seeds.length) }, work));
  } finally {
    clearInterval(timer);
  }
  return { ...progress, totals };
}

/** One history; with `onD1`, once more on D1, where all must hold too. What cannot be played to its end is a failure of its own. */
async function playOne(player: Player, seed: string, onD1: boolean): Promise<Outcome> {
  try {
    const outcome = await inTime(player.play(seed));
    if (!onD1) return outcome;
    const there = await inTime(player.play(seed, { database: "d1" }));
    const breaches = there.breaches.map((breach) => `On D1: ${breach}`);
    const history = breaches.length > 0 ? there.history : outcome.history;
    return { ...outcome, history, breaches: [...outcome.breaches, ...breaches] };
  } catch (error) {
    const breaches = [`The history could not be played: ${String(error)}`];
    return { seed, steps: 0, breaches, history: [], story: [], counts: {}, digest: "" };
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error("it hangs")), PATIENCE_MS);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

function add(totals: Record<string, number>, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) totals[name] = (totals[name] ?? 0) + count;
}

function report(played: number, all: number, started: number): void {
  const seconds = (performance.now() - started) / 1000;
  const left = played === 0 ? "" : `, ${Math.ceil(((all - played) * seconds) / played)} s left`;
  console.log(`  ${played} of ${all} histories, ${(played / seconds).toFixed(1)} a second${left}`);
}
