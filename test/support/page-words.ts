import { expect } from "vitest";
import { call } from "./http.ts";

/** What a page says to people, without its tags. */
async function wordsOf(path: string): Promise<string> {
  const { status, text } = await call("GET", path);
  expect(status).toBe(200);
  return text.replaceAll(/<[^>]+>/g, " ").replaceAll(/\s+/g, " ");
}

/** The page of an order, as whoever has its token reads it. */
export const orderWords = (at: { readonly orderId: string; readonly orderToken: string }) =>
  wordsOf(`/orders/${at.orderId}?token=${at.orderToken}`);

/** The page of a hold, which customers return to from the payment. */
export const holdWords = (at: { readonly reservationId: string }) =>
  wordsOf(`/reservations/${at.reservationId}`);
