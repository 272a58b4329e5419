import type { BalanceTransaction, Charge, PaymentIntent, SessionRecord } from "./objects.ts";
import type { Scope } from "./world.ts";

export interface PaymentRequest {
  email: string | null;
  /** What is taken, when it is to differ from what the session asks. */
  amount: number;
  currency: string;
  methodType: string;
}

export const DECLINED = {
  code: "card_declined",
  decline_code: "generic_decline",
  message: "Your card was declined.",
} as const;

export function newPaymentIntent(
  { world }: Scope,
  record: SessionRecord,
  request: PaymentRequest,
): PaymentIntent {
  const id = world.newId("pi_3");
  const { payment, session } = record;
  return {
    ...UNUSED_BY_INTENTS,
    id,
    object: "payment_intent",
    allowed_payment_method_types: null,
    amount: request.amount,
    amount_capturable: 0,
    amount_received: 0,
    canceled_at: null,
    cancellation_reason: null,
    capture_method: "automatic_async",
    client_secret: world.newId(`${id}_secret_`),
    confirmation_method: "automatic",
    created: world.seconds(),
    currency: request.currency,
    description: payment.description,
    last_payment_error: null,
    latest_charge: null,
    metadata: payment.metadata,
    payment_method: null,
    payment_method_types: session.payment_method_types,
    receipt_email: payment.receiptEmail,
    statement_descriptor: payment.statementDescriptor,
    statement_descriptor_suffix: payment.statementDescriptorSuffix,
    shipping: null,
    status: "requires_payment_method",
    transfer_group: payment.transferGroup,
  };
}

/** Fields of features that are not emulated. */
const UNUSED_BY_BOTH = {
  application: null,
  application_fee_amount: null,
  customer: null,
  livemode: false,
  on_behalf_of: null,
  review: null,
  source: null,
  transfer_data: null,
} as const;

const UNUSED_BY_INTENTS = {
  ...UNUSED_BY_BOTH,
  amount_details: { tip: {} },
  automatic_payment_methods: null,
  customer_account: null,
  excluded_payment_method_types: null,
  managed_payments: null,
  next_action: null,
  payment_method_configuration_details: null,
  payment_method_options: {},
  payment_record: null,
  processing: null,
  setup_future_usage: null,
} as const;

const UNUSED_BY_CHARGES = {
  ...UNUSED_BY_BOTH,
  application_fee: null,
  failure_balance_transaction: null,
  fraud_details: {},
  receipt_number: null,
  receipt_url: null,
  source_transfer: null,
} as const;

export function newCharge(
  { world }: Scope,
  intent: PaymentIntent,
  request: PaymentRequest,
  status: "succeeded" | "pending" | "failed",
): Charge {
  const failed = status === "failed";
  return {
    ...UNUSED_BY_CHARGES,
    id: world.newId("ch_3"),
    object: "charge",
    amount: intent.amount,
    amount_captured: status === "succeeded" ? intent.amount : 0,
    amount_refunded: 0,
    balance_transaction: null,
    billing_details: { address: null, email: request.email, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: "STRIPE EMULATOR",
    captured: status !== "failed",
    created: world.seconds(),
    currency: intent.currency,
    description: intent.description,
    disputed: false,
    failure_code: failed ? DECLINED.code : null,
    failure_message: failed ? DECLINED.message : null,
    metadata: intent.metadata,
    outcome: failed ? DECLINED_OUTCOME : AUTHORIZED_OUTCOME,
    paid: !failed,
    payment_intent: intent.id,
    payment_method: intent.payment_method === null ? null : String(intent.payment_method),
    payment_method_details: methodDetails(request.methodType, intent.amount),
    receipt_email: intent.receipt_email,
    refunded: false,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    shipping: intent.shipping,
    status,
    transfer_group: intent.transfer_group,
  };
}

const AUTHORIZED_OUTCOME = {
  advice_code: null,
  network_advice_code: null,
  network_decline_code: null,
  network_status: "approved_by_network",
  reason: null,
  risk_level: "normal",
  risk_score: 12,
  seller_message: "Payment complete.",
  type: "authorized",
};

const DECLINED_OUTCOME = {
  ...AUTHORIZED_OUTCOME,
  advice_code: "try_again_later",
  network_decline_code: "01",
  network_status: "declined_by_network",
  reason: DECLINED.decline_code,
  seller_message: "The bank did not return any further details with this decline.",
  type: "issuer_declined",
} as const;

function methodDetails(type: string, amount: number): Charge["payment_method_details"] {
  if (type !== "card") return { type };
  return {
    type,
    card: {
      amount_authorized: amount,
      authorization_code: null,
      brand: "visa",
      checks: {
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: "pass",
      },
      country: "US",
      electronic_commerce_indicator: null,
      exp_month: 12,
      exp_year: 2034,
      funding: "credit",
      installments: null,
      last4: "4242",
      mandate: null,
      network: "visa",
      network_transaction_id: null,
      regulated_status: "unregulated",
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}

const FEE_PERCENT = 2.9;
const FEE_FIXED_MINOR_UNITS = 30;

/** Books a movement on the account's balance; `amount` is negative when money leaves. */
export function bookMovement(
  { world, account }: Scope,
  type: "charge" | "refund" | "refund_failure" | "adjustment",
  movement: { amount: number; currency: string; source: string },
): BalanceTransaction {
  const fee =
    type === "charge"
      ? Math.round((movement.amount * FEE_PERCENT) / 100) + FEE_FIXED_MINOR_UNITS
      : 0;
  const transaction: BalanceTransaction = {
    id: world.newId("txn_3"),
    object: "balance_transaction",
    amount: movement.amount,
    available_on: world.seconds(),
    balance_type: "payments",
    created: world.seconds(),
    currency: movement.currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details: [],
    net: movement.amount - fee,
    reporting_category: type === "adjustment" ? "dispute" : type,
    source: movement.source,
    status: "available",
    type,
  };
  account.balanceTransactions.set(transaction.id, transaction);
  return transaction;
}
