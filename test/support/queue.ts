import worker from "../../src/index.ts";

/** Between two looks at the counters, which cost nothing. */
const LOOK_MS = 3;
/** The longest that a batch of an earlier test is waited for. */
const QUIET_MS = 10_000;

let begun = 0;
let done = 0;
const consume = worker.queue;

worker.queue = async (batch, env, execution) => {
  begun += 1;
  try {
    await consume(batch, env, execution);
  } finally {
    done += 1;
  }
};

async function until(reached: () => boolean, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!reached() && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
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
