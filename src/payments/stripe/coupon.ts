import Stripe from "stripe";
import type { SessionDiscount } from "../payment-session.ts";
import { toStripe } from "./amount.ts";
import { makeOnce } from "./make-once.ts";

const MAX_NAME_CHARS = 40;

/** The coupon that an order's payment page is opened with. */
export function couponId(orderId: string): string {
  return `discount-${orderId}`;
}

/**
 * Makes the one coupon of an order, good for one payment and for exactly what the shop takes off. A try before this one
 * may have made it. https://docs.stripe.com/api/coupons/create
 */
export async function makeCoupon(
  stripe: Stripe,
  orderId: string,
  { code, off }: SessionDiscount,
): Promise<void> {
  const id = couponId(orderId);
  const { amount, currency } = toStripe(off);
  const params = { id, amount_off: amount, currency, name: code.slice(0, MAX_NAME_CHARS) };
  try {
    await makeOnce(
      `coupon:${orderId}`,
      (idempotencyKey) =>
        stripe.coupons.create(
          { ...params, duration: "once", max_redemptions: 1, metadata: { orderId } },
          { idempotencyKey },
        ),
      () => find(stripe, id),
    );
  } catch (error) {
    if (!isStripeCode(error, "resource_already_exists")) throw error;
  }
}

async function find(stripe: Stripe, id: string): Promise<Stripe.Coupon | undefined> {
  try {
    return await stripe.coupons.retrieve(id);
  } catch (error) {
    if (isStripeCode(error, "resource_missing")) return undefined;
    throw error;
  }
}

function isStripeCode(error: unknown, code: string): boolean {
  return error instanceof Stripe.errors.StripeError && error.code === code;
}
