import { expect } from "vitest";
import { sha256 } from "../../src/platform/hash.ts";
import { call } from "./http.ts";
import { rows } from "./world.ts";

/** What a page says to people, without its tags. */
async function wordsOf(path: string, headers: Record<string, string> = {}): Promise<string> {
  const { status, text } = await call("GET", path, { headers });
  expect(status).toBe(200);
  return text.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
}

/** The page of an order, as whoever has its token reads it. */
export const orderWords = (at: { readonly orderId: string; readonly orderToken: string }) =>
  wordsOf(`/orders/${at.orderId}?token=${at.orderToken}`);

/** Its receipt, likewise. */
export const receiptWords = (at: { readonly orderId: string; readonly orderToken: string }) =>
  wordsOf(`/orders/${at.orderId}/receipt?token=${at.orderToken}`);

const BROWSER = "gb_000000000000000000000000000000000000";

/** Makes one browser the one that has made the hold's order, and says what it sends. */
export async function browserOf(reservationId: string): Promise<{ Cookie: string }> {
  await rows(
    "UPDATE orders SET browser_hash = ? WHERE reservation_id = ? AND account_id IS NULL",
    await sha256(BROWSER),
    reservationId,
  );
  return { Cookie: `__Host-guest=${BROWSER}` };
}

/** The page of a hold, which customers return to from the payment. */
export async function holdWords({ reservationId }: { readonly reservationId: string }) {
  return wordsOf(`/reservations/${reservationId}`, await browserOf(reservationId));
}
