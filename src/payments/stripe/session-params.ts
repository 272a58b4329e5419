import type Stripe from "stripe";
import { SECOND_MS } from "../../platform/clock.ts";
import type { SessionAddress, SessionRate, SessionRequest } from "../payment-session.ts";
import { toStripe } from "./amount.ts";
import { couponId } from "./coupon.ts";
import { excludedMethods } from "./delayed-methods.ts";
import { MARK_KEY } from "./mark.ts";
import { memoMetadata } from "./memo.ts";

type Create = Stripe.Checkout.SessionCreateParams;
type ShippingOption = Stripe.Checkout.SessionCreateParams.ShippingOption;
type Country = Stripe.Checkout.SessionCreateParams.ShippingAddressCollection.AllowedCountry;

export const toSeconds = (ms: number) => Math.floor(ms / SECOND_MS);

/** The same for every try of one order, because Stripe compares the parameters of a repeated idempotency key. */
export function sessionParams(
  request: SessionRequest,
  { customer, shopId }: { readonly customer: string | null; readonly shopId: string },
): Create {
  const { orderId, tax, address } = request;
  const metadata = { orderId, [MARK_KEY]: shopId };
  return {
    mode: "payment",
    client_reference_id: orderId,
    metadata: {
      ...metadata,
      orderNumber: String(request.orderNumber),
      ...memoMetadata(request.memo),
    },
    payment_intent_data: {
      metadata,
      ...(address === null ? {} : { shipping: shippingOf(address) }),
    },
    line_items: request.lines.map(({ name, price, quantity }) => {
      const { amount, currency } = toStripe(price);
      const price_data = { currency, unit_amount: amount, product_data: { name } };
      return { quantity, price_data: { ...price_data, ...behavior(tax) } };
    }),
    ...(request.discount === null ? {} : { discounts: [{ coupon: couponId(orderId) }] }),
    ...(request.rates.length === 0
      ? {}
      : { shipping_options: request.rates.map((rate) => shippingOption(rate, tax)) }),
    ...(tax === null ? {} : { automatic_tax: { enabled: true } }),
    excluded_payment_method_types: excludedMethods(request.delayed),
    ...collection(request.countries),
    ...payer(request, customer),
    // Prices, refunds and the books are in the shop's currency alone.
    adaptive_pricing: { enabled: false },
    success_url: request.successUrl,
    cancel_url: request.cancelUrl,
    expires_at: toSeconds(request.expiresAt),
  };
}

/** A customer has an address of their own, and Stripe takes one or the other. */
function payer({ email }: SessionRequest, customer: string | null) {
  if (customer !== null) return { customer };
  return email === null ? {} : { customer_email: email };
}

/** https://docs.stripe.com/tax/products-prices-tax-codes-tax-behavior */
function behavior(tax: SessionRequest["tax"]) {
  return tax === null ? {} : { tax_behavior: tax };
}

function shippingOption(
  { name, price, minDays, maxDays }: SessionRate,
  tax: SessionRequest["tax"],
): ShippingOption {
  const estimate = {
    ...(minDays === undefined ? {} : { minimum: { unit: "day" as const, value: minDays } }),
    ...(maxDays === undefined ? {} : { maximum: { unit: "day" as const, value: maxDays } }),
  };
  return {
    shipping_rate_data: {
      type: "fixed_amount",
      display_name: name,
      fixed_amount: toStripe(price),
      ...(Object.keys(estimate).length === 0 ? {} : { delivery_estimate: estimate }),
      ...behavior(tax),
    },
  };
}

function collection(countries: readonly string[]) {
  if (countries.length === 0) return {};
  const allowed_countries = countries as Country[]; // ISO codes; Stripe refuses those that it cannot deliver to
  return { shipping_address_collection: { allowed_countries } };
}

/** An address in Stripe's fields. */
export function shippingOf(address: SessionAddress) {
  const { name, line1, line2, city, region, postalCode, country } = address;
  return {
    name,
    address: {
      line1,
      ...(line2 === undefined ? {} : { line2 }),
      city,
      ...(region === undefined ? {} : { state: region }),
      postal_code: postalCode,
      country,
    },
  };
}
