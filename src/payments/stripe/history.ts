import type Stripe from "stripe";
import { SECOND_MS } from "../../platform/clock.ts";
import type { HistoryPage, HistoryWindow, PaymentHistory } from "../history.ts";
import { asPaymentError } from "./errors.ts";
import { PAYMENT_EVENT_TYPES } from "./event-types.ts";
import { orderIdOf } from "./origin.ts";
import { EXPANDED, readSession } from "./session.ts";
import { describeEvent } from "./verify-event.ts";

const LIST_PAGE = 100;

export function paymentHistory(stripe: Stripe): PaymentHistory {
  return {
    // https://docs.stripe.com/api/events/list takes at most 20 types.
    listEvents: (window) =>
      readList(
        () => stripe.events.list({ ...paramsOf(window), types: [...PAYMENT_EVENT_TYPES] }),
        (event) => ({ ...describeEvent(event), payload: JSON.stringify(event) }),
      ),
    // https://docs.stripe.com/api/checkout/sessions/list
    listCompleted: (window) =>
      readList(
        () =>
          stripe.checkout.sessions.list({
            ...paramsOf(window),
            status: "complete",
            expand: [`data.${EXPANDED}`],
          }),
        (session) => ({ orderId: orderIdOf(session), session: readSession(session) }),
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
