import { env } from "cloudflare:workers";
import { Webhook } from "standardwebhooks";
import type { Records } from "../../emulators/dns/emulator.ts";
import type { Behaviour, Received } from "../../emulators/subscriber/emulator.ts";
import type { Answer } from "./http.ts";
import { asAdmin } from "./people.ts";
import { nextBatch } from "./queue.ts";
import { rows } from "./world.ts";

const SETTLE_MS = 45_000;
const POLL_MS = 30;

export const ALL_EVENTS = [
  "order.paid",
  "order.canceled",
  "order.refunded",
  "order.fulfilled",
  "inventory.low",
] as const;

export interface Endpoint {
  readonly id: string;
  readonly secret: string;
  readonly url: string;
  readonly host: string;
}

let made = 0;

async function control<T>(emulator: "subscriber" | "dns", path: string, body: object): Promise<T> {
  const response = await fetch(`http://${emulator}.test/_emulator${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${emulator}${path}: ${await response.text()}`);
  return (await response.json()) as T;
}

/** An endpoint at a host of its own, subscribed to all unless said. */
export async function makeEndpoint(events: readonly string[] = ALL_EVENTS): Promise<Endpoint> {
  made += 1;
  const host = `hooks-${made}.subscriber.test`;
  const url = `https://${host}/events`;
  const answer = await asAdmin("POST", "/api/v1/webhook-endpoints", { body: { url, events } });
  if (answer.status !== 201) throw new Error(answer.text);
  return { ...answer.body.data, host };
}

/** What this endpoint's host was sent, in the order of its coming. */
export async function received({ host }: Pick<Endpoint, "host">): Promise<Received[]> {
  const all = await control<{ received: Received[] }>("subscriber", "/received", {});
  return all.received.filter((one) => one.host === host);
}

/** What a host does from now on; without anything said, it takes all. */
export function behave({ host }: Pick<Endpoint, "host">, behaviour: Behaviour): Promise<unknown> {
  return control("subscriber", "/behaviour", { host, ...behaviour });
}

/** Where names lead; null: nowhere. */
export const setNames = (names: Readonly<Record<string, Records | null>>) =>
  control("dns", "/names", names);
export const failDns = (status: number | null) => control("dns", "/behaviour", { status });

/** What the event says to somebody who verifies it with this secret. Throws for a wrong signature. */
export function verified({ body, headers }: Received, secret: string): EventBody {
  return new Webhook(secret).verify(body, headers) as EventBody; // as the document has it, which a test holds
}

export interface EventBody {
  readonly id: string;
  readonly type: string;
  readonly timestamp: string;
  readonly sequence: number;
  readonly data: Record<string, unknown>;
}

/** Waits until the real queue has tried everything that is due. */
export async function settleDeliveries(): Promise<void> {
  const until = performance.now() + SETTLE_MS;
  for (;;) {
    const [row] = await rows<{ open: number }>(
      `SELECT count(*) AS open FROM webhook_deliveries d JOIN webhook_endpoints w ON w.id = d.endpoint_id
        WHERE d.status = 'pending' AND w.status = 'active' AND coalesce(w.quiet_until, 0) <= ? AND d.tries = 0`,
      Date.now(),
    );
    if (row?.open === 0) return;
    if (performance.now() > until) throw new Error(`${row?.open} deliveries that nobody tries`);
    await nextBatch(POLL_MS);
  }
}

export function deliveriesOf(endpoint: Pick<Endpoint, "id">, query = ""): Promise<Answer> {
  return asAdmin("GET", `/api/v1/webhook-endpoints/${endpoint.id}/deliveries${query}`);
}

/** There are ten at most, and many tests share a shop: makes room for others; the newest stay. */
export async function removeOldEndpoints(): Promise<void> {
  await env.DB.prepare(
    "DELETE FROM webhook_endpoints WHERE rowid IN (SELECT rowid FROM webhook_endpoints ORDER BY created_at DESC, rowid DESC LIMIT -1 OFFSET 5)",
  ).run();
}

/** A delivery of an endpoint of its own, of which nothing was sent; answers both ids. */
export async function storedDelivery(): Promise<{ endpointId: string; deliveryId: string }> {
  await removeOldEndpoints();
  const { id: endpointId } = await makeEndpoint(["inventory.low"]);
  const answer = await asAdmin("POST", `/api/v1/webhook-endpoints/${endpointId}/test`);
  return { endpointId, deliveryId: answer.body.data.id };
}
