import type { LineItem, Price, ShippingRate } from "../world/objects.ts";
import type { LineAmounts } from "./session-amounts.ts";
import type { LineItemParams, SessionParams } from "./session-params.ts";

export function newLineItem(
  ids: { item: string; price: string; product: string },
  created: number,
  item: LineItemParams,
  amounts: LineAmounts,
): LineItem {
  const { currency, product_data } = item.price_data;
  return {
    id: ids.item,
    object: "item",
    adjustable_quantity: null,
    amount_discount: amounts.discount,
    amount_subtotal: amounts.subtotal,
    amount_tax: 0,
    amount_total: amounts.subtotal - amounts.discount,
    currency,
    description: product_data.name,
    metadata: item.metadata,
    price: newPrice(ids, created, item.price_data),
    quantity: item.quantity,
  };
}

function newPrice(
  ids: { price: string; product: string },
  created: number,
  { currency, unit_amount, tax_behavior }: LineItemParams["price_data"],
): Price {
  return {
    id: ids.price,
    object: "price",
    active: false,
    billing_scheme: "per_unit",
    created,
    currency,
    custom_unit_amount: null,
    livemode: false,
    lookup_key: null,
    metadata: {},
    nickname: null,
    product: ids.product,
    recurring: null,
    tax_behavior: tax_behavior ?? "unspecified",
    tiers_mode: null,
    transform_quantity: null,
    type: "one_time",
    unit_amount,
    unit_amount_decimal: String(unit_amount),
  };
}

type ShippingRateParams = SessionParams["shipping_options"][number]["shipping_rate_data"];

export function newShippingRate(
  id: string,
  created: number,
  rate: ShippingRateParams,
): ShippingRate {
  const { minimum, maximum } = rate.delivery_estimate ?? {};
  return {
    id,
    object: "shipping_rate",
    active: true,
    created,
    delivery_estimate:
      rate.delivery_estimate === undefined
        ? null
        : { minimum: minimum ?? null, maximum: maximum ?? null },
    display_name: rate.display_name,
    fixed_amount: rate.fixed_amount,
    livemode: false,
    metadata: rate.metadata,
    tax_behavior: rate.tax_behavior ?? "unspecified",
    tax_code: rate.tax_code ?? null,
    type: "fixed_amount",
  };
}
