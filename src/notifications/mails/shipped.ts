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
  const named = (parcel?.items ?? []).map(({ sku, quantity }) => {
    const line = items.find((one) => one.sku === sku);
    const words = `${quantity} × ${line === undefined ? sku : lineName(line)}`;
    return { words, travels: line?.requiresShipping ?? true };
  });
  const travelling = named.filter(({ travels }) => travels).map(({ words }) => words);
  const others = named.filter(({ travels }) => !travels).map(({ words }) => words);
  if (travelling.length === 0 && others.length > 0)
    return orderLetter(about, {
      heading: `Order #${number} is ready for you`,
      paragraphs: ["This is ready for you, and needs no parcel."],
      list: others,
    });
  const also = others.length === 0 ? [] : [`Ready for you without a parcel: ${others.join(", ")}.`];
  return orderLetter(about, {
    heading: `Order #${number} is on its way`,
    paragraphs: [["We have sent this to you.", ...trackingWords(parcel), ...also].join(" ")],
    list: travelling,
  });
}

function trackingWords(parcel: Parcel | undefined): string[] {
  const { carrier, trackingNumber } = parcel ?? {};
  if (carrier && trackingNumber)
    return [`It travels with ${carrier}, tracking number ${trackingNumber}.`];
  if (carrier) return [`It travels with ${carrier}.`];
  return trackingNumber ? [`The tracking number is ${trackingNumber}.`] : [];
}
