import { preferShipping } from "../world/checkout.ts";
import { type DisputeStep, disputeCharge } from "../world/disputes.ts";
import { queueDelivery } from "../world/events.ts";
import { expireSession } from "../world/expiry.ts";
import {
  declineCard,
  type PaymentInput,
  payByBankTransfer,
  payByCard,
  settle,
} from "../world/payments.ts";
import { createRefund, failRefund, succeedRefund } from "../world/refunds.ts";
import { Refusal } from "../world/refusal.ts";
import type { World } from "../world/world.ts";
import { anyEvent, anyPayment, anyRefund, anySession, chargeOf } from "./lookups.ts";

/**
 * What shoppers, banks and the shop's owner do, for the control API and the pages alike.
 * Each throws a Refusal when the state does not allow it, or a ControlError for an unknown id.
 */
export const actions = {
  pay(world: World, id: string, method: "card" | "bank_transfer", input: PaymentInput): object {
    const { scope, object } = anySession(world, id);
    (method === "card" ? payByCard : payByBankTransfer)(scope, object, input);
    return object.session;
  },
  preferShipping(world: World, id: string, option: number): object {
    const { scope, object } = anySession(world, id);
    preferShipping(scope, object, option);
    return object.session;
  },
  decline(world: World, id: string, input: PaymentInput): object {
    const { scope, object } = anySession(world, id);
    declineCard(scope, object, input);
    return object.session;
  },
  expire(world: World, id: string): object {
    const { scope, object } = anySession(world, id);
    if (object.session.status !== "open") {
      throw new Refusal(`The Checkout Session is ${object.session.status} already.`);
    }
    expireSession(scope, object);
    return object.session;
  },
  settle(world: World, paymentId: string, outcome: "succeeded" | "failed"): object {
    const { scope, object } = anyPayment(world, paymentId);
    settle(scope, object, outcome);
    return object;
  },
  dispute(
    world: World,
    paymentId: string,
    next: { step: DisputeStep; amount?: number | undefined },
  ): object {
    const { scope, object } = chargeOf(world, paymentId);
    return disputeCharge(scope, object, next);
  },
  refund(world: World, paymentId: string, amount: number | undefined): object {
    const { scope, object } = chargeOf(world, paymentId);
    return createRefund(scope, object, { amount });
  },
  refundOutcome(world: World, refundId: string, outcome: "fail" | "succeed"): object {
    const { scope, object } = anyRefund(world, refundId);
    (outcome === "fail" ? failRefund : succeedRefund)(scope, object);
    return object;
  },
  /** Makes an event something that Stripe's documentation does not know. */
  breakEvent(world: World, eventId: string): object {
    const { event } = anyEvent(world, eventId).object;
    return Object.assign(event, { data: null });
  },
  breakSession(world: World, sessionId: string): object {
    const { session } = anySession(world, sessionId).object;
    return Object.assign(session, { currency: 0 });
  },
  resend(world: World, eventId: string): object {
    const { scope, object } = anyEvent(world, eventId);
    queueDelivery(scope, eventId);
    world.changed();
    return object.event;
  },
};
