import { orderTableText } from "../../orders/index.ts";
import type { Action, Letter } from "./letter.ts";

/** A letter as plain text, signed with the shop's name. */
export function textPart(letter: Letter, shopName: string): string {
  const { heading, paragraphs = [], list = [], order, sums, action, also, small = [] } = letter;
  const blocks = [
    heading,
    ...paragraphs,
    list.length === 0 ? undefined : list.join("\n"),
    order && orderTableText(order, sums),
    action && actionText(action),
    also && actionText(also),
    ...small,
    shopName,
  ];
  return blocks.filter((block) => block !== undefined).join("\n\n");
}

function actionText({ url, label, inText = label }: Action): string {
  return `${inText}: ${url}`;
}
