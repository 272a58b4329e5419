import type { NamedLevel } from "../../inventory/index.ts";
import type { Order } from "../../orders/index.ts";
import type { AboutAccount } from "../mails/about-account.ts";
import type { AboutOrder } from "../mails/about-order.ts";
import type { ReceiptDetails } from "../mails/receipt.ts";

/** What mails show of what people have written. */
export const WRITTEN = {
  shopName: "Holdfast",
  customer: "Ada Lovelace",
  title: "Gesha Lot 17",
  variantTitle: "Whole bean, 250 g",
  discountCode: "WELCOME10",
  carrier: "DHL",
  trackingNumber: "JD014600003",
  seller: "Holdfast Ceramics GmbH",
  sellerAddress: "Werkstraße 5",
  taxNumber: "DE123456789",
  footer: "Send back within 30 days what you do not like.\nThank you for buying from us.",
  problem: "A refund for order #1001 failed",
  whatToDo: [
    "$71.01 of order #1001 did not go back to the customer: the bank or Stripe refused it.",
    "Refund it again. If that fails too, agree with the customer on another way to return the money.",
    "The order: https://shop.example/orders/ord_01m8aw25qkz7tr55zh4bvke8cwr07c08c71b",
    "The payment: https://dashboard.stripe.com/payments/pi_3QK8bT2eZvKYlo2C1x9mRbqd",
    "Order ord_01m8aw25qkz7tr55zh4bvke8cwr07c08c71b, refund ref_01m8aw2m2vvxkhxe3y4zehz1yer3m2j7vjr2",
  ].join("\n"),
};
export type Written = Readonly<typeof WRITTEN>;

/** RFC 3339. */
export const AT = "2026-11-26T09:30:00.000Z";
const SHOP = "https://shop.example";
const ORDER_ID = "ord_01m8aw25qkz7tr55zh4bvke8cwr07c08c71b";

const usd = (amount: number) => ({ amount, currency: "USD" });
const yen = (amount: number) => ({ amount, currency: "JPY" });

export const IN_EUROS = { amount: 6500, currency: "EUR" };

export const GOODS_ALONE: Partial<Order> = {
  discountCode: null,
  discount: usd(0),
  shipping: usd(0),
  tax: usd(0),
  total: usd(6800),
};

export const REFUND: Order["refunds"][number] = {
  id: "ref_sample",
  status: "succeeded",
  amount: usd(7101),
  reason: "unspecified",
  source: "shop",
  items: [],
  createdAt: AT,
};

export const PARCEL: Order["fulfillments"][number] = {
  id: "ful_sample",
  carrier: null,
  trackingNumber: null,
  items: [
    { sku: "GESHA-17-BEAN-250", quantity: 2 },
    { sku: "CROCK-CLAY", quantity: 1 },
  ],
  createdAt: AT,
};

export const FREE: Partial<Order> = {
  ...GOODS_ALONE,
  discount: usd(6800),
  discountCode: "GIFT",
  total: usd(0),
};

const PAID = { paidAt: AT, includedTax: undefined, timeZone: "UTC" };
const RECEIPT_URL = `${SHOP}/orders/${ORDER_ID}/receipt?token=ot_sample`;

/** A receipt of a shop that has not said who sells. */
export const NO_SELLER: ReceiptDetails = {
  paid: PAID,
  settings: { seller: null, receipt: { footer: null } },
  receiptUrl: RECEIPT_URL,
};
export const TAX_INCLUDED: ReceiptDetails = {
  ...NO_SELLER,
  paid: { ...PAID, includedTax: usd(1086) },
};

export function receiptDetails({
  seller: name,
  sellerAddress,
  taxNumber,
  footer,
}: Written): ReceiptDetails {
  const seller = {
    ...{ name, taxNumber, registrationNumber: "HRB 12345, Amtsgericht Köln" },
    ...{ address: [sellerAddress, "50667 Köln"], country: "DE" as const },
    ...{ email: "hello@shop.example", phone: "+49 221 12345" },
  };
  return { paid: PAID, settings: { seller, receipt: { footer } }, receiptUrl: RECEIPT_URL };
}

export const PRODUCT_URL = `${SHOP}/products/gesha-lot-17`;

export function lowLevel({ title, variantTitle }: Written, available: number): NamedLevel {
  const named = { sku: "GESHA-17-BEAN-250", title, variantTitle, slug: "gesha-lot-17" };
  return { ...named, onHand: available + 2, reserved: 2, lowStockThreshold: 5 };
}

/** What a mail about this order is made of: two lines, a discount, delivery and tax, but for `change`. */
export function aboutOrder(written: Written, change: Partial<Order> = {}): AboutOrder {
  const order = { ...sampleOrder(written), ...change };
  return { order, orderUrl: `${SHOP}/orders/${order.id}?token=ot_sample` };
}

/** `name`: null of an address that nobody has proved. */
export function aboutAccount(name: string | null, path: string): AboutAccount {
  return { name, url: SHOP + path };
}

/** Names that no line can hold, and the longest sums. */
export function longNamed(written: Written): Partial<Order> {
  const { items } = sampleOrder(written);
  const title = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
  return {
    ...GOODS_ALONE,
    items: items.map((line) => ({
      ...line,
      title,
      variantTitle: title.toUpperCase(),
      price: yen(99_999_999),
      total: yen(99_999_999 * line.quantity),
    })),
    subtotal: yen(299_999_997),
    tax: yen(29_999_999),
    total: yen(329_999_996),
  };
}

function sampleOrder({ title, variantTitle, discountCode }: Written): Order {
  return {
    id: ORDER_ID,
    number: 1001,
    status: "paid",
    paymentStatus: "paid",
    fulfillmentStatus: "unfulfilled",
    attention: null,
    email: "ada@example.com",
    discountCode,
    shippingAddress: null,
    items: [
      lineOf({ sku: "GESHA-17-BEAN-250", title, variantTitle, quantity: 2 }, 2800),
      lineOf(
        { sku: "CROCK-CLAY", title: "Fermentation Crock", variantTitle: "2 litres", quantity: 1 },
        1200,
      ),
    ],
    subtotal: usd(6800),
    discount: usd(680),
    shipping: usd(490),
    tax: usd(491),
    total: usd(7101),
    refunded: usd(0),
    payments: [],
    refunds: [],
    fulfillments: [],
    createdAt: AT,
    updatedAt: AT,
  };
}

type Line = Order["items"][number];

function lineOf(
  line: Pick<Line, "sku" | "title" | "variantTitle" | "quantity">,
  unitAmount: number,
): Line {
  const { sku, quantity } = line;
  const kept = { productId: sku, requiresShipping: true };
  return { ...line, ...kept, price: usd(unitAmount), total: usd(unitAmount * quantity) };
}
