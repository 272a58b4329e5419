import type { Money } from "../platform/money.ts";
import type { Mark, VerifiedEvent } from "./news.ts";
import type { PaymentOrigin } from "./payment-session.ts";

/** A span of time at the provider, both ends included, in milliseconds. `after` is the last id that was read of it. */
export interface HistoryWindow {
  readonly from: number;
  readonly to: number;
  readonly after: string | null;
}

/**
 * Up to 100 of what happened, newest first. `next` is where the window goes on; null at its end. `answeredAt` is the
 * time at the provider, in milliseconds but told in whole seconds; null when it did not say.
 */
export interface HistoryPage<Item> {
  readonly items: readonly Item[];
  /** Ids of what cannot be read; it does not hold up the others. */
  readonly unreadable: readonly string[];
  readonly next: string | null;
  readonly answeredAt: number | null;
}

/** An event as the provider's list has it. */
export interface ListedEvent extends VerifiedEvent {
  /** JSON, as a webhook would have brought it. */
  readonly payload: string;
}

/** Money that moved on the provider's own books. */
export interface Movement {
  readonly kind: "payment" | "refund" | "other";
  /** Of the payment or the refund at the provider. */
  readonly id: string;
  readonly providerPaymentId: string | null;
  readonly mark: Mark;
  /** In the currency of the payment, before fees and exchange. */
  readonly money: Money;
}

/** What the provider remembers: events for 30 days, sessions for ever. Throws as the gateway does. */
export interface PaymentHistory {
  /** All that the shop acts on. */
  readonly listEvents: (window: HistoryWindow) => Promise<HistoryPage<ListedEvent>>;
  /** Sessions that were made in the window and that a customer has completed. */
  readonly listCompleted: (window: HistoryWindow) => Promise<HistoryPage<PaymentOrigin>>;
  readonly listMovements: (window: HistoryWindow) => Promise<HistoryPage<Movement>>;
}
