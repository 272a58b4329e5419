import type Stripe from "stripe";
import { MINUTE_MS } from "../../platform/clock.ts";
import type { SessionRequest, SessionTimes } from "../payment-session.ts";
import { orderIdOf } from "./origin.ts";
import { EXPANDED } from "./session.ts";
import { toSeconds } from "./session-params.ts";

const EXPAND = [`data.${EXPANDED}`];
const LIST_PAGE = 100;
const MAX_LIST_PAGES = 20;
/** https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at */
const SHORTEST_LIFE_MS = 30 * MINUTE_MS;
/** How far Stripe's clock may be from ours. */
const CLOCK_SKEW_MS = 5 * MINUTE_MS;

/** Whether nobody can pay on a page of this order any more, also on one that we have never heard of. */
export function isSessionOver(
  { expiresAt }: Pick<SessionRequest, "expiresAt">,
  now: number,
): boolean {
  return now >= expiresAt + CLOCK_SKEW_MS;
}

export interface SessionSearch {
  readonly found: Stripe.Checkout.Session | undefined;
  /** False when there were too many sessions to look at each. */
  readonly sure: boolean;
}

/** Looks for the order's session among those of the time in which Stripe could have made it, with this status or any. */
export async function searchSession(
  stripe: Stripe,
  { orderId, orderedAt, expiresAt }: SessionTimes,
  status?: Stripe.Checkout.Session.Status,
): Promise<SessionSearch> {
  const latest = expiresAt - SHORTEST_LIFE_MS;
  const params = {
    created: { gte: toSeconds(orderedAt - CLOCK_SKEW_MS), lte: toSeconds(latest + CLOCK_SKEW_MS) },
    ...(status === undefined ? {} : { status }),
    expand: EXPAND,
    limit: LIST_PAGE,
  };
  let after: string | undefined;
  for (let page = 0; page < MAX_LIST_PAGES; page += 1) {
    const cursor = after === undefined ? {} : { starting_after: after };
    const { data, has_more } = await stripe.checkout.sessions.list({ ...params, ...cursor });
    const found = data.find((session) => orderIdOf(session) === orderId);
    if (found !== undefined || !has_more) return { found, sure: true };
    after = data.at(-1)?.id;
  }
  return { found: undefined, sure: false };
}
