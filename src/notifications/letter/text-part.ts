import { orderTableText } from "../../orders/index.ts";
import type { Letter } from "./letter.ts";

/** A letter as plain text, signed with the shop's name. */
export function textPart(letter: Letter, shopName: string): string {
  const { heading, paragraphs = [], list = [], order, action } = letter;
  const blocks = [
    heading,
    ...paragraphs,
    list.length === 0 ? undefined : list.join("\n"),
    order && orderTableText(order),
    action && `${action.inText ?? action.label}: ${action.url}`,
    shopName,
  ];
  return blocks.filter((block) => block !== undefined).join("\n\n");
}
