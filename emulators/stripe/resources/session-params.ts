import {
  boolean,
  fallback,
  group,
  integer,
  list,
  oneOf,
  optional,
  text,
} from "../protocol/checks.ts";
import { SHIPPING_COUNTRIES } from "../protocol/countries.ts";
import type { FormValue } from "../protocol/form.ts";
import { currency, LARGEST_AMOUNT } from "../protocol/money.ts";
import { invalid } from "../protocol/problem.ts";
import { email, metadata, url } from "../protocol/values.ts";
import { DELAYED_METHODS, IMMEDIATE_METHODS } from "../world/payment-methods.ts";
import { address } from "./customers.ts";

const MAX_LINE_ITEMS = 100;
const MAX_SHIPPING_OPTIONS = 5;
const MAX_IMAGES = 8;
const MAX_QUANTITY = 999_999;

const LOCALES =
  "auto bg cs da de el en en-GB es es-419 et fi fil fr fr-CA hi-IN hr hu id it ja ko lt lv ms mt nb nl pl pt pt-BR ro ru sk sl sv th tr vi zh zh-HK zh-TW";

const amount = integer({ min: 0, max: LARGEST_AMOUNT });
const taxBehavior = oneOf(["exclusive", "inclusive", "unspecified"]);

const productData = group(
  {
    name: text({ max: 250 }),
    description: optional(text({ max: 5000 })),
    images: fallback(list(url(), { max: MAX_IMAGES }), []),
    metadata: metadata(),
    tax_code: optional(text()),
    unit_label: optional(text({ max: 12 })),
  },
  ["tax_details"],
);

const lineItem = group(
  {
    price_data: group(
      {
        currency: currency(),
        unit_amount: amount,
        product_data: productData,
        tax_behavior: optional(taxBehavior),
      },
      ["product", "recurring", "unit_amount_decimal"],
    ),
    quantity: integer({ min: 1, max: MAX_QUANTITY }),
    metadata: metadata(),
  },
  ["adjustable_quantity", "price", "tax_rates"],
);

const span = group({
  unit: oneOf(["hour", "day", "business_day", "week", "month"]),
  value: integer({ min: 1 }),
});

const shippingOption = group(
  {
    shipping_rate_data: group(
      {
        display_name: text({ max: 100 }),
        type: fallback(oneOf(["fixed_amount"]), "fixed_amount"),
        fixed_amount: group({ amount, currency: currency() }, ["currency_options"]),
        metadata: metadata(),
        tax_behavior: optional(taxBehavior),
        tax_code: optional(text()),
        delivery_estimate: optional(group({ minimum: optional(span), maximum: optional(span) })),
      },
      [],
    ),
  },
  ["shipping_rate"],
);

const orNull = fallback<string | null>(text(), null);
const shipping = group({
  name: text(),
  address,
  carrier: orNull,
  phone: orNull,
  tracking_number: orNull,
});

const paymentIntentData = group(
  {
    metadata: metadata(),
    description: optional(text({ max: 1000 })),
    receipt_email: optional(email()),
    statement_descriptor: optional(text({ max: 22 })),
    statement_descriptor_suffix: optional(text({ max: 22 })),
    transfer_group: optional(text()),
    shipping: optional(shipping),
    capture_method: fallback(oneOf(["automatic", "automatic_async"]), "automatic_async"),
  },
  ["application_fee_amount", "on_behalf_of", "setup_future_usage", "transfer_data"],
);

const message = optional(group({ message: text({ max: 1200 }) }));

const methods = list(oneOf([...IMMEDIATE_METHODS, ...DELAYED_METHODS]), { max: 60 });

/** Gone since 2026-09-30.endive: docs.stripe.com, changelog, remove-payment-method-types-checkout-sessions */
function removedParameter(value: FormValue | undefined, param: string): undefined {
  if (value === undefined) return;
  throw invalid(
    "`payment_method_types` is no longer supported. Use `allowed_payment_method_types` or `excluded_payment_method_types` instead.",
    param,
    "payment_method_types_no_longer_supported",
  );
}

export const sessionParams = {
  mode: oneOf(["payment", "setup", "subscription"]),
  ui_mode: fallback(oneOf(["hosted_page"]), "hosted_page"),
  line_items: list(lineItem, { max: MAX_LINE_ITEMS }),
  currency: optional(currency()),
  success_url: url(),
  cancel_url: optional(url()),
  client_reference_id: optional(text({ max: 200 })),
  customer: optional(text()),
  customer_email: optional(email()),
  customer_creation: fallback(oneOf(["always", "if_required"]), "if_required"),
  metadata: metadata(),
  payment_intent_data: optional(paymentIntentData),
  expires_at: optional(integer()),
  allowed_payment_method_types: optional(methods),
  excluded_payment_method_types: optional(methods),
  payment_method_types: removedParameter,
  locale: optional(oneOf(LOCALES.split(" "))),
  submit_type: optional(oneOf(["auto", "book", "donate", "pay", "subscribe"])),
  billing_address_collection: optional(oneOf(["auto", "required"])),
  phone_number_collection: optional(group({ enabled: boolean() })),
  allow_promotion_codes: optional(boolean()),
  integration_identifier: optional(text({ max: 200 })),
  custom_text: optional(
    group({
      submit: message,
      after_submit: message,
      shipping_address: message,
      terms_of_service_acceptance: message,
    }),
  ),
  shipping_options: fallback(list(shippingOption, { max: MAX_SHIPPING_OPTIONS }), []),
  shipping_address_collection: optional(
    group({
      allowed_countries: list(oneOf(SHIPPING_COUNTRIES), { max: SHIPPING_COUNTRIES.length }),
    }),
  ),
  discounts: fallback(list(group({ coupon: text() }, ["promotion_code"]), { max: 1 }), []),
  adaptive_pricing: optional(group({ enabled: boolean() })),
  automatic_tax: optional(group({ enabled: boolean() }, ["liability"])),
};

export const NOT_EMULATED_SESSION_PARAMS = [
  "after_expiration",
  "branding_settings",
  "consent_collection",
  "custom_fields",
  "customer_account",
  "customer_update",
  "invoice_creation",
  "managed_payments",
  "name_collection",
  "optional_items",
  "origin_context",
  "payment_method_collection",
  "payment_method_configuration",
  "payment_method_data",
  "payment_method_options",
  "permissions",
  "redirect_on_completion",
  "return_url",
  "saved_payment_method_options",
  "setup_intent_data",
  "subscription_data",
  "tax_id_collection",
  "wallet_options",
];

const checkSession = group(sessionParams);
export type SessionParams = ReturnType<typeof checkSession>;
export type LineItemParams = SessionParams["line_items"][number];
