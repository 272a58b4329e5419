import type { KillableShop } from "./kill-shop.ts";

/** A payment page as Stripe knows it; amounts in minor units. */
export interface StripeSession {
  readonly id: string;
  readonly orderId: string;
  readonly status: "open" | "complete" | "expired";
  readonly captured: number;
  readonly refunded: number;
}

interface WireSession {
  readonly id: string;
  readonly client_reference_id: string;
  readonly status: StripeSession["status"];
  readonly payment_intent: {
    readonly latest_charge: {
      readonly amount_captured: number;
      readonly amount_refunded: number;
    } | null;
  } | null;
}

const PAGE = 100;

/** Every payment page, with the money that came of it. */
export async function listSessions(shop: KillableShop): Promise<StripeSession[]> {
  const expand = "expand[]=data.payment_intent.latest_charge";
  const sessions = await listAll<WireSession>(shop, "checkout/sessions", expand);
  return sessions.map(({ id, client_reference_id: orderId, status, payment_intent }) => ({
    id,
    orderId,
    status,
    captured: payment_intent?.latest_charge?.amount_captured ?? 0,
    refunded: payment_intent?.latest_charge?.amount_refunded ?? 0,
  }));
}

/** The ids of the events that the shop has answered 2xx, or of those that it has not. */
export async function listEvents(shop: KillableShop, delivered: boolean): Promise<string[]> {
  const events = await listAll<{ id: string }>(shop, "events", `delivery_success=${delivered}`);
  return events.map(({ id }) => id);
}

/** Sends again what waits for its next try. */
export async function hurryDeliveries(shop: KillableShop): Promise<void> {
  for (const id of await listEvents(shop, false)) {
    await fetch(`${shop.addresses.stripeUrl}/_emulator/events/${id}/resend`, { method: "POST" });
  }
}

async function listAll<T extends { id: string }>(
  shop: KillableShop,
  collection: string,
  query: string,
): Promise<T[]> {
  const headers = { Authorization: `Bearer ${shop.stripeSecretKey}` };
  const all: T[] = [];
  for (;;) {
    const last = all.at(-1);
    const after = last === undefined ? "" : `&starting_after=${last.id}`;
    const path = `/v1/${collection}?limit=${PAGE}&${query}${after}`;
    const answer = await fetch(shop.addresses.stripeUrl + path, { headers });
    const { data, has_more } = (await answer.json()) as { data: T[]; has_more: boolean }; // a list, as Stripe documents it
    all.push(...data);
    if (!has_more) return all;
  }
}
