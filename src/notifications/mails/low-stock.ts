import type { NamedLevel } from "../../inventory/index.ts";
import { lineName } from "../../orders/index.ts";
import type { Letter } from "../letter/letter.ts";

/** "This runs low." For those who run the shop. */
export function lowStock(level: NamedLevel, url: string): Letter {
  const { sku, onHand, reserved, lowStockThreshold: threshold } = level;
  const name = lineName(level);
  const left = onHand - reserved;
  const again = left > threshold ? " There is more again by now." : "";
  return {
    subject: `${name} runs low: ${left} left`,
    heading: `${name} runs low`,
    paragraphs: [
      `What is available of ${sku} has fallen to ${threshold} or below.${again}`,
      `Available: ${left}\nOn hand: ${onHand}\nReserved by customers: ${reserved}`,
      "You are told once. The next mail comes when it has been filled up and runs low again.",
    ],
    action: { url, label: "See its page" },
  };
}
