import type {
  Customer,
  LineItemDisplay,
  Session,
  SessionRecord,
  ShippingRate,
} from "../world/objects.ts";
import { offeredMethods } from "../world/payment-methods.ts";
import { customerDetails } from "../world/session-completion.ts";
import { chooseShipping, countTotals } from "../world/session-totals.ts";
import type { Scope } from "../world/world.ts";
import type { SessionAmounts } from "./session-amounts.ts";
import { newLineItem, newShippingRate } from "./session-lines.ts";
import type { LineItemParams, SessionParams } from "./session-params.ts";

const DEFAULT_LIFETIME_SECONDS = 24 * 60 * 60;

/** Builds the record of a new session; stores nothing. */
export function newSessionRecord(
  { world, account }: Scope,
  params: SessionParams,
  amounts: SessionAmounts,
): SessionRecord {
  const created = world.seconds();
  const id = world.newId("cs_test_");
  const shippingRates = params.shipping_options.map((option) =>
    newShippingRate(world.newId("shr_1"), created, option.shipping_rate_data),
  );
  const lineItems = params.line_items.map((item, index) =>
    newLineItem(
      { item: world.newId("li_1"), price: world.newId("price_1"), product: world.newId("prod_") },
      created,
      item,
      amounts.lines[index] ?? { subtotal: 0, discount: 0 },
    ),
  );
  const data = params.payment_intent_data;
  const url = `${world.options.publicUrl.replace(/\/$/, "")}/pay/${id}`;
  const record: SessionRecord = {
    session: newSession(
      { id, created, url, customer: account.customers.get(params.customer ?? "") },
      params,
      amounts,
      shippingRates,
    ),
    lineItems,
    display: params.line_items.map(displayOf),
    shippingRates,
    couponId: params.discounts[0]?.coupon ?? null,
    payment: {
      metadata: data?.metadata ?? {},
      description: data?.description ?? null,
      receiptEmail: data?.receipt_email ?? null,
      statementDescriptor: data?.statement_descriptor ?? null,
      statementDescriptorSuffix: data?.statement_descriptor_suffix ?? null,
      transferGroup: data?.transfer_group ?? null,
      shipping: data?.shipping ?? null,
    },
  };
  chooseShipping(record, shippingRates[0]);
  countTotals(record, undefined);
  return record;
}

function displayOf(item: LineItemParams): LineItemDisplay {
  const { description, images } = item.price_data.product_data;
  return { description: description ?? null, image: images[0] ?? null };
}

function newSession(
  {
    id,
    created,
    url,
    customer,
  }: { id: string; created: number; url: string; customer: Customer | undefined },
  params: SessionParams,
  amounts: SessionAmounts,
  shippingRates: ShippingRate[],
): Session {
  return {
    ...UNUSED_FEATURES,
    id,
    object: "checkout.session",
    allow_promotion_codes: params.allow_promotion_codes ?? null,
    ...methodFields(params, amounts.currency),
    // On unless the shop says no, as in a new account's settings.
    adaptive_pricing: { enabled: params.adaptive_pricing?.enabled ?? true },
    amount_subtotal: amounts.subtotal,
    amount_total: null,
    automatic_tax: automaticTax(params.automatic_tax?.enabled ?? false),
    billing_address_collection: params.billing_address_collection ?? null,
    cancel_url: params.cancel_url ?? null,
    client_reference_id: params.client_reference_id ?? null,
    created,
    currency: amounts.currency,
    custom_text: customText(params),
    ...customerFields(params, customer),
    discounts: params.discounts.map(({ coupon }) => ({ coupon, promotion_code: null })),
    expires_at: params.expires_at ?? created + DEFAULT_LIFETIME_SECONDS,
    integration_identifier: params.integration_identifier ?? null,
    locale: params.locale ?? null,
    metadata: params.metadata,
    mode: params.mode,
    payment_intent: null,
    payment_status: "unpaid",
    phone_number_collection: { enabled: params.phone_number_collection?.enabled ?? false },
    shipping_address_collection: params.shipping_address_collection ?? null,
    shipping_cost: null,
    shipping_options: shippingRates.map((rate) => ({
      shipping_amount: rate.fixed_amount?.amount ?? 0,
      shipping_rate: rate.id,
    })),
    status: "open",
    submit_type: params.submit_type ?? null,
    success_url: params.success_url,
    total_details: null,
    ui_mode: params.ui_mode,
    url,
  };
}

function methodFields(params: SessionParams, currency: string) {
  const { allowed_payment_method_types: allowed, excluded_payment_method_types: excluded } = params;
  return {
    allowed_payment_method_types: allowed ?? null,
    ...(excluded === undefined ? {} : { excluded_payment_method_types: excluded }),
    payment_method_types: offeredMethods(currency, { allowed, excluded }),
  };
}

function customerFields(
  { customer_creation, customer_email }: SessionParams,
  customer: Customer | undefined,
) {
  const email = customer_email ?? customer?.email ?? undefined;
  return {
    customer: customer?.id ?? null,
    customer_creation,
    customer_details: email === undefined ? null : customerDetails(email),
    customer_email: customer_email ?? null,
  };
}

/** Fields of a session that belong to features which are refused as parameters. */
const UNUSED_FEATURES = {
  after_expiration: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  customer_account: null,
  invoice: null,
  invoice_creation: {
    enabled: false,
    invoice_data: {
      account_tax_ids: null,
      custom_fields: null,
      description: null,
      footer: null,
      issuer: null,
      metadata: {},
      rendering_options: null,
    },
  },
  livemode: false,
  managed_payments: { enabled: false },
  origin_context: null,
  payment_link: null,
  payment_method_collection: null,
  payment_method_configuration_details: null,
  payment_method_options: { card: { request_three_d_secure: "automatic" } },
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  subscription: null,
  wallet_options: null,
} as const satisfies Partial<Record<keyof Session, unknown>> & { custom_fields: [] };

function automaticTax(enabled: boolean): Session["automatic_tax"] {
  return enabled
    ? {
        enabled,
        liability: { type: "self" },
        provider: "stripe",
        status: "requires_location_inputs",
      }
    : { enabled, liability: null, provider: null, status: null };
}

function customText(params: SessionParams): Session["custom_text"] {
  const { custom_text: given } = params;
  return {
    after_submit: given?.after_submit ?? null,
    shipping_address: given?.shipping_address ?? null,
    submit: given?.submit ?? null,
    terms_of_service_acceptance: given?.terms_of_service_acceptance ?? null,
  };
}
