import {
  type Address,
  isFree,
  needParcel,
  type Order,
  type OrderEvent,
  type ShownOrder,
  takenOut,
} from "../../orders/index.ts";
import { countryName } from "../../platform/countries.ts";
import { isTakenByBank } from "./money-back-words.ts";

const STATUS_WORDS = {
  status: {
    pending_payment: "Waiting for payment",
    paid: "Placed",
    canceled: "Canceled",
    expired: "Not paid in time",
  },
  paymentStatus: {
    unpaid: "Not paid yet",
    processing: "Your bank is working on it",
    paid: "Paid",
    partially_refunded: "Partly refunded",
    refunded: "Refunded",
    disputed: "Disputed at your bank",
    failed: "Declined by your bank",
  },
  fulfillmentStatus: {
    unfulfilled: "Not sent yet",
    partially_fulfilled: "Partly sent",
    fulfilled: "Sent",
  },
} as const;

/** The three statuses, in words for people. */
export function statusesOf(
  order: ShownOrder,
): readonly { readonly label: string; readonly words: string }[] {
  const ended = order.status === "canceled" || order.status === "expired";
  const returning = ended && order.paymentStatus === "paid" && !isFree(order);
  const payment = returning ? "Being returned" : paymentWords(order);
  return [
    { label: "Order", words: STATUS_WORDS.status[order.status] },
    { label: "Payment", words: payment },
    { label: "Delivery", words: deliveryWords(order, ended) },
  ];
}

function deliveryWords(order: ShownOrder, ended: boolean): string {
  const { fulfillmentStatus, units } = order;
  const isOwed = !ended && units.some(({ owed }) => owed > 0);
  if (fulfillmentStatus === "unfulfilled")
    return isOwed && needParcel(order.items)
      ? STATUS_WORDS.fulfillmentStatus.unfulfilled
      : "Nothing will be sent";
  if (!needParcel(order.items)) return isOwed ? "Partly ready for you" : "Ready for you";
  if (fulfillmentStatus === "fulfilled" && units.some((unit) => takenOut(unit) > 0))
    return "Sent, without what was taken out";
  return STATUS_WORDS.fulfillmentStatus[fulfillmentStatus];
}

function paymentWords(order: Order): string {
  const { paymentStatus } = order;
  if (paymentStatus === "paid" && isFree(order)) return "Nothing to pay";
  if (!isTakenByBank(order)) return STATUS_WORDS.paymentStatus[paymentStatus];
  if (paymentStatus === "refunded") return "Taken back by your bank";
  if (paymentStatus === "partially_refunded") return "Partly taken back by your bank";
  return STATUS_WORDS.paymentStatus[paymentStatus];
}

/** One shipment: what is in it, and how it travels. */
export function shipmentWords(order: Order, shipment: Order["fulfillments"][number]): string {
  const what = namedItems(order, shipment.items);
  const { carrier, trackingNumber } = shipment;
  const how = [
    ...(carrier === null ? [] : [`with ${carrier}`]),
    ...(trackingNumber === null ? [] : [`tracking number ${trackingNumber}`]),
  ];
  return [what.join(", "), ...how].join(", ");
}

/** What will not be sent any more, though the order goes on. */
export function takenOutWords(order: ShownOrder): string[] {
  if (order.status !== "paid") return [];
  const out = order.units.map((unit) => ({ sku: unit.sku, quantity: takenOut(unit) }));
  return namedItems(
    order,
    out.filter(({ quantity }) => quantity > 0),
  );
}

function namedItems(
  order: Order,
  items: readonly { readonly sku: string; readonly quantity: number }[],
): string[] {
  const titles = new Map(order.items.map(({ sku, title }) => [sku, title]));
  return items.map(({ sku, quantity }) => `${quantity} × ${titles.get(sku) ?? sku}`);
}

/** Where a parcel goes, as it is written on it. */
export function addressLines(to: Address): string[] {
  const place = `${to.postalCode} ${to.city}`;
  const { name, line1, line2 = "", region = "", country } = to;
  return [name, line1, line2, place, region, countryName(country)].filter((line) => line !== "");
}

const EVENT_WORDS: Readonly<Record<OrderEvent["type"], string | undefined>> = {
  "order.created": "You placed the order",
  "order.paid": "Your payment arrived",
  "order.canceled": "The order was canceled",
  "order.expired": "The time for the payment ended",
  "order.fulfilled": "It was sent to you",
  "payment.processing": "You paid, and your bank took over",
  "payment.failed": "Your bank declined the payment",
  "payment.returned": "Your payment could not be used for the order: we are returning it",
  "payment.mismatched": "Your payment was not the amount of the order: we are returning it",
  "refund.created": "We made a refund for you",
  "refund.pending": "Your refund was handed to your bank",
  "refund.succeeded": "Your refund was sent",
  "dispute.opened": "Your bank asked for the payment back",
  "dispute.won": "Your bank decided that the payment stands",
  "dispute.lost": "Your bank took the payment back",
  "refund.failed": "A refund did not go through: a person is looking into it",
  // For those who run the shop.
  "order.restored": undefined,
  "refund.stuck": undefined,
  "dispute.contradicted": undefined,
  "attention.resolved": undefined,
  "receipt.requested": undefined,
  "customer.deleted": undefined,
  "note.added": undefined,
};

/** One entry of the history; undefined for what is not for customers. */
export function eventWords(order: Order, { type, data }: OrderEvent): string | undefined {
  if (type === "order.paid" && isFree(order)) return "It was yours: there was nothing to pay";
  if (type === "order.fulfilled" && !needParcel(order.items)) return "It was made ready for you";
  const ofNothing = type.startsWith("refund.") && isOfNothing(order, data);
  if (!ofNothing) return EVENT_WORDS[type];
  return type === "refund.created"
    ? "Something was taken out, for which no money goes back"
    : undefined;
}

/** Whether it is about a refund of no money, which only takes units out or back. */
function isOfNothing({ refunds }: Order, data: OrderEvent["data"]): boolean {
  return refunds.some(({ id, amount }) => id === data["refundId"] && amount.amount === 0);
}
