import type Stripe from "stripe";
import { SECOND_MS } from "../platform/clock.ts";
import { asPaymentError } from "./errors.ts";
import { orderIdOf, type PaymentOrigin } from "./payment-origin.ts";
import { readSession } from "./payment-page.ts";
import { describeEvent, type VerifiedEvent } from "./verify-event.ts";

const LIST_PAGE = 100;

/** A span of time at Stripe, both ends included, in milliseconds. `after` is the last id that was read of it. */
export interface HistoryWindow {
  readonly from: number;
  readonly to: number;
  readonly after: string | null;
}

/**
 * Up to 100 of what happened, newest first. `next` is where the window goes on; null at its end. `answeredAt` is the
 * time at Stripe, in milliseconds but told in whole seconds; null when Stripe did not say.
 */
export interface HistoryPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
  readonly answeredAt: number | null;
}

/** An event as Stripe's list has it. */
export interface ListedEvent extends VerifiedEvent {
  /** JSON, as a webhook would have brought it. */
  readonly payload: string;
}

/** What Stripe remembers: events for 30 days, payment pages for ever. Throws as the gateway does. */
export interface PaymentHistory {
  /** At most 20 types. https://docs.stripe.com/api/events/list */
  readonly listEvents: (
    window: HistoryWindow,
    types: readonly string[],
  ) => Promise<HistoryPage<ListedEvent>>;
  /** Payment pages that were made in the window and that a customer has completed. https://docs.stripe.com/api/checkout/sessions/list */
  readonly listCompleted: (window: HistoryWindow) => Promise<HistoryPage<PaymentOrigin>>;
}

export function paymentHistory(stripe: Stripe): PaymentHistory {
  return {
    listEvents: (window, types) =>
      readList(
        () => stripe.events.list({ ...paramsOf(window), types: [...types] }),
        (event) => ({ ...describeEvent(event), payload: JSON.stringify(event) }),
      ),
    listCompleted: (window) =>
      readList(
        () =>
          stripe.checkout.sessions.list({
            ...paramsOf(window),
            status: "complete",
            expand: ["data.payment_intent"],
          }),
        (session) => ({ orderId: orderIdOf(session), page: readSession(session) }),
      ),
  };
}

function paramsOf({ from, to, after }: HistoryWindow) {
  return {
    created: { gte: Math.floor(from / SECOND_MS), lte: Math.floor(to / SECOND_MS) },
    limit: LIST_PAGE,
    ...(after === null ? {} : { starting_after: after }),
  };
}

async function readList<One extends { id: string }, Item>(
  ask: () => PromiseLike<Stripe.Response<Stripe.ApiList<One>>>,
  read: (one: One) => Item,
): Promise<HistoryPage<Item>> {
  try {
    const { data, has_more, lastResponse } = await ask();
    return {
      items: data.map(read),
      next: has_more ? (data.at(-1)?.id ?? null) : null,
      answeredAt: timeOf(lastResponse.headers),
    };
  } catch (error) {
    throw asPaymentError(error);
  }
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.date */
function timeOf(headers: Readonly<Record<string, string>>): number | null {
  // Over fetch, the SDK hands on a `Headers`, not the record of its types.
  const time = Date.parse(new Headers(headers).get("date") ?? "");
  return Number.isNaN(time) ? null : time;
}
