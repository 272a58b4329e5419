import { env } from "cloudflare:workers";
import worker from "../../src/index.ts";
import { DEAD_JOBS } from "./jobs.ts";

/** Between two looks at the counters, which cost nothing. */
const LOOK_MS = 3;
/** The longest that work of before is waited for. */
const QUIET_MS = 10_000;

let sent = 0;
/** Messages that the Worker has been given at least once. */
const given = new Set<string>();
let begun = 0;
let done = 0;

const consume = worker.queue;
worker.queue = async (batch, bindings, execution) => {
  begun += 1;
  if (batch.queue !== DEAD_JOBS) for (const { id } of batch.messages) given.add(id);
  try {
    await consume(batch, bindings, execution);
  } finally {
    done += 1;
  }
};

function counting(queue: Queue): Queue {
  return {
    send: (message, options) => {
      sent += 1;
      return queue.send(message, options);
    },
    sendBatch: (messages, options) => {
      const all = [...messages];
      sent += all.length;
      return queue.sendBatch(all, options);
    },
    metrics: () => queue.metrics(),
  };
}
Object.assign(env, { JOBS: counting(env.JOBS), DELIVERIES: counting(env.DELIVERIES) });

async function until(reached: () => boolean, milliseconds: number): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!reached() && performance.now() < deadline) await scheduler.wait(LOOK_MS);
}

/** Resolves when the Worker has done another batch of a queue, or after this long. */
export function nextBatch(milliseconds: number): Promise<void> {
  const before = done;
  return until(() => done > before, milliseconds);
}

/** Resolves when every message has been delivered and no batch is at work; what failed and comes again later does not count. */
export function idleQueue(): Promise<void> {
  return until(() => given.size >= sent && done === begun, QUIET_MS);
}
