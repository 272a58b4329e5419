import type Stripe from "stripe";
import { SECOND_MS } from "../../platform/clock.ts";
import type { HistoryPage, HistoryWindow, PaymentHistory } from "../history.ts";
import { asPaymentError } from "./errors.ts";
import { PAYMENT_EVENT_TYPES } from "./event-types.ts";
import { movementOf } from "./movement.ts";
import { originOf } from "./origin.ts";
import { EXPANDED } from "./session.ts";
import { describeEvent } from "./verify-event.ts";

const LIST_PAGE = 100;

export function paymentHistory(stripe: Stripe, shopId: string): PaymentHistory {
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
        (session) => originOf(session, shopId),
      ),
    // https://docs.stripe.com/api/balance_transactions/list
    listMovements: (window) =>
      readList(
        () => stripe.balanceTransactions.list({ ...paramsOf(window), expand: ["data.source"] }),
        (transaction) => movementOf(transaction, shopId),
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
      ...readEach(data, read),
      next: has_more ? (data.at(-1)?.id ?? null) : null,
      answeredAt: timeOf(lastResponse.headers),
    };
  } catch (error) {
    throw asPaymentError(error);
  }
}

function readEach<One extends { id: string }, Item>(
  data: readonly One[],
  read: (one: One) => Item,
): Pick<HistoryPage<Item>, "items" | "unreadable"> {
  const items: Item[] = [];
  const unreadable: string[] = [];
  for (const one of data) {
    try {
      items.push(read(one));
    } catch {
      unreadable.push(String(one.id));
    }
  }
  return { items, unreadable };
}

/** https://www.rfc-editor.org/rfc/rfc9110#field.date */
function timeOf(headers: Readonly<Record<string, string>>): number | null {
  // Over fetch, the SDK hands on a `Headers`, not the record of its types.
  const time = Date.parse(new Headers(headers).get("date") ?? "");
  return Number.isNaN(time) ? null : time;
}
