import type { PayloadOf } from "../../platform/outbox/topics.ts";
import type { Letter } from "../letter/letter.ts";

/** "Somebody has to look at this." For those who run the shop. */
export function operators({ subject, text }: PayloadOf<"mail.operators">): Letter {
  return { subject, paragraphs: [text] };
}
