import { type CheckoutInput, fillIn } from "./checkout.ts";
import { emit } from "./events.ts";
import type { Charge, PaymentIntent, PaymentShipping, SessionRecord } from "./objects.ts";
import { DELAYED_METHODS, delayedMethodFor } from "./payment-methods.ts";
import {
  bookMovement,
  DECLINED,
  newCharge,
  newPaymentIntent,
  type PaymentRequest,
} from "./payment-objects.ts";
import { Refusal } from "./refusal.ts";
import { completeSession } from "./session-completion.ts";
import type { Scope } from "./world.ts";

export interface PaymentInput extends CheckoutInput {
  email?: string | null;
  amount?: number;
  currency?: string;
}

/** The slow method that this session offers, if it offers one. */
export function delayedMethodOf({ session }: SessionRecord): string | undefined {
  const names: readonly string[] = DELAYED_METHODS;
  const preferred = delayedMethodFor(session.currency ?? "");
  const offered = session.payment_method_types.filter((type) => names.includes(type));
  return offered.find((type) => type === preferred) ?? offered[0];
}

/** A card payment that succeeds: the session is complete and paid. */
export function payByCard(scope: Scope, record: SessionRecord, input: PaymentInput): void {
  refuseUnlessOpen(record);
  fillIn(scope, record, input);
  const request = requestFor(record, input, "card");
  if (record.session.payment_status === "no_payment_required") {
    completeSession(scope, record, request.email);
    return;
  }
  const intent = attempt(scope, record, request);
  const charge = newCharge(scope, intent, request, "succeeded");
  collect(scope, intent, charge);
  record.session.payment_status = "paid";
  completeSession(scope, record, request.email);
}

/** A card payment that the bank refuses: the session stays open. */
export function declineCard(scope: Scope, record: SessionRecord, input: PaymentInput): void {
  refuseUnlessOpen(record);
  fillIn(scope, record, input);
  refuseFree(record);
  const request = requestFor(record, input, "card");
  const intent = attempt(scope, record, request);
  fail(scope, intent, newCharge(scope, intent, request, "failed"));
}

/** A payment that takes days: the session is complete and unpaid until it settles. */
export function payByBankTransfer(scope: Scope, record: SessionRecord, input: PaymentInput): void {
  refuseUnlessOpen(record);
  const method = delayedMethodOf(record);
  if (method === undefined) {
    const offered = record.session.payment_method_types.join(", ");
    throw new Refusal(`This session offers no delayed payment method, only: ${offered}.`);
  }
  fillIn(scope, record, input);
  refuseFree(record);
  const request = requestFor(record, input, method);
  const intent = attempt(scope, record, request);
  const charge = newCharge(scope, intent, request, "pending");
  scope.account.charges.set(charge.id, charge);
  intent.status = "processing";
  intent.latest_charge = charge.id;
  emit(scope, "charge.pending", charge);
  emit(scope, "payment_intent.processing", intent);
  completeSession(scope, record, request.email);
}

/** The outcome of a payment that took days. */
export function settle(scope: Scope, intent: PaymentIntent, outcome: "succeeded" | "failed"): void {
  const { account } = scope;
  const charge = account.charges.get(intent.latest_charge ?? "");
  const record = account.sessions.get(account.sessionOfPayment.get(intent.id) ?? "");
  if (intent.status !== "processing" || charge === undefined || record === undefined) {
    throw new Refusal(`The payment is ${intent.status}, so there is nothing to settle.`);
  }
  const { session } = record;
  if (outcome === "succeeded") {
    charge.status = "succeeded";
    charge.amount_captured = charge.amount;
    collect(scope, intent, charge);
    session.payment_status = "paid";
    emit(scope, "checkout.session.async_payment_succeeded", session);
    return;
  }
  Object.assign(charge, {
    status: "failed",
    paid: false,
    captured: false,
    failure_code: "insufficient_funds",
    failure_message: "The customer's account has insufficient funds to cover this payment.",
  });
  fail(scope, intent, charge);
  emit(scope, "checkout.session.async_payment_failed", session);
}

function refuseUnlessOpen({ session }: SessionRecord): void {
  if (session.status !== "open") {
    throw new Refusal(`The Checkout Session is ${session.status}, so it cannot be paid.`);
  }
}

function refuseFree({ session }: SessionRecord): void {
  if (session.payment_status !== "no_payment_required") return;
  throw new Refusal("This session asks for no payment, so none can be declined or come later.");
}

function requestFor(
  { session }: SessionRecord,
  input: PaymentInput,
  methodType: string,
): PaymentRequest {
  return {
    email: input.email ?? session.customer_email,
    amount: input.amount ?? session.amount_total ?? 0,
    currency: input.currency ?? session.currency ?? "usd",
    methodType,
  };
}

/** The session's payment intent, made at the first attempt, with a method attached. */
function attempt(scope: Scope, record: SessionRecord, request: PaymentRequest): PaymentIntent {
  const { account, world } = scope;
  const present = account.paymentIntents.get(record.session.payment_intent ?? "");
  const intent = present ?? newPaymentIntent(scope, record, request);
  intent.amount = request.amount;
  intent.currency = request.currency;
  intent.shipping = shippingOf(record);
  intent.last_payment_error = null;
  if (present === undefined) {
    account.paymentIntents.set(intent.id, intent);
    account.sessionOfPayment.set(intent.id, record.session.id);
    record.session.payment_intent = intent.id;
    emit(scope, "payment_intent.created", intent);
  }
  intent.payment_method = world.newId("pm_1");
  return intent;
}

/** Collected by Checkout, else as the shop has told it. */
function shippingOf({ session, payment }: SessionRecord): PaymentShipping | null {
  const details = session.collected_information?.shipping_details ?? null;
  if (details === null) return payment.shipping ?? null;
  return { ...details, carrier: null, phone: null, tracking_number: null };
}

function collect(scope: Scope, intent: PaymentIntent, charge: Charge): void {
  const { amount, currency, id: source } = charge;
  charge.balance_transaction = bookMovement(scope, "charge", { amount, currency, source }).id;
  scope.account.charges.set(charge.id, charge);
  Object.assign(intent, {
    status: "succeeded",
    amount_received: amount,
    latest_charge: charge.id,
    last_payment_error: null,
  });
  emit(scope, "charge.succeeded", charge);
  emit(scope, "payment_intent.succeeded", intent);
}

function fail(scope: Scope, intent: PaymentIntent, charge: Charge): void {
  scope.account.charges.set(charge.id, charge);
  const code = charge.failure_code ?? DECLINED.code;
  intent.status = "requires_payment_method";
  intent.latest_charge = charge.id;
  intent.payment_method = null;
  intent.last_payment_error = {
    charge: charge.id,
    code,
    ...(code === DECLINED.code ? { decline_code: DECLINED.decline_code } : {}),
    doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll("_", "-")}`,
    message: charge.failure_message ?? DECLINED.message,
    type: "card_error",
  };
  emit(scope, "charge.failed", charge);
  emit(scope, "payment_intent.payment_failed", intent);
}
