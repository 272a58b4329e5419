import { isFree } from "../../orders/index.ts";
import type { Letter } from "../letter/letter.ts";
import { type AboutOrder, orderLetter } from "./about-order.ts";

/** "We have your money, and this is yours." */
export function receipt(about: AboutOrder): Letter {
  const { order } = about;
  const heading = `Thank you. Order #${order.number} is ${isFree(order) ? "yours" : "paid"}.`;
  return orderLetter(about, { heading, order }, `Your receipt for order #${order.number}`);
}
