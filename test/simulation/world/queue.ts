import type { OutsideCall } from "./faults.ts";

const SECOND_MS = 1000;

/** As wrangler.toml has it. */
export const JOBS = { name: "holdfast-jobs", maxRetries: 40 } as const;
export const DELIVERIES = { name: "holdfast-deliveries", maxRetries: 40 } as const;
export const DEAD = { name: "holdfast-jobs-dead", maxRetries: 20 } as const;

export interface QueuedMessage {
  readonly id: string;
  readonly body: unknown;
  /** How often it was handed out. */
  attempts: number;
  /** Milliseconds. */
  dueAt: number;
  queue: typeof JOBS | typeof DELIVERIES | typeof DEAD;
}

/** A queue as Cloudflare promises it: at least once, in no order, later or never when nobody looks. The world delivers. */
export class WorldQueue {
  messages: QueuedMessage[] = [];
  /** What the dead-letter queue gave up on: nobody will ever see it. */
  readonly dropped: QueuedMessage[] = [];
  readonly #now: () => number;
  #sent = 0;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(body: unknown, queue: QueuedMessage["queue"] = JOBS): void {
    this.#sent += 1;
    const id = `msg-${this.#sent}`;
    this.messages.push({ id, body, attempts: 0, dueAt: this.#now(), queue });
  }

  due(): QueuedMessage[] {
    const now = this.#now();
    return this.messages.filter(({ dueAt }) => dueAt <= now);
  }

  /** Takes it out, as after an `ack`, or because the world loses it. */
  remove(message: QueuedMessage): void {
    this.messages = this.messages.filter((one) => one !== message);
  }

  retry(message: QueuedMessage, delaySeconds: number): void {
    message.dueAt = this.#now() + delaySeconds * SECOND_MS;
    if (message.attempts <= message.queue.maxRetries) return;
    this.remove(message);
    if (message.queue === DEAD) this.dropped.push(message);
    else this.messages.push({ ...message, attempts: 0, dueAt: this.#now(), queue: DEAD });
  }
}

/** The messages of one queue as its consumer gets them; `settle` is called once for each that it settled. */
export function asBatch(
  messages: readonly QueuedMessage[],
  settle: (message: QueuedMessage, how: "ack" | { delaySeconds: number }) => void,
): MessageBatch<unknown> {
  const handed = messages.map((message) => ({
    id: message.id,
    timestamp: new Date(),
    body: structuredClone(message.body),
    attempts: message.attempts,
    ack: () => settle(message, "ack"),
    retry: (options?: QueueRetryOptions) =>
      settle(message, { delaySeconds: options?.delaySeconds ?? 0 }),
  }));
  const batch = {
    queue: messages[0]?.queue.name ?? JOBS.name,
    messages: handed,
    metadata: { metrics: { backlogCount: 0, backlogBytes: 0, oldestMessageTimestamp: new Date() } },
    ackAll: () => {
      for (const one of handed) one.ack();
    },
    retryAll: (options?: QueueRetryOptions) => {
      for (const one of handed) one.retry(options);
    },
  };
  return batch as MessageBatch<unknown>; // a consumer reads no more of it
}

export function describeSend(body: unknown): OutsideCall {
  const type = typeof body === "object" && body !== null && "type" in body ? body.type : "?";
  return { kind: "queue", what: `send ${String(type)}` };
}
