import { emit } from "./events.ts";
import type { SessionRecord } from "./objects.ts";
import type { Scope } from "./world.ts";

/** Marks the session complete, whatever its payment status is by now. */
export function completeSession(scope: Scope, record: SessionRecord, email: string | null): void {
  const { session } = record;
  session.status = "complete";
  session.url = null;
  session.customer_details = customerDetails(email ?? "shopper@example.com");
  if (session.automatic_tax.enabled) session.automatic_tax.status = "complete";
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

export function customerDetails(email: string, name: string | null = null) {
  return {
    address: null,
    business_name: null,
    email,
    individual_name: name,
    name,
    phone: null,
    tax_exempt: "none",
    tax_ids: [],
  };
}
