import { emit } from "./events.ts";
import type { SessionRecord, ShippingDetails } from "./objects.ts";
import type { Scope } from "./world.ts";

/** Marks the session complete, whatever its payment status is by now. */
export function completeSession(scope: Scope, record: SessionRecord, email: string | null): void {
  const { session } = record;
  session.status = "complete";
  session.url = null;
  const shipping = session.collected_information?.shipping_details ?? null;
  session.customer_details = customerDetails(email ?? "shopper@example.com", shipping);
  scope.account.openSessions.delete(session.id);
  redeemCoupon(scope, record);
  emit(scope, "checkout.session.completed", session);
}

function redeemCoupon({ account }: Scope, { couponId }: SessionRecord): void {
  const coupon = account.coupons.get(couponId ?? "");
  if (coupon === undefined) return;
  coupon.times_redeemed += 1;
  const usedUp = coupon.max_redemptions !== null && coupon.times_redeemed >= coupon.max_redemptions;
  if (usedUp) coupon.valid = false;
}

/** Who ships to an address is taken to live there. */
export function customerDetails(email: string, shipping: ShippingDetails | null = null) {
  const name = shipping?.name ?? null;
  return {
    address: shipping?.address ?? null,
    business_name: null,
    email,
    individual_name: name,
    name,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}
