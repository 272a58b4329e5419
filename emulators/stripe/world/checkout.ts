import type { Address, SessionRecord, ShippingDetails, ShippingRate } from "./objects.ts";
import { Refusal } from "./refusal.ts";
import { chooseShipping, countTotals } from "./session-totals.ts";
import type { Account } from "./state.ts";
import { taxPercentOf } from "./tax-place.ts";
import type { Scope } from "./world.ts";

/** What a payer enters on the payment page before paying. */
export interface CheckoutInput {
  /** Index into the session's shipping options; what was chosen before, unless given. */
  shippingOption?: number;
  shippingAddress?: ShippingAddressInput;
  /** Where the bill of the card goes. */
  billingCountry?: string;
}

/** Fields of Stripe's addresses, and the name of who lives there. */
export type ShippingAddressInput = Partial<Record<keyof Address | "name", string>>;

export const ADDRESS_FIELDS = [
  "line1",
  "line2",
  "postal_code",
  "city",
  "state",
  "country",
] as const satisfies (keyof Address)[];

const ANYBODY = "Sam Shopper";
const SOMEWHERE: ShippingAddressInput = {
  name: ANYBODY,
  line1: "1 Main Street",
  postal_code: "10115",
  city: "Springfield",
};

/**
 * Puts into the session what its payer entered, and the taxes that follow from it.
 * @throws Refusal when the session does not ask for that, or not allow it; nothing has changed then.
 */
export function fillIn(scope: Scope, record: SessionRecord, input: CheckoutInput): void {
  refuseUsedUpCoupon(scope, record);
  const rate = shippingRateOf(record, input.shippingOption);
  const details = shippingDetails(record, input.shippingAddress);
  if (rate !== undefined) chooseShipping(record, rate);
  if (details !== undefined) {
    record.session.collected_information = {
      business_name: null,
      individual_name: null,
      shipping_details: details,
    };
  }
  countTotals(record, taxPercentOf(scope.world, record, input.billingCountry));
}

/** The payer looks at another way of shipping. */
export function preferShipping({ world }: Scope, record: SessionRecord, option: number): void {
  if (record.session.status !== "open") {
    throw new Refusal(`The Checkout Session is ${record.session.status}.`);
  }
  chooseShipping(record, shippingRateOf(record, option));
  const known = record.session.automatic_tax.status === "complete";
  countTotals(record, known ? taxPercentOf(world, record) : undefined);
}

/** The rate of that id, which was made with one of the account's sessions. */
export function findShippingRate(account: Account, id: unknown): ShippingRate | undefined {
  const rates = [...account.sessions.values()].flatMap(({ shippingRates }) => shippingRates);
  return rates.find((rate) => rate.id === id);
}

function refuseUsedUpCoupon({ account }: Scope, { couponId }: SessionRecord): void {
  const coupon = account.coupons.get(couponId ?? "");
  const limit = coupon?.max_redemptions ?? null;
  if (coupon !== undefined && limit !== null && coupon.times_redeemed >= limit) {
    throw new Refusal(`The coupon ${coupon.id} has been used up meanwhile.`);
  }
}

function shippingRateOf({ shippingRates }: SessionRecord, option: number | undefined) {
  if (option === undefined) return undefined;
  const rate = shippingRates[option];
  if (rate !== undefined) return rate;
  throw new Refusal(`The session has ${shippingRates.length} shipping options, but no ${option}.`);
}

function shippingDetails(
  { session }: SessionRecord,
  given: ShippingAddressInput | undefined,
): ShippingDetails | undefined {
  const allowed: readonly string[] = session.shipping_address_collection?.allowed_countries ?? [];
  const [first] = allowed;
  if (first === undefined) {
    if (given === undefined) return undefined;
    throw new Refusal("The session does not collect a shipping address.");
  }
  const { name = ANYBODY, country = first, ...rest } = given ?? SOMEWHERE;
  if (!allowed.includes(country)) throw new Refusal(`The shop does not ship to ${country}.`);
  return { name, address: { ...NO_ADDRESS, ...rest, country } };
}

const NO_ADDRESS: Address = {
  city: null,
  country: null,
  line1: null,
  line2: null,
  postal_code: null,
  state: null,
};
