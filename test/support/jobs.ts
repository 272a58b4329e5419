import {
  createExecutionContext,
  createMessageBatch,
  getQueueResult,
  waitOnExecutionContext,
} from "cloudflare:test";
import { env } from "cloudflare:workers";
import { vi } from "vitest";
import { consume } from "../../src/jobs.ts";
import { runSchedule } from "../../src/schedules.ts";
import { createServices, type Services, servicesOf } from "../../src/services.ts";

export const JOBS = "holdfast-jobs";
export const DELIVERIES = "holdfast-deliveries";
export const DEAD_JOBS = "holdfast-jobs-dead";

export interface Sent {
  readonly id: string;
  readonly body: unknown;
  /** How often it has been delivered, this time included. */
  readonly attempts?: number;
}

export interface Settled {
  readonly acked: readonly string[];
  /** Message id to the seconds until it comes again. */
  readonly retried: Readonly<Record<string, number | undefined>>;
}

/** Gives the Worker one batch of a queue. */
export async function deliverBatch(
  queue: string,
  sent: readonly Sent[],
  services: Services = servicesOf(env),
): Promise<Settled> {
  const timestamp = new Date();
  const batch = createMessageBatch(
    queue,
    sent.map(({ attempts = 1, ...message }) => ({ ...message, attempts, timestamp })),
  );
  const retries = new Map(
    batch.messages.map((message) => [message.id, vi.spyOn(message, "retry")] as const),
  );
  const execution = createExecutionContext();
  await consume(batch, services, (work) => execution.waitUntil(work));
  const { explicitAcks } = await getQueueResult(batch, execution);
  const retried = [...retries].flatMap(([id, spy]) =>
    spy.mock.calls.map(([options]) => [id, options?.delaySeconds] as const),
  );
  return { acked: explicitAcks, retried: Object.fromEntries(retried) };
}

/** Services of their own over the test's bindings, on the test's clock. */
export function servicesWith(
  bindings: Partial<typeof env> = {},
  overrides: Partial<Services> = {},
): Services {
  return createServices({ ...env, ...bindings }, { now: () => Date.now(), ...overrides });
}

/** Fires a cron expression over these services. */
export async function cronOver(services: Services, expression = "* * * * *"): Promise<void> {
  const execution = createExecutionContext();
  await runSchedule(expression, services, (work) => execution.waitUntil(work));
  await waitOnExecutionContext(execution);
}
