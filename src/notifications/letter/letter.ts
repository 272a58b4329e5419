import type { Order, OrderSum } from "../../orders/index.ts";

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
  /** What stands under its total. */
  readonly sums?: readonly OrderSum[];
  readonly action?: Action;
  /** What else there is to do, less loudly. */
  readonly also?: Action;
  /** Small, at the end. Plain text; lines are kept. */
  readonly small?: readonly string[];
}

/** The one thing to do about it. */
export interface Action {
  readonly url: string;
  /** On the button. */
  readonly label: string;
  /** Before the address in the text; the label where none is given. */
  readonly inText?: string;
}
