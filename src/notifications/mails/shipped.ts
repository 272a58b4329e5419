import { lineName, type Order } from "../../orders/index.ts";
import type { PayloadOf } from "../../platform/outbox/topics.ts";
import type { Letter } from "../letter/letter.ts";
import { type AboutOrder, orderLetter } from "./about-order.ts";

type Parcel = Order["fulfillments"][number];

/** "It is on its way." */
export function shipped(
  about: AboutOrder,
  { fulfillmentId }: Pick<PayloadOf<"mail.shipped">, "fulfillmentId">,
): Letter {
  const { number, items, fulfillments } = about.order;
  const parcel = fulfillments.find(({ id }) => id === fulfillmentId);
  const names = new Map(items.map((line) => [line.sku, lineName(line)]));
  return orderLetter(about, {
    heading: `Order #${number} is on its way`,
    paragraphs: [["We have sent this to you.", ...trackingWords(parcel)].join(" ")],
    list: (parcel?.items ?? []).map(
      ({ sku, quantity }) => `${quantity} × ${names.get(sku) ?? sku}`,
    ),
  });
}

function trackingWords(parcel: Parcel | undefined): string[] {
  const { carrier, trackingNumber } = parcel ?? {};
  if (carrier && trackingNumber)
    return [`It travels with ${carrier}, tracking number ${trackingNumber}.`];
  if (carrier) return [`It travels with ${carrier}.`];
  return trackingNumber ? [`The tracking number is ${trackingNumber}.`] : [];
}
