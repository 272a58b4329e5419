import type { EventRecord } from "../world/objects.ts";
import type { Delivery } from "../world/state.ts";
import { letGo } from "../world/timers.ts";
import type { StripeEmulatorOptions, World } from "../world/world.ts";
import { copiesOf, dueAt, dueDeliveries, eventOf, removeDelivery, signed } from "./deliveries.ts";

const CONCURRENT_DELIVERIES = 8;
const ANSWER_TIMEOUT_MS = 20_000;
const LONGEST_TIMER_MS = 60_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits between attempts; after the last one the delivery is given up, about three days in. */
const RETRY_WAITS_MS = [
  SECOND,
  5 * SECOND,
  30 * SECOND,
  2 * MINUTE,
  10 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  ...Array.from({ length: 5 }, () => 12 * HOUR),
];

/** POSTs events to the webhook URL as they come due, until closed. */
export function startCourier(
  world: World,
  { webhookUrl = "" }: StripeEmulatorOptions,
): { close(): Promise<void> } {
  const inFlight = new Map<Delivery, Promise<void>>();
  const closing = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const pump = (): void => {
    clearTimeout(timer);
    if (closing.signal.aborted) return;
    for (const delivery of dueDeliveries(world)) {
      if (inFlight.size >= CONCURRENT_DELIVERIES) return;
      if (inFlight.has(delivery)) continue;
      const sending = send(world, delivery, { url: webhookUrl, signal: closing.signal });
      inFlight.set(delivery, sending);
      void sending.finally(() => {
        inFlight.delete(delivery);
        pump();
      });
    }
    timer = setTimeout(pump, nextWait(world, inFlight));
    letGo(timer);
  };
  // On a later turn, so that the answer to the request that caused an event goes first.
  world.wakeCourier = () => void setTimeout(pump, 0);
  world.wakeCourier();
  return {
    async close() {
      closing.abort();
      clearTimeout(timer);
      world.wakeCourier = () => {};
      await Promise.all(inFlight.values());
    },
  };
}

function nextWait(world: World, inFlight: Map<Delivery, unknown>): number {
  const waiting = world.state.deliveries.filter((delivery) => !inFlight.has(delivery));
  const next = Math.min(...waiting.slice(0, 1000).map((delivery) => dueAt(world, delivery)));
  return Math.min(LONGEST_TIMER_MS, Math.max(1, next - world.deliveryClock()));
}

interface Target {
  url: string;
  signal: AbortSignal;
}

async function send(world: World, delivery: Delivery, target: Target): Promise<void> {
  const record = eventOf(world, delivery);
  const copies = copiesOf(world);
  if (record === undefined || copies === 0) {
    if (record !== undefined) record.lastOutcome = "lost on the way";
    removeDelivery(world, delivery);
    return;
  }
  const sendings = Array.from({ length: copies }, () => post(world, record, target));
  const [outcome = "not sent"] = await Promise.all(sendings);
  if (target.signal.aborted && outcome !== "200") return;
  settle(world, record, { delivery, outcome });
}

function settle(
  world: World,
  record: EventRecord,
  { delivery, outcome }: { delivery: Delivery; outcome: string },
): void {
  record.attempts += 1;
  record.lastOutcome = outcome;
  const accepted = /^2\d\d$/.test(outcome);
  if (accepted) record.deliveredAt = Date.now();
  const wait = RETRY_WAITS_MS[delivery.attempt];
  if (accepted || wait === undefined) {
    removeDelivery(world, delivery);
  } else {
    delivery.attempt += 1;
    delivery.dueAt = Date.now() + wait;
  }
  world.changed();
}

/** Sends one copy; the result is the status, or the reason why there is none. */
async function post(world: World, record: EventRecord, target: Target): Promise<string> {
  const { body, headers } = await signed(world, record);
  try {
    const response = await fetch(target.url, {
      method: "POST",
      body,
      headers,
      redirect: "manual",
      signal: AbortSignal.any([target.signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    return String(response.status);
  } catch (error) {
    return error instanceof Error ? `no answer: ${error.message}` : "no answer";
  }
}
