import type { Order } from "../../orders/index.ts";

/** What a mail says, in the order in which both of its parts say it. */
export interface Letter {
  readonly subject: string;
  /** Opens both parts. Without one, the subject stands above the HTML. */
  readonly heading?: string;
  /** Plain text; lines are kept. */
  readonly paragraphs?: readonly string[];
  readonly list?: readonly string[];
  /** Its lines and sums are shown. */
  readonly order?: Order;
  readonly action?: Action;
}

/** The one thing to do about it. */
export interface Action {
  readonly url: string;
  /** On the button. */
  readonly label: string;
  /** Before the address in the text; the label where none is given. */
  readonly inText?: string;
}
