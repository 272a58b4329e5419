import { env } from "cloudflare:workers";
import worker from "../../src/index.ts";

/** Between two looks at the counters, which cost nothing. */
const LOOK_MS = 3;
/** The longest that work of an earlier test, or of before, is waited for. */
const QUIET_MS = 10_000;
/** How long nothing has to happen before the queue counts as idle: a message that is on its way is in no counter. */
const IDLE_MS = 25;

let begun = 0;
let done = 0;
const consume = worker.queue;

worker.queue = async (batch, env_, execution) => {
  begun += 1;
  try {
    await consume(batch, env_, execution);
  } finally {
    done += 1;
  }
};

async function until(reached: () => boolean, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!reached() && performance.now() < deadline) await scheduler.wait(LOOK_MS);
}

/** Resolves when the Worker has done another batch of a queue, or after this long. */
export function nextBatch(milliseconds: number): Promise<void> {
  const before = done;
  return until(() => done > before, milliseconds);
}

/** Resolves when no batch is at work, so that what a test began does not reach into the next one. */
export function quietQueue(): Promise<void> {
  return until(() => done === begun, QUIET_MS);
}

/** Resolves when the queue has delivered all that it is not told to keep for later. */
export async function idleQueue(): Promise<void> {
  const deadline = performance.now() + QUIET_MS;
  while (performance.now() < deadline) {
    const before = begun;
    await quietQueue();
    await scheduler.wait(IDLE_MS);
    const { backlogCount } = await env.JOBS.metrics();
    if (backlogCount === 0 && begun === before && done === begun) return;
  }
}
