import { env } from "cloudflare:workers";
import { newId } from "../../src/platform/ids.ts";
import { deadQueue } from "./faults.ts";
import { shopOver } from "./rig.ts";
import { type Bought, toPaymentPage } from "./shop.ts";
import { stripe } from "./stripe.ts";
import { rows } from "./world.ts";

/** Delivers what Stripe has to say, or what of it is of this type, while the queue is gone: stored, and nobody was told. */
export async function storeUnheard(type?: string): Promise<void> {
  const rig = shopOver(env.DB, { now: () => Date.now(), bindings: { ...env, JOBS: deadQueue } });
  const due = (await stripe.take()).filter((one) => type === undefined || one.type === type);
  for (const delivery of due) {
    const { status } = await rig.call("POST", "/webhooks/stripe", delivery);
    if (status !== 200) throw new Error(`${delivery.type} was answered ${status}`);
  }
}

/** The inbox's id of an event of this type. */
export async function eventOf(type: string): Promise<string> {
  const [row] = await rows<{ id: string }>("SELECT id FROM webhook_events WHERE type = ?", type);
  if (row === undefined) throw new Error(`There is no ${type}`);
  return row.id;
}

/** A paid order whose events are stored, and whom no queue has been told of; with the id of the one that says so. */
export async function paidInSilence(): Promise<{ at: Bought; completed: string }> {
  const at = await toPaymentPage(5);
  await stripe.pay(at.paymentUrl);
  await storeUnheard();
  return { at, completed: await eventOf("checkout.session.completed") };
}

/** An event of the inbox that was ignored long ago; answers its id. */
export async function storedEvent(type = "product.created"): Promise<string> {
  const id = newId("whe", Date.now());
  await env.DB.prepare(
    "INSERT INTO webhook_events (id, provider, event_id, type, payload, status, attempts, received_at, processed_at) VALUES (?, 'stripe', ?, ?, '{}', 'ignored', 1, ?, ?)",
  )
    .bind(id, `evt_${id}`, type, Date.now(), Date.now())
    .run();
  return id;
}

/**
 * A promise that no retry could keep, of a kind that does nothing when it is kept after all; answers its id. It counts no
 * attempt, so that `settle` waits for it once it is revived.
 */
export async function deadPromise(): Promise<string> {
  const id = newId("obx", Date.now());
  await env.DB.prepare(
    "INSERT INTO outbox (id, topic, payload, dedupe_key, status, attempts, last_error, created_at) VALUES (?, 'email_verified', ?, ?, 'dead', 0, 'Error: gone', ?)",
  )
    .bind(id, JSON.stringify({ tokenId: "none" }), `test:${id}`, Date.now())
    .run();
  return id;
}
