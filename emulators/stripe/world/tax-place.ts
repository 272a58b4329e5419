import type { SessionRecord } from "./objects.ts";
import type { Account } from "./state.ts";
import type { World } from "./world.ts";

/**
 * What Stripe Tax takes of a session, in percent: where its goods go, as the page has collected it or the customer has
 * it; else where its payer's bill goes. https://docs.stripe.com/tax/checkout#create-session
 */
export function taxPercentOf(
  { state }: World,
  { session }: SessionRecord,
  billingCountry?: string,
): number {
  const collected = session.collected_information?.shipping_details?.address.country;
  const place = collected ?? customersCountry(state.accounts.values(), session.customer);
  return state.taxPlaces[place ?? billingCountry ?? ""] ?? state.taxPercent;
}

function customersCountry(
  accounts: Iterable<Account>,
  id: SessionRecord["session"]["customer"],
): string | null | undefined {
  for (const { customers } of accounts) {
    const found = typeof id === "string" ? customers.get(id) : undefined;
    if (found !== undefined) return found.shipping?.address?.country;
  }
  return undefined;
}
